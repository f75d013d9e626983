using Telephony.Runtime.Activations;
using Telephony.Runtime.Catalog;

namespace Telephony.Runtime.Calls;

/// <summary>What <see cref="IGrainFactory.GetGrain"/> gives: a generated subclass has the methods of the interface. Remembers the activation that it found last.</summary>
internal abstract class GrainReference(GrainClass grainClass, string key) : IAddressable, IEquatable<GrainReference>
{
    private volatile Activation? _activation;

    internal GrainClass Class => grainClass;
    internal string Key => key;

    /// <summary>The activation if there is one.</summary>
    internal Activation? Existing
    {
        get
        {
            if (_activation is { IsDead: false } known) return known;
            return _activation = grainClass.Find(key);
        }
    }

    /// <summary>The activation, made if there is none.</summary>
    internal virtual Activation Resolve()
    {
        if (_activation is { IsDead: false } known) return known;
        return _activation = grainClass.Get(key);
    }

    /// <summary>Points an observer's reference at its object.</summary>
    internal void Bind(Activation observer) => _activation = observer;

    public bool Equals(GrainReference? other) => other is not null && other.Class == grainClass && other.Key == key;

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => HashCode.Combine(grainClass, key);

    public override string ToString() => $"{grainClass.Name}/{key}";
}
