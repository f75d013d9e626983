using System.Net;

namespace Telephony.Media.Sdp;

/// <summary>What we write of ourselves into a leg's descriptions.</summary>
/// <param name="FingerprintSha256">Of our DTLS certificate, in upper-case hexadecimal with colons; empty: DTLS is not there, and WebRTC is refused.</param>
internal sealed record LocalTransport(IPAddress Address, int RtpPort, int RtcpPort, string IceUfrag, string IcePassword, string FingerprintSha256)
{
    /// <summary>Without the password.</summary>
    public override string ToString() => $"{Address}:{RtpPort}";
}
