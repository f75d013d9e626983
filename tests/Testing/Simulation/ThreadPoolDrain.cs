namespace Telephony.Testing;

/// <summary>Waits for what other threads have begun as far as that can be seen: code under test that leaves its context goes on there.</summary>
internal static class ThreadPoolDrain
{
    internal static async Task Once()
    {
        for (var i = 0; i < 3; i++)
        {
            var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ThreadPool.UnsafeQueueUserWorkItem(static passed => passed.SetResult(), passed, preferLocal: false);
            await passed.Task.ConfigureAwait(false);
        }
    }
}
