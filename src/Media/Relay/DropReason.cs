namespace Telephony.Media.Relay;

/// <summary>Why a datagram went no further. The names in lower case are the meter's.</summary>
internal enum DropReason
{
    /// <summary>Neither RTP nor RTCP, or it does not fit in itself.</summary>
    Malformed,

    /// <summary>Longer than <see cref="MediaThread.MaxDatagram"/>.</summary>
    Oversized,

    /// <summary>From somewhere else than the peer.</summary>
    Stranger,

    /// <summary>The peer's address, but another source (SSRC) than the one that is speaking.</summary>
    Source,

    /// <summary>Heard before, or so late that nobody waits for it.</summary>
    Late,

    /// <summary>SRTP that fails its check or was replayed, or anything before there are keys.</summary>
    Forged,

    /// <summary>RTCP that says what can't be: more losses than packets, an answer to what was never sent.</summary>
    Untrue,

    /// <summary>A payload type that its listener has not agreed to.</summary>
    Payload,

    /// <summary>Who takes the packets of this leg does not keep up.</summary>
    Overflow,

    /// <summary>The system refused to send it.</summary>
    Unsent,
}
