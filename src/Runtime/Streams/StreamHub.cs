namespace Telephony.Runtime.Streams;

/// <summary>One stream and its subscribers. Its lock makes every subscriber see the items in one order.</summary>
internal sealed class StreamHub
{
    private readonly StreamRegistry _registry;
    private readonly Lock _gate = new();
    private readonly List<StreamSubscription> _subscriptions = [];
    private bool _isClosed;

    internal StreamHub(StreamRegistry registry, string provider, StreamId id)
    {
        _registry = registry;
        Provider = provider;
        Id = id;
        foreach (var grainClass in registry.ImplicitOf(id)) _subscriptions.Add(new(this, registry, grainClass, id.GetKeyAsString(), isImplicit: true));
    }

    internal string Provider { get; }
    internal StreamId Id { get; }

    /// <summary>False if the stream has closed for want of subscribers: get it again.</summary>
    internal bool TryAdd(StreamSubscription subscription)
    {
        lock (_gate)
        {
            if (_isClosed) return false;

            _subscriptions.Add(subscription);
            return true;
        }
    }

    internal void Remove(StreamSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
            CloseIfEmpty();
        }
    }

    /// <summary>Removes an implicit subscription whose grain has gone; the next item brings it back.</summary>
    internal void RemoveIfQuiet(StreamSubscription subscription)
    {
        lock (_gate)
        {
            if (subscription.IsQuiet && _subscriptions.Remove(subscription)) CloseIfEmpty();
        }
    }

    /// <summary>Queues an item for each subscriber. False if the stream has closed: look it up again.</summary>
    internal bool TryPublish(object? item, StreamSequenceToken? token)
    {
        lock (_gate)
        {
            if (_isClosed) return false;

            foreach (var subscription in _subscriptions) subscription.Enqueue(item, token);
            return true;
        }
    }

    internal List<StreamSubscription> Where(Predicate<StreamSubscription> match)
    {
        lock (_gate) return _subscriptions.FindAll(match);
    }

    private void CloseIfEmpty()
    {
        if (_subscriptions.Count > 0) return;

        _isClosed = true;
        _registry.Remove(this);
    }
}
