using System.Net;

namespace Telephony.Media.Sdp;

/// <summary>A stream of a description: its <c>m=</c> line (RFC 4566 §5.14) and where its other lines are.</summary>
/// <param name="Line">Of <c>m=</c>, among all lines.</param>
/// <param name="End">The line after its last one.</param>
/// <param name="Connection">Its own address, or the session's; null without either, or when that can't be used.</param>
/// <param name="Rtcp">From <c>a=rtcp</c> (RFC 3605); null: the port after RTP's.</param>
/// <param name="IsCarried">Audio over RTP that a relay can carry: switched on, and no keys in it that are for us to know (DTLS).</param>
internal sealed record MediaStream(
    int Line, int End, int Port, IPAddress? Connection, IPEndPoint? Rtcp, bool IsRtcpMux, MediaDirection Direction, bool IsCarried);
