namespace Telephony.Media;

/// <summary>How a leg's packets travel when we make the offer.</summary>
public enum MediaTransport
{
    /// <summary>RTP over UDP, with SDES-SRTP (RFC 4568) where <see cref="MediaSecurity"/> asks for it.</summary>
    Rtp,

    /// <summary>ICE (RFC 8445), DTLS-SRTP (RFC 5764) and one port for all (RFC 8834).</summary>
    WebRtc,
}
