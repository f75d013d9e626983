namespace Telephony.Media.Relay;

/// <summary>Ends when every media thread has passed by: then none of them still uses what was taken away before it was posted.</summary>
internal sealed class Quiescence(int threads)
{
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = threads;

    public Task Passed => _passed.Task;

    public void Pass()
    {
        if (Interlocked.Decrement(ref _left) == 0) _passed.SetResult();
    }
}
