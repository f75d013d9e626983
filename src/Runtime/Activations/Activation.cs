using Telephony.Runtime.Catalog;

namespace Telephony.Runtime.Activations;

/// <summary>
/// One grain (or observer) in memory: its queue, and the rule that one thread at a time runs its turns. It is the synchronization context of those turns, so that
/// every await comes back as a turn. Its own monitor guards the queue; whoever set <c>_isScheduled</c> runs the turns and alone touches the rest.
/// </summary>
internal sealed partial class Activation : GrainHost, IThreadPoolWorkItem
{
    internal readonly GrainClass Class;
    private readonly string _key;
    private object? _instance;

    private WorkQueue _ready; // the rest of async methods
    private WorkQueue _waiting; // messages that have not begun
    private int _queued; // how many those are
    private int _interleaving; // how many of them need not wait for the others
    private bool _isScheduled; // somebody runs turns, or is about to
    private bool _waitingNext; // a message had better begin than another ready turn run: neither starves the other
    private bool _mustGo;
    private bool _isStale; // nobody used it for long, but it was busy when that was found
    private volatile ActivationState _state;

    private Message? _running;
    private ushort _blocking, _writing; // of the running ones: those that do not interleave, and those of them that are not read-only
    private int _lastUsed;
    private ActivationParts? _parts;

    internal Activation(GrainClass grainClass, string key)
    {
        Class = grainClass;
        _key = key;
        _lastUsed = grainClass.Runtime.Quantum;
    }

    /// <summary>An activation that exists already: an observer.</summary>
    internal Activation(GrainClass grainClass, string key, object instance) : this(grainClass, key)
    {
        _instance = instance;
        _state = ActivationState.Active;
    }

    internal object Instance => _instance!;
    internal bool IsDead => _state == ActivationState.Dead;
    internal Message? Running => _running;
    internal bool IsIdle => !_isScheduled && _running is null && _queued == 0;
    private LocalRuntime Runtime => Class.Runtime;

    public override string PrimaryKey => _key;
    public override IGrainFactory GrainFactory => Runtime;
    public override IServiceProvider ServiceProvider => Runtime.ServiceProvider;
    public override T AsReference<T>() => LocalRuntime.GetReference<T>(Class, _key);

    public override string ToString() => $"{Class.Name}/{_key}";

    /// <summary>Queues a message behind those that came before.</summary>
    internal Acceptance Enqueue(Message message, bool isUnbounded = false)
    {
        lock (this)
        {
            if (_state == ActivationState.Dead) return Acceptance.Dead;
            if (_queued >= Runtime.Options.MaxQueuedMessages && !isUnbounded) return Acceptance.Full;

            Take(message);
            if (_isScheduled || !HasTurn()) return Acceptance.Accepted;

            _isScheduled = true;
        }

        Runtime.Scheduler.Schedule(this);
        return Acceptance.Accepted;
    }

    /// <summary>Begins a message on this thread, if the activation has nothing else to do. False if it must be queued.</summary>
    internal bool TryRunHere(Message message)
    {
        lock (this)
        {
            if (_isScheduled || _queued != 0 || _state != ActivationState.Active || _mustGo || _ready.First is not null || !MayBegin(message)) return false;

            _isScheduled = true;
            Begin(message);
        }

        var outer = Current;
        SetSynchronizationContext(this);
        message.Run(this);
        SetSynchronizationContext(outer);

        lock (this)
        {
            if (!HasTurn())
            {
                _isScheduled = false;
                return true;
            }
        }

        Runtime.Scheduler.Schedule(this);
        return true;
    }

    /// <summary>Runs turns: called by the scheduler, on one thread at a time.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        var outer = Current;
        SetSynchronizationContext(this);
        var turns = Runtime.Scheduler.TurnsAtOnce;
        bool hasMore;
        while (true)
        {
            WorkItem? item;
            lock (this)
            {
                item = turns-- > 0 ? Next() : null;
                hasMore = item is not null || HasTurn();
                _isScheduled = hasMore;
            }

            if (item is null) break;

            item.Run(this);
        }

        SetSynchronizationContext(outer);
        if (hasMore) Runtime.Scheduler.Schedule(this); // others want the thread, too
    }

    /// <summary>A message has ended. Called in a turn.</summary>
    internal void End(Message message)
    {
        if (message.PreviousRunning is { } previous) previous.NextRunning = message.NextRunning;
        else _running = message.NextRunning;
        if (message.NextRunning is { } next) next.PreviousRunning = message.PreviousRunning;
        message.NextRunning = message.PreviousRunning = null;

        if (!Interleaves(message))
        {
            _blocking--;
            if (message.Interleaving == Interleaving.None) _writing--;
        }

        if (message.IsUse) (_lastUsed, _isStale) = (Runtime.Quantum, false);
        if (_running is not null) return;

        var reason = _isStale && _queued == 0 ? "Nobody used it." : Runtime.Chaos?.MayGo(this) == true ? "At random, as the test wants it." : null;
        if (reason is null) return;

        lock (this) Go(new(DeactivationReasonCode.ActivationIdle, reason));
    }

    /// <summary>Awaits of a turn come back here.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        var turn = Turn.Rent(d, state);
        lock (this)
        {
            _ready.Enqueue(turn);
            if (_isScheduled) return;

            _isScheduled = true;
        }

        Runtime.Scheduler.Schedule(this);
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("A grain's turn cannot be waited for by blocking a thread.");

    public override SynchronizationContext CreateCopy() => this;

    private void Take(Message message)
    {
        _queued++;
        if (message.Interleaving == Interleaving.Always) _interleaving++;
        _waiting.Enqueue(message);
    }

    private bool Interleaves(Message message) => message.Interleaving == Interleaving.Always || Class.IsReentrant;

    private bool MayBegin(Message message) =>
        _blocking == 0 || Interleaves(message) || (message.Interleaving == Interleaving.ReadOnly && _writing == 0);

    private bool HasTurn() => _ready.First is not null || _state switch
    {
        ActivationState.Created => true,
        ActivationState.Active when _mustGo => _running is null,
        ActivationState.Active => _interleaving > 0 || (_waiting.First is Message first && MayBegin(first)),
        _ => false,
    };

    /// <summary>The next thing to do, or null. Holds the monitor.</summary>
    private WorkItem? Next()
    {
        switch (_state)
        {
            case ActivationState.Created:
                _state = ActivationState.Activating;
                return Lifecycle.Start;
            case ActivationState.Active when _mustGo && _running is null && _ready.First is null:
                _state = ActivationState.Deactivating;
                return Lifecycle.Stop;
            case ActivationState.Active when !_mustGo && (_waitingNext || _ready.First is null) && NextMessage() is { } message:
                _waitingNext = false;
                Begin(message);
                return message;
        }

        _waitingNext = true;
        return _ready.Dequeue();
    }

    /// <summary>Takes the message that may begin now: the first, or if that must wait the first that need not.</summary>
    private Message? NextMessage()
    {
        if (_waiting.First is not Message message) return null;

        if (MayBegin(message)) _waiting.Dequeue();
        else if (_interleaving > 0) message = _waiting.Dequeue(static item => ((Message)item).Interleaving == Interleaving.Always);
        else return null;

        _queued--;
        if (message.Interleaving == Interleaving.Always) _interleaving--;
        return message;
    }

    private void Begin(Message message)
    {
        if (_running is { } first)
        {
            message.NextRunning = first;
            first.PreviousRunning = message;
        }

        _running = message;
        if (Interleaves(message)) return;

        _blocking++;
        if (message.Interleaving == Interleaving.None) _writing++;
    }
}
