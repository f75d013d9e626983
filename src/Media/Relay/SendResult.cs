namespace Telephony.Media.Relay;

/// <summary>What became of a packet to a peer.</summary>
internal enum SendResult
{
    Sent,

    /// <summary>The peer has no address yet, or wants nothing.</summary>
    Nowhere,

    /// <summary>The system refused: a full buffer, no way there.</summary>
    Failed,
}
