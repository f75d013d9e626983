namespace Telephony.Testing;

/// <summary>Counts what a test does to a simulation from outside. It counts until whoever awaits it is back among the turns, so that nobody can slip in between.</summary>
internal sealed class OutsideWork
{
    private int _count;

    internal bool IsGoingOn => Volatile.Read(ref _count) > 0;

    internal Task Do(Func<Task> work)
    {
        Interlocked.Increment(ref _count);
        var done = new TaskCompletionSource(); // its continuations are posted, or run, before SetResult returns
        _ = Complete();
        return done.Task;

        async Task Complete()
        {
            try
            {
                await work().ConfigureAwait(false);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
            finally
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }
}
