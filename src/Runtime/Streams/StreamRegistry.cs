using System.Collections.Concurrent;
using Telephony.Runtime.Activations;
using Telephony.Runtime.Catalog;

namespace Telephony.Runtime.Streams;

/// <summary>The streams that have subscribers, by provider and id.</summary>
internal sealed class StreamRegistry(LocalRuntime runtime)
{
    private readonly ConcurrentDictionary<(string Provider, StreamId Id), StreamHub> _hubs = [];
    private readonly Dictionary<string, List<GrainClass>> _implicit = [];
    private int _subscriptions;

    internal LocalRuntime Runtime => runtime;

    /// <summary>Takes in a class's implicit subscriptions. Before any use.</summary>
    internal void Add(GrainClass grainClass)
    {
        foreach (var ns in grainClass.StreamNamespaces)
        {
            if (!_implicit.TryGetValue(ns, out var classes)) _implicit.Add(ns, classes = []);
            classes.Add(grainClass);
        }
    }

    internal IReadOnlyList<GrainClass> ImplicitOf(StreamId id) => id.GetNamespace() is { } ns && _implicit.TryGetValue(ns, out var classes) ? classes : [];

    /// <summary>The stream, if it has subscribers.</summary>
    internal StreamHub? Find(string provider, StreamId id) =>
        _hubs.TryGetValue((provider, id), out var hub) ? hub : ImplicitOf(id).Count > 0 ? GetOrAdd(provider, id) : null;

    /// <summary>The stream, for one more subscriber. It may close before that comes: see <see cref="StreamHub.TryAdd"/>.</summary>
    internal StreamHub GetOrAdd(string provider, StreamId id) => _hubs.GetOrAdd((provider, id), static (key, registry) => new(registry, key.Provider, key.Id), this);

    internal void Remove(StreamHub hub) => _hubs.TryRemove(new((hub.Provider, hub.Id), hub));

    /// <summary>A number rather than a random id, so that a simulation can be repeated.</summary>
    internal Guid NextHandleId() => new(Interlocked.Increment(ref _subscriptions), 0, 0, new byte[8]);

    /// <summary>A mailbox for a subscriber that is no grain.</summary>
    internal Activation NewMailbox(object observer) => runtime.NewObserver(observer);
}
