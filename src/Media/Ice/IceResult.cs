namespace Telephony.Media.Ice;

/// <summary>What came of a datagram that looks like STUN.</summary>
internal enum IceResult
{
    /// <summary>Not for us, forged, malformed, or too many.</summary>
    Dropped,

    /// <summary>Taken; nothing is to be answered.</summary>
    Taken,

    /// <summary>A check: the answer is to be sent back.</summary>
    Answered,

    /// <summary>As <see cref="Answered"/>, and from now on packets go to where it came from.</summary>
    Nominated,
}
