namespace Telephony.Runtime.Activations;

/// <summary>How a message gets on with the requests that an activation has begun and not ended.</summary>
internal enum Interleaving : byte
{
    /// <summary>Waits for every earlier one.</summary>
    None,

    /// <summary>Runs together with others of its kind.</summary>
    ReadOnly,

    /// <summary>Runs between the turns of any.</summary>
    Always,
}

/// <summary>A call, a timer's tick or a stream's items: begins with a turn, and ends when the task of that turn ends.</summary>
internal abstract class Message : WorkItem
{
    /// <summary>Neighbours in the activation's list of running messages.</summary>
    internal Message? NextRunning, PreviousRunning;

    internal abstract Interleaving Interleaving { get; }

    /// <summary>Whether the activation counts as used by it.</summary>
    internal virtual bool IsUse => true;

    /// <summary>Whether it is for the grain, and so for the next activation if this one goes first.</summary>
    internal virtual bool OutlivesActivation => true;

    /// <summary>It will never run: tells whoever waits for it.</summary>
    internal abstract void Reject(Exception reason);
}
