using System.Collections.Immutable;
using Telephony.Media.Srtp;

namespace Telephony.Media.Sdp;

/// <summary>How a leg's packets are protected.</summary>
internal abstract record StreamSecurity;

/// <summary>They are in clear.</summary>
internal sealed record NoSecurity : StreamSecurity
{
    public static NoSecurity Instance { get; } = new();
}

/// <summary>SRTP with keys from the descriptions (RFC 4568).</summary>
internal sealed record Sdes(SrtpKeys Send, SrtpKeys Receive) : StreamSecurity;

/// <summary>SRTP with keys from a DTLS handshake (RFC 5764), behind ICE where the peer has it.</summary>
/// <param name="Remote">The peer's certificate has one of these (RFC 8122 §5).</param>
/// <param name="IsActive">We are the DTLS client (RFC 8842 §5.3).</param>
/// <param name="Ice">The peer's; null: it does none, and packets go where its description says. Other credentials than before are an ICE restart (RFC 8839 §4.4.1.1).</param>
internal sealed record Dtls(ImmutableArray<Fingerprint> Remote, bool IsActive, IceCredentials? Ice) : StreamSecurity;
