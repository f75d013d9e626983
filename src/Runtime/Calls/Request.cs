using Telephony.Runtime.Activations;
using Telephony.Runtime.Copying;

namespace Telephony.Runtime.Calls;

/// <summary>
/// One call of a grain: its arguments (in a generated subclass), its way to the activation, and its answer. Two hold on to it: the activation until the method has
/// ended, and the caller until it has the answer, which may be earlier (a timeout). When both let go, it is used again.
/// </summary>
internal abstract class Request(int method) : Message, IThreadPoolWorkItem
{
    private const int MaxDepth = 8; // calls within calls on one stack
    private const int MaxInARow = 64; // calls on the caller's thread before it must let others have it

    [ThreadStatic] private static int t_depth;
    [ThreadStatic] private static int t_inARow;

    internal readonly GrainMethod Method = GrainMethod.Get(method);

    private Action? _onEnded;
    private ExecutionContext? _context;
    private int _holders;
    private int _isSettled;
    private bool _isHere; // the first turn runs on the caller's thread, and the caller has not got a task yet

    internal GrainReference Target { get; private set; } = null!;

    /// <summary>The grain that calls; null if none does.</summary>
    internal Activation? Caller { get; private set; }

    /// <summary>Where it runs; null until it does.</summary>
    internal Activation? Executor { get; private set; }

    // Its place in a CallTimeouts, guarded by that.
    internal Request? NextTimeout, PreviousTimeout;
    internal CallTimeouts? Timeouts;
    internal long Deadline;

    internal sealed override Interleaving Interleaving => Method.Interleaving;

    private LocalRuntime Runtime => Target.Class.Runtime;
    protected DeepCopier? Copier => Target.Class.Runtime.Copier;

    public override string ToString() => $"{Target}.{Method.Name}";

    // Of the method's signature: generated.
    protected abstract void CopyArguments(DeepCopier copier);
    protected abstract void ClearArguments();

    // Of the method's return type.

    /// <summary>Calls the method. True if it has ended, with its outcome kept.</summary>
    protected abstract bool Begin(object grain);

    /// <summary>Has <paramref name="ended"/> called when the method ends, on the current synchronization context.</summary>
    protected abstract void WhenEnded(Action ended);

    /// <summary>Keeps the outcome of a method that ended later.</summary>
    protected abstract void Collect();

    /// <summary>Keeps a failure as the outcome.</summary>
    protected abstract void Collect(Exception failure);

    /// <summary>The outcome if it is a failure.</summary>
    protected abstract Exception? Failure { get; }

    /// <summary>Makes what the caller waits for.</summary>
    protected abstract void Open();

    /// <summary>Hands the outcome to the caller.</summary>
    protected abstract void Answer();

    /// <summary>Hands the caller a failure that is not the method's.</summary>
    protected abstract void Answer(Exception failure);

    protected abstract void Reset();

    /// <summary>Makes the call. True: it has ended, its outcome is kept here, and the request is the caller's alone. False: it goes on, or is one-way.</summary>
    protected bool Call(GrainReference target)
    {
        Target = target;
        var runtime = target.Class.Runtime;
        Caller = SynchronizationContext.Current as Activation;
        runtime.Metrics.Called();
        if (Caller is null && !runtime.AcceptsFromOutside)
        {
            Collect(new SiloUnavailableException("The runtime is stopping."));
            return true;
        }

        if (runtime.Copier is { } copier)
        {
            try
            {
                CopyArguments(copier);
            }
            catch (Exception e)
            {
                Collect(e);
                return true;
            }
        }

        if (Method.IsOneWay)
        {
            _holders = 1;
            Queue();
            return false;
        }

        if (runtime.Scheduler.RunsCallsHere && TryRunHere(target)) return _isHere;

        Suspend();
        Queue();
        return false;
    }

    /// <summary>After a <see cref="Call"/> that has ended.</summary>
    protected void Recycle()
    {
        ClearArguments();
        Reset();
        Target = null!;
        Caller = Executor = null;
        _context = null;
        _isSettled = 0;
        _isHere = false;
        RequestPool.Return(this);
    }

    internal sealed override void Run(Activation activation)
    {
        Executor = activation;
        if (Volatile.Read(ref _isSettled) != 0) // the caller gave up while it waited
        {
            activation.End(this);
            Release();
            return;
        }

        if (TryIn(_context, activation))
        {
            activation.End(this);
            if (!_isHere) Settle();
        }
        else
        {
            if (_isHere) Suspend();
            WhenEnded(_onEnded ??= OnEnded);
        }
    }

    internal sealed override void Reject(Exception reason)
    {
        Collect(reason);
        Settle();
    }

    /// <summary>Ends the wait of the caller, if nothing else has yet. Once true, the request stays alive for <see cref="TimeOut"/>. Called by its <see cref="CallTimeouts"/>, while in its list.</summary>
    internal bool TryExpire()
    {
        if (Interlocked.Exchange(ref _isSettled, 1) != 0) return false;

        Interlocked.Increment(ref _holders);
        return true;
    }

    internal void TimeOut(TimeoutException timeout)
    {
        Answer(timeout);
        Release();
    }

    /// <summary>The scheduler's answer to <see cref="Scheduling.TurnScheduler.ScheduleOutside"/>.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Answer();
        Release();
    }

    protected void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) Recycle();
    }

    private bool TryRunHere(GrainReference target)
    {
        if (t_depth >= MaxDepth) return false;
        if (++t_inARow > MaxInARow)
        {
            t_inARow = 0;
            return false;
        }

        if (target.Existing is not { } activation) return false;

        _isHere = true;
        t_depth++;
        var ran = activation.TryRunHere(this);
        t_depth--;
        if (!ran) _isHere = false;
        return ran;
    }

    /// <summary>Begins the method with the values (<see cref="AsyncLocal{T}"/>) that the caller had.</summary>
    private bool TryIn(ExecutionContext? context, Activation activation)
    {
        if (context is null || ExecutionContext.Capture() is not { } outer || context == outer) return Try(activation);

        ExecutionContext.Restore(context);
        var hasEnded = Try(activation);
        ExecutionContext.Restore(outer);
        return hasEnded;
    }

    private bool Try(Activation activation)
    {
        try
        {
            return Begin(activation.Instance);
        }
        catch (Exception e)
        {
            Collect(e);
            return true;
        }
    }

    private void OnEnded()
    {
        Collect();
        Executor!.End(this);
        Settle();
    }

    /// <summary>From here on the caller waits for an answer that comes later.</summary>
    private void Suspend()
    {
        _isHere = false;
        _holders = 2;
        Open();
        Runtime.TimeoutsOf(Method)?.Add(this);
    }

    private void Queue()
    {
        _context = ExecutionContext.Capture();
        try
        {
            while (true)
            {
                switch (Target.Resolve().Enqueue(this))
                {
                    case Acceptance.Accepted:
                        return;
                    case Acceptance.Full:
                        throw new LimitExceededException($"{Target} has {Runtime.Options.MaxQueuedMessages} messages waiting; it takes no more.");
                }
            }
        }
        catch (Exception e) when (e is LimitExceededException or ObjectDisposedException)
        {
            Runtime.Metrics.Refused();
            Reject(e);
        }
    }

    private void Settle()
    {
        if (Method.IsOneWay)
        {
            if (Failure is LimitExceededException) Log.OneWayRefused(Runtime.Logger, this); // the metric counts it; whoever floods a grain must not flood the log
            else if (Failure is { } failure) Log.OneWayFailed(Runtime.Logger, failure, this);
        }
        else
        {
            var isFirst = Interlocked.Exchange(ref _isSettled, 1) == 0;
            Timeouts?.Remove(this);
            if (isFirst)
            {
                if (Caller is null && Runtime.Scheduler.OrdersOutside)
                {
                    Runtime.Scheduler.ScheduleOutside(this);
                    return;
                }

                Answer();
            }
        }

        Release();
    }
}
