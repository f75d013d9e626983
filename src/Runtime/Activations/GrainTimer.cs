namespace Telephony.Runtime.Activations;

/// <summary>A timer whose ticks are messages of its activation. A tick that is due while the one before runs waits for a full period after it.</summary>
internal abstract class GrainTimer(Activation activation, GrainTimerCreationOptions options) : IGrainTimer
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(0xfffffffe); // what ITimer takes

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly TimeSpan _due = Check(options.DueTime);
    private TimeSpan _period = CheckPeriod(options.Period);
    private ITimer? _timer;
    private int _changes;
    private bool _isPending, _wasMissed, _isDisposed;

    internal bool KeepsAlive => options.KeepAlive;

    internal void Start()
    {
        lock (_gate)
        {
            if (_isDisposed) return;

            using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow()) // a timer must not keep a request's values alive
            {
                _timer = activation.Class.Runtime.Time.CreateTimer(static timer => ((GrainTimer)timer!).Fire(), this, _due, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime);
        period = CheckPeriod(period);
        if (!activation.Remember(this)) return;

        lock (_gate)
        {
            if (_isDisposed) return;

            _period = period;
            _changes++;
            _timer?.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;

            _isDisposed = true;
            _timer?.Dispose();
        }

        activation.Forget(this);
        _stopped.Cancel();
    }

    protected abstract Task Call(CancellationToken cancellationToken);

    private static TimeSpan Check(TimeSpan time)
    {
        if (time != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, MaxTime);
        return time;
    }

    /// <summary>Zero means once, as it does in Orleans.</summary>
    private static TimeSpan CheckPeriod(TimeSpan period) => Check(period) == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;

    private void Fire()
    {
        Tick tick;
        lock (_gate)
        {
            if (_isDisposed) return;

            if (_isPending)
            {
                _wasMissed = true; // it was set again from within the callback, to a time before its end
                return;
            }

            _isPending = true;
            tick = new(this, _changes);
        }

        if (activation.Enqueue(tick) != Acceptance.Accepted) Rearm(tick); // full: try again a period later
    }

    private void Rearm(Tick tick)
    {
        lock (_gate)
        {
            _isPending = false;
            if (_isDisposed) return;

            if (tick.Changes != _changes)
            {
                if (_wasMissed) _timer!.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                _wasMissed = false;
                return;
            }

            if (_period != Timeout.InfiniteTimeSpan)
            {
                _timer!.Change(_period, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        activation.Forget(this); // it was for once; nobody may hold it any more
    }

    /// <summary>One call of the callback.</summary>
    private sealed class Tick(GrainTimer timer, int changes) : Message
    {
        internal int Changes => changes;

        internal override Interleaving Interleaving => timer.Interleaves ? Interleaving.Always : Interleaving.None;
        internal override bool IsUse => timer.KeepsAlive;
        internal override bool OutlivesActivation => false;

        internal override void Run(Activation activation) => _ = RunAsync(activation);

        internal override void Reject(Exception reason) { }

        public override string ToString() => "a timer";

        private async Task RunAsync(Activation activation)
        {
            try
            {
                if (!timer._isDisposed) await timer.Call(timer._stopped.Token);
            }
            catch (OperationCanceledException) when (timer._stopped.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                Log.TimerFailed(activation.Class.Runtime.Logger, e, activation);
            }

            activation.End(this);
            timer.Rearm(this);
        }
    }

    private bool Interleaves => options.Interleave;
}

/// <summary>A timer with its callback.</summary>
internal sealed class GrainTimer<TState>(Activation activation, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    : GrainTimer(activation, options)
{
    protected override Task Call(CancellationToken cancellationToken) => callback(state, cancellationToken);
}
