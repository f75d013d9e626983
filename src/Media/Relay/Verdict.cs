namespace Telephony.Media.Relay;

/// <summary>What a datagram's source is to a leg.</summary>
internal enum Verdict
{
    Stranger,

    /// <summary>Where the peer sends from.</summary>
    Peer,

    /// <summary>If the packet is a good one, this is where the peer sends from, from now on.</summary>
    Latch,
}
