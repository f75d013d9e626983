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
    internal void DeactivateIfIdle(int quantum)
    {
        lock (this)
        {
            if (_state != ActivationState.Active || _mustGo || _lastUsed - quantum > 0) return;
            if (_parts is { } parts && parts.KeptUntil > Runtime.Time.GetTimestamp()) return;

            _isStale = _isScheduled || _running is not null || _queued != 0; // if by nothing that counts as use, it goes after that
            if (_isStale) return;

            Go(new(DeactivationReasonCode.ActivationIdle, "Nobody used it."));
            _isScheduled = true;
        }

        Runtime.Scheduler.Schedule(this);
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
        if (!Remember(timer)) throw new InvalidOperationException($"{this} is going: it cannot have a timer any more.");

        timer.Start();
        return timer;
    }

    /// <summary>Takes a timer off the list of those that end with this activation: it does not tick any more.</summary>
    internal void Forget(GrainTimer timer)
    {
        lock (Parts.Timers) _parts!.Timers.Remove(timer);
    }

    /// <summary>Puts a timer back that was set again. False if the activation is going.</summary>
    internal bool Remember(GrainTimer timer)
    {
        lock (Parts.Timers)
        {
            if (_state >= ActivationState.Deactivating) return false;

            if (!_parts!.Timers.Contains(timer)) _parts.Timers.Add(timer);
            return true;
        }
    }

    internal PersistentState<T> AddState<T>(string name, IGrainStorage storage) where T : new()
    {
        var state = new PersistentState<T>(storage, name, _key);
        Parts.States.Add(state);
        return state;
    }

    /// <summary>Holds the monitor.</summary>
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
        }
    }

    private void FailToStart(Exception reason)
    {
        Log.ActivationFailed(Runtime.Logger, reason, this);
        StopTimers();
        DetachAll();
        WorkQueue refused;
        lock (this)
        {
            refused = _waiting;
            _waiting = default;
            _queued = _interleaving = 0;
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
        DetachAll();
        Activation? next = null;
        WorkQueue refused = default;
        lock (this)
        {
            while (_waiting.Dequeue() is Message message)
            {
                if (Class.IsObservers) refused.Enqueue(message);
                else if (message.OutlivesActivation) (next ??= new(Class, _key) { _isScheduled = true }).Take(message);
            }

            Die(next);
        }

        if (next is not null) Runtime.Scheduler.Schedule(next);
        while (refused.Dequeue() is Message message) message.Reject(new ObjectDisposedException(ToString()));
    }

    private void Die(Activation? next = null)
    {
        _state = ActivationState.Dead;
        _instance = null;
        _parts = null; // a reference may remember this activation for long
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
