using System.Collections.Immutable;
using Telephony.Media.Srtp;

namespace Telephony.Media.Sdp;

/// <summary>What a description of ours says of its audio.</summary>
/// <param name="PacketTime">Milliseconds; null: not said. So for <paramref name="MaxPacketTime"/>.</param>
/// <param name="Crypto">With our keys; empty without SDES.</param>
/// <param name="Setup">Null without DTLS.</param>
internal sealed record LocalStream(
    StreamKind Kind, string Protocol, ImmutableArray<RtpFormat> Formats, MediaDirection Direction, int? PacketTime, int? MaxPacketTime, bool IsRtcpMux,
    ImmutableArray<CryptoAttribute> Crypto, DtlsSetup? Setup, bool HasIce);
