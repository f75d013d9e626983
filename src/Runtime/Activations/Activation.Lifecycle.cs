using Telephony.Runtime.Storage;

namespace Telephony.Runtime.Activations;

/// <summary>How an activation comes and goes.</summary>
internal sealed partial class Activation
{
    private ActivationParts Parts => _parts ?? Interlocked.CompareExchange(ref _parts, new(), null) ?? _parts;

    /// <summary>Asks it to go when its present requests have ended. Any thread.</summary>
    internal void Deactivate(DeactivationReason reason)
    {
        lock (this)
        {
            if (!Go(reason) || _isScheduled || !HasTurn()) return;

            _isScheduled = true;
        }

        Runtime.Scheduler.Schedule(this);
    }

    /// <summary>Asks it to go if nobody used it since <paramref name="quantum"/> and nothing keeps it.</summary>
    internal bool DeactivateIfIdle(int quantum)
    {
        lock (this)
        {
            if (_state != ActivationState.Active || _mustGo || _isScheduled || _running is not null || _queued != 0 || _lastUsed - quantum > 0) return false;
            if (_parts is { } parts && parts.KeptUntil > Runtime.Time.GetTimestamp()) return false;

            Go(new(DeactivationReasonCode.ActivationIdle, "Nobody used it."));
            _isScheduled = true;
        }

        Runtime.Scheduler.Schedule(this);
        return true;
    }

    public override void DeactivateOnIdle() => Deactivate(new(DeactivationReasonCode.ApplicationRequested, "It asked to go."));

    public override void DelayDeactivation(TimeSpan timeSpan) => Parts.KeptUntil =
        timeSpan < TimeSpan.Zero && timeSpan != Timeout.InfiniteTimeSpan ? long.MinValue
        : timeSpan == Timeout.InfiniteTimeSpan || timeSpan.TotalDays > 36500 ? long.MaxValue
        : Runtime.Time.GetTimestamp() + (long)(timeSpan.TotalSeconds * Runtime.Time.TimestampFrequency);

    /// <summary>Whether something says that this activation must not go although nobody calls it.</summary>
    internal bool IsKept
    {
        get
        {
            if (_parts is not { } parts) return false;
            if (parts.KeptUntil > Runtime.Time.GetTimestamp()) return true;
            lock (parts.Timers) return parts.Timers.Exists(timer => timer.KeepsAlive);
        }
    }

    public override IGrainTimer RegisterTimer<TState>(Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new GrainTimer<TState>(this, callback, state, options);
        lock (Parts.Timers)
        {
            if (_state >= ActivationState.Deactivating) throw new InvalidOperationException($"{this} is going: it cannot have a timer any more.");

            _parts!.Timers.Add(timer);
        }

        timer.Start();
        return timer;
    }

    internal void Forget(GrainTimer timer)
    {
        lock (Parts.Timers) _parts!.Timers.Remove(timer);
    }

    internal PersistentState<T> AddState<T>(string name, IGrainStorage storage) where T : new()
    {
        var state = new PersistentState<T>(storage, name, _key);
        Parts.States.Add(state);
        return state;
    }

    private bool Go(DeactivationReason reason)
    {
        if (_mustGo || _state >= ActivationState.Deactivating) return false;

        Parts.Reason = reason;
        return _mustGo = true;
    }

    private void Start()
    {
        try
        {
            _instance = Class.Create(this);
            if (!Class.HasActivate && _parts is not { States.Count: > 0 }) BecomeActive();
            else _ = StartAsync();
        }
        catch (Exception e)
        {
            FailToStart(e);
        }
    }

    private async Task StartAsync()
    {
        try
        {
            var work = ReadAndActivate();
            if (work.IsCompleted) await work;
            else await work.WaitAsync(Runtime.Options.LifecycleTimeout, Runtime.Time);
            BecomeActive();
        }
        catch (Exception e)
        {
            FailToStart(e);
        }

        async Task ReadAndActivate()
        {
            if (_parts is { } parts)
            {
                foreach (var state in parts.States) await state.ReadStateAsync(Runtime.Stopping);
            }

            await ((Grain)_instance!).OnActivateAsync(Runtime.Stopping);
        }
    }

    private void BecomeActive()
    {
        lock (this)
        {
            if (_state != ActivationState.Activating) return;

            _state = ActivationState.Active;
            _lastUsed = Runtime.Quantum;
            var waiting = _waiting;
            _waiting = default;
            while (waiting.Dequeue() is Message message)
            {
                if (Interleaves(message)) _ready.Enqueue(message);
                else _waiting.Enqueue(message);
            }
        }
    }

    private void FailToStart(Exception reason)
    {
        Log.ActivationFailed(Runtime.Logger, reason, this);
        StopTimers();
        WorkQueue refused;
        lock (this)
        {
            refused = _waiting;
            _waiting = default;
            _queued = 0;
            Die();
        }

        while (refused.Dequeue() is Message message) message.Reject(reason);
    }

    private void Stop()
    {
        StopTimers();
        if (Class.HasDeactivate) _ = StopAsync();
        else Leave();
    }

    private async Task StopAsync()
    {
        try
        {
            var work = ((Grain)_instance!).OnDeactivateAsync(_parts!.Reason, Runtime.Stopping);
            if (work.IsCompleted) await work;
            else await work.WaitAsync(Runtime.Options.LifecycleTimeout, Runtime.Time);
        }
        catch (Exception e)
        {
            Log.DeactivationFailed(Runtime.Logger, e, this);
        }

        Leave();
    }

    /// <summary>Gives the messages that came in the meantime to the next activation, ahead of any that come later.</summary>
    private void Leave()
    {
        Activation? next = null;
        lock (this)
        {
            if (_waiting.First is not null)
            {
                next = new(Class, _key) { _waiting = _waiting, _queued = _queued, _isScheduled = true };
                _waiting = default;
                _queued = 0;
            }

            Die(next);
        }

        if (next is not null) Runtime.Scheduler.Schedule(next);
    }

    private void Die(Activation? next = null)
    {
        _state = ActivationState.Dead;
        _instance = null;
        Class.Replace(this, next);
    }

    private void StopTimers()
    {
        if (_parts is not { } parts) return;

        GrainTimer[] timers;
        lock (parts.Timers) timers = [.. parts.Timers];
        foreach (var timer in timers) timer.Dispose();
    }

    private sealed class Lifecycle(Action<Activation> step) : WorkItem
    {
        internal static readonly Lifecycle Start = new(a => a.Start());
        internal static readonly Lifecycle Stop = new(a => a.Stop());

        internal override void Run(Activation activation) => step(activation);
    }
}
