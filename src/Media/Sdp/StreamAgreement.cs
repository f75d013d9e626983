using System.Collections.Immutable;
using System.Net;

namespace Telephony.Media.Sdp;

/// <summary>What a leg's offer and answer agreed on (RFC 3264). Immutable; replaced whole at each answer.</summary>
/// <param name="Rtp">Where the peer receives; null: it wants nothing now (an address of zeros, RFC 3264 §8.4), or that is for ICE to find out.</param>
/// <param name="Rtcp">Where it receives RTCP; null as <paramref name="Rtp"/>. The same with <paramref name="IsRtcpMux"/>.</param>
/// <param name="IsRtcpMux">RTCP goes where RTP goes: both sides have said so (RFC 5761 §5.1.1).</param>
/// <param name="Direction">What the peer does: with <see cref="MediaDirection.SendOnly"/> it is sent nothing.</param>
/// <param name="Formats">Audio, preferred first: what we send, we send in the first. Never empty.</param>
/// <param name="TelephoneEvents">One for each clock (RFC 4733 §2.5.1.2); empty: the peer takes none.</param>
/// <param name="ComfortNoise">RFC 3389; null: the peer takes none.</param>
/// <param name="PacketTime">Milliseconds of audio in each packet that we send.</param>
internal sealed record StreamAgreement(
    IPEndPoint? Rtp, IPEndPoint? Rtcp, bool IsRtcpMux, MediaDirection Direction, ImmutableArray<AgreedFormat> Formats, ImmutableArray<AgreedFormat> TelephoneEvents,
    AgreedFormat? ComfortNoise, int PacketTime, StreamSecurity Security)
{
    /// <summary>Audio that we offered to a browser, and that its answer left out. Chromium sends the first of an offer that it knows at all, whatever
    /// <c>setCodecPreferences</c> left of its answer (against RFC 3264 §6.1); so it is listened to, and never sent.</summary>
    public ImmutableArray<AgreedFormat> Unanswered { get; init; } = [];
}
