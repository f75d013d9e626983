using Telephony.Runtime.Streams;

namespace Telephony.Runtime.Activations;

/// <summary>What only some activations have; kept apart so that the others stay small.</summary>
internal sealed class ActivationParts
{
    /// <summary>Guarded by itself: timers fire on any thread.</summary>
    internal readonly List<GrainTimer> Timers = [];

    internal readonly List<IStoredState> States = [];

    /// <summary>Handlers by subscription; touched in turns alone.</summary>
    internal Dictionary<StreamSubscription, StreamHandler>? Handlers;

    internal DeactivationReason Reason;

    /// <summary>Not idle before this timestamp of the runtime's clock.</summary>
    internal long KeptUntil = long.MinValue;
}
