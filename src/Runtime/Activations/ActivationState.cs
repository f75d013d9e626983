namespace Telephony.Runtime.Activations;

/// <summary>The life of an activation, in this order; it may go from <see cref="Activating"/> to <see cref="Dead"/> at once.</summary>
internal enum ActivationState : byte
{
    Created,
    Activating,
    Active,
    Deactivating,
    Dead,
}

/// <summary>What became of a message.</summary>
internal enum Acceptance : byte
{
    Accepted,

    /// <summary>The activation is gone: ask the catalog for the next one.</summary>
    Dead,

    /// <summary>As many messages wait as may.</summary>
    Full,
}
