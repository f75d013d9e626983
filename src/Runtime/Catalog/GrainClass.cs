using System.Collections.Concurrent;
using System.Reflection;
using Telephony.Runtime.Activations;

namespace Telephony.Runtime.Catalog;

/// <summary>A class of grains and its activations, at most one a key.</summary>
internal sealed class GrainClass
{
    private readonly ConcurrentDictionary<string, Activation> _activations = new(StringComparer.Ordinal);
    private readonly Lazy<Func<Activation, object>>? _create;

    /// <summary>A class that is found in an assembly.</summary>
    internal GrainClass(LocalRuntime runtime, Type type)
    {
        Runtime = runtime;
        Type = type;
        Name = type.Name;
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), true);
        HasActivate = Overrides(nameof(Grain.OnActivateAsync));
        HasDeactivate = Overrides(nameof(Grain.OnDeactivateAsync));
        StreamNamespaces = [.. type.GetCustomAttributes<ImplicitStreamSubscriptionAttribute>(true).Select(a => a.Namespace)];
        _create = new(() => GrainConstructor.Build(type, runtime.ServiceProvider));

        bool Overrides(string method) => type.GetMethod(method)!.DeclaringType != typeof(Grain);
    }

    /// <summary>The class of objects that are no grains but are called like one.</summary>
    internal GrainClass(LocalRuntime runtime, string name)
    {
        Runtime = runtime;
        Type = typeof(object);
        Name = name;
        StreamNamespaces = [];
    }

    internal LocalRuntime Runtime { get; }
    internal Type Type { get; }
    internal string Name { get; }
    internal bool IsObservers => _create is null;
    internal bool IsReentrant { get; }
    internal bool HasActivate { get; }
    internal bool HasDeactivate { get; }
    internal IReadOnlyList<string> StreamNamespaces { get; }

    /// <summary>Without a snapshot, and so without a lock.</summary>
    internal IEnumerable<Activation> Activations => _activations.Select(entry => entry.Value);

    /// <summary>Finds out now whether its grains can be made.</summary>
    internal void Prepare() => _ = _create!.Value;

    internal object Create(Activation activation) => _create!.Value(activation);

    /// <summary>The activation of a key, made if there is none.</summary>
    /// <exception cref="LimitExceededException">There are too many activations.</exception>
    internal Activation Get(string key)
    {
        if (_activations.TryGetValue(key, out var found)) return found;
        if (IsObservers) throw new ObjectDisposedException($"{Name}/{key}", "This observer's reference was deleted.");

        Runtime.CountActivation();
        var made = new Activation(this, key);
        var kept = _activations.GetOrAdd(key, made);
        if (kept != made) Runtime.UncountActivation();
        return kept;
    }

    internal Activation? Find(string key) => _activations.GetValueOrDefault(key);

    /// <summary>Removes an activation that has gone, or puts its successor in its place.</summary>
    internal void Replace(Activation gone, Activation? successor)
    {
        if (successor is not null) _activations.TryUpdate(gone.PrimaryKey, successor, gone);
        else if (_activations.TryRemove(new(gone.PrimaryKey, gone))) Runtime.UncountActivation();
    }
}
