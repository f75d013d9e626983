namespace Telephony.Events;

/// <summary>Wakes one or more waiting loops. Setting it while nobody waits is remembered: no wake-up is lost.</summary>
internal sealed class Signal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = New();
    private bool _awaited;
    private long _count;

    /// <summary>Pass it to <see cref="After"/> to wait for what comes after this moment.</summary>
    public long Count => Interlocked.Read(ref _count);

    public void Set()
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            _count++;
            if (!_awaited) return;

            (_awaited, waiting, _next) = (false, _next, New());
        }

        waiting.SetResult();
    }

    /// <summary>Completes as soon as it was set more often than <paramref name="seen"/> times.</summary>
    public Task After(long seen)
    {
        lock (_gate)
        {
            if (_count > seen) return Task.CompletedTask;

            _awaited = true;
            return _next.Task;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
