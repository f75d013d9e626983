using Telephony.Media.Codecs;

namespace Telephony.Media.Sdp;

/// <summary>A format that both sides of a leg have. The payload types are equal, but where the answerer insists on one of its own (RFC 3264 §5.1).</summary>
/// <param name="Name">The encoding name, in the spelling of the peer; compared without regard to case.</param>
/// <param name="Clock">Ticks a second of RTP timestamps.</param>
/// <param name="SendPayloadType">What the peer expects from us: as its description says.</param>
/// <param name="ReceivePayloadType">What we expect from the peer: as ours says.</param>
/// <param name="Parameters">The peer's <c>a=fmtp</c>, which says what we may send; empty: none.</param>
/// <param name="Codec">Null: unknown here, it can only be relayed.</param>
internal sealed record AgreedFormat(
    string Name, int Clock, int Channels, byte SendPayloadType, byte ReceivePayloadType, string Parameters, AudioCodec? Codec);
