using Telephony.Runtime.Activations;

namespace Telephony.Runtime;

/// <summary>Lets grains go at random, to show what they keep in memory alone.</summary>
internal sealed class Chaos(int seed, double probability)
{
    private readonly Random _random = new(seed);

    internal bool MayGo(Activation activation)
    {
        if (activation.Class.IsObservers || activation.IsKept) return false;

        lock (_random) return _random.NextDouble() < probability;
    }
}
