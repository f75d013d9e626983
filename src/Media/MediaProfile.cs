using System.Collections.Immutable;

namespace Telephony.Media;

/// <summary>What a leg's peer is: how we offer to it, and what we insist on.</summary>
/// <param name="Codecs">By encoding name (<c>PCMA</c>, <c>opus</c>), preferred first; empty: the node's (<c>Telephony:Media:Codecs</c>).</param>
[GenerateSerializer, Immutable]
public sealed record MediaProfile(
    [property: Id(0)] MediaTransport Transport, [property: Id(1)] MediaSecurity Security, [property: Id(2)] ImmutableArray<string> Codecs)
{
    /// <summary>A phone: plain RTP is offered, SRTP answered where it is offered.</summary>
    public static MediaProfile Phone { get; } = new(MediaTransport.Rtp, MediaSecurity.Optional, []);

    /// <summary>A browser: ICE, DTLS and SRTP, always (RFC 8827 §6.5).</summary>
    public static MediaProfile Browser { get; } = new(MediaTransport.WebRtc, MediaSecurity.Required, []);
}
