using Telephony.Runtime.Activations;
using Telephony.Runtime.Catalog;

namespace Telephony.Runtime.Streams;

/// <summary>
/// One subscriber's place in a stream: the items that wait for it, and the message that hands them over, a batch at a time, as a request of the grain or of a
/// client's mailbox. A full queue loses its oldest item, and tells the observer.
/// </summary>
internal sealed class StreamSubscription : Message
{
    private const int Batch = 32;

    private readonly StreamRegistry _registry;
    private readonly GrainClass? _class; // null: a client's
    private readonly string? _key;
    private readonly Activation? _mailbox;
    private readonly Queue<(object? Item, StreamSequenceToken? Token)> _items = [];
    private bool _isDelivering, _isOver;
    private int _lost;

    internal StreamSubscription(StreamHub hub, StreamRegistry registry, GrainClass grainClass, string key, bool isImplicit)
    {
        (Hub, _registry, _class, _key, IsImplicit) = (hub, registry, grainClass, key, isImplicit);
        Id = registry.NextHandleId();
    }

    internal StreamSubscription(StreamHub hub, StreamRegistry registry, StreamHandler handler)
    {
        (Hub, _registry, _mailbox) = (hub, registry, registry.NewMailbox(handler));
        Id = registry.NextHandleId();
    }

    internal StreamHub Hub { get; }
    internal Guid Id { get; }
    internal bool IsImplicit { get; }

    internal bool IsQuiet
    {
        get
        {
            lock (_items) return !_isDelivering && _items.Count == 0;
        }
    }

    internal override Interleaving Interleaving => Interleaving.None;

    public override string ToString() => $"stream {Hub.Provider}/{Hub.Id}";

    internal bool IsOf(Activation? grain) => grain is null ? _class is null : grain.Class == _class && grain.PrimaryKey == _key;

    internal void Enqueue(object? item, StreamSequenceToken? token)
    {
        if (_registry.Runtime.Copier is { } copier) item = copier.Copy(item);
        lock (_items)
        {
            if (_isOver) return;

            if (_items.Count >= _registry.Runtime.Options.MaxQueuedStreamItems)
            {
                if (_lost++ == 0) Log.StreamItemsLost(_registry.Runtime.Logger, this, _class is null ? "client" : $"{_class.Name}/{_key}");
                _registry.Runtime.Metrics.Lost();
                _items.Dequeue();
            }

            _items.Enqueue((item, token));
            if (_isDelivering) return;

            _isDelivering = true;
        }

        Send();
    }

    /// <summary>Ends it: what waits is dropped.</summary>
    internal void End()
    {
        lock (_items)
        {
            _isOver = true;
            _items.Clear();
        }

        Hub.Remove(this);
        _mailbox?.Deactivate(new(DeactivationReasonCode.ApplicationRequested, "It has unsubscribed."));
    }

    internal override void Run(Activation activation) => _ = Deliver(activation);

    internal override void Reject(Exception reason)
    {
        lock (_items)
        {
            _isDelivering = false;
            _items.Clear();
        }
    }

    private async Task Deliver(Activation activation)
    {
        var handler = _mailbox is null ? activation.HandlerOf(this) : (StreamHandler)activation.Instance;
        for (var i = 0; i < Batch; i++)
        {
            (object? Item, StreamSequenceToken? Token) next;
            int lost;
            lock (_items)
            {
                if (!_items.TryDequeue(out next)) break;

                (lost, _lost) = (_lost, 0);
            }

            if (handler is null)
            {
                Log.StreamItemUnhandled(_registry.Runtime.Logger, this, activation);
                continue;
            }

            try
            {
                if (lost > 0) await handler.Fail(new LimitExceededException($"This subscriber was too slow for {this}: it lost {lost} items."));
                await handler.Handle(next.Item, next.Token);
            }
            catch (Exception e)
            {
                Log.StreamHandlerFailed(_registry.Runtime.Logger, e, this, activation);
            }
        }

        activation.End(this);
        bool hasMore;
        lock (_items) hasMore = _isDelivering = _items.Count > 0;
        if (hasMore) Send();
        else if (handler is null && IsImplicit) Hub.RemoveIfQuiet(this);
    }

    private void Send()
    {
        try
        {
            Acceptance acceptance;
            do
            {
                acceptance = (_mailbox ?? _class!.Get(_key!)).Enqueue(this, isUnbounded: true); // there is but one of it
            }
            while (acceptance == Acceptance.Dead && _mailbox is null);
        }
        catch (LimitExceededException e)
        {
            Reject(e);
        }
    }
}
