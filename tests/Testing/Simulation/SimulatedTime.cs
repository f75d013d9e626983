namespace Telephony.Testing;

/// <summary>A clock that stands still until it is told to go on. Timers fire in order while it does.</summary>
public sealed class SimulatedTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<SimulatedTimer> _due = [];
    private readonly List<TestSilo> _silos = [];
    private DateTimeOffset _now;
    private long _changes;

    /// <param name="start">The time to begin at; a Monday morning in 2026 if not said.</param>
    public SimulatedTime(DateTimeOffset? start = null) => Start = _now = start ?? new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Start { get; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer fires, or null.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            lock (_gate) return _due.Min?.Due;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets the time pass: each timer that is due on the way fires at its time, and what it caused settles before the next.</summary>
    public Task Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        return OutsideWork.Do(() => AdvanceTo(GetUtcNow() + span));
    }

    /// <summary>What goes on around the silos: a scenario's time must not go on by itself before that has ended.</summary>
    internal OutsideWork OutsideWork { get; } = new();

    /// <summary>Has a silo settle after timers have fired.</summary>
    internal void Attach(TestSilo silo)
    {
        lock (_gate) _silos.Add(silo);
    }

    internal void Detach(TestSilo silo)
    {
        lock (_gate) _silos.Remove(silo);
    }

    /// <summary>Fires all that is due next, wherever that takes the clock; no grain runs until all have fired. False if nothing is due, up to <paramref name="end"/>.</summary>
    internal bool FireNext(DateTimeOffset end)
    {
        if (TakeDue(end) is not { Count: > 0 } fired) return false;

        var silos = Silos();
        foreach (var silo in silos) silo.Scheduler.Pause();
        foreach (var timer in fired) timer.Fire();
        foreach (var silo in silos) silo.Scheduler.Resume();
        return true;
    }

    private async Task AdvanceTo(DateTimeOffset end)
    {
        do await Settle().ConfigureAwait(false);
        while (FireNext(end));

        lock (_gate)
        {
            if (_now < end) _now = end;
        }
    }

    private async Task Settle()
    {
        var silos = Silos();
        if (silos.Length == 0) await ThreadPoolDrain.Once().ConfigureAwait(false);
        foreach (var silo in silos) await silo.Rest().ConfigureAwait(false);
    }

    private TestSilo[] Silos()
    {
        lock (_gate) return [.. _silos];
    }

    /// <summary>Sets the clock to the next timer's time and takes all that are due then.</summary>
    private List<SimulatedTimer> TakeDue(DateTimeOffset end)
    {
        lock (_gate)
        {
            var taken = new List<SimulatedTimer>();
            if (_due.Min is not { } first || first.Due > end) return taken;

            if (first.Due > _now) _now = first.Due;
            while (_due.Min is { } timer && timer.Due <= _now)
            {
                _due.Remove(timer);
                taken.Add(timer);
            }

            return taken;
        }
    }

    private sealed class SimulatedTimer(SimulatedTime time, TimerCallback callback, object? state) : ITimer, IComparable<SimulatedTimer>
    {
        private TimeSpan _period;
        private long _change;
        private bool _isStopped;

        internal DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                if (_isStopped) return false;

                time._due.Remove(this);
                _period = period;
                _change = ++time._changes;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;

                Due = time._now + dueTime;
                time._due.Add(this);
                return true;
            }
        }

        public int CompareTo(SimulatedTimer? other) => other is null ? 1 : (Due, _change).CompareTo((other.Due, other._change));

        public void Dispose()
        {
            lock (time._gate)
            {
                _isStopped = true;
                time._due.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        internal void Fire()
        {
            lock (time._gate)
            {
                if (_isStopped) return;

                if (_period > TimeSpan.Zero)
                {
                    _change = ++time._changes;
                    Due = time._now + _period;
                    time._due.Add(this);
                }
            }

            callback(state);
        }
    }
}
