namespace Telephony.Sip;

/// <summary>How SIP travels (RFC 3261 §18; WebSocket: RFC 7118).</summary>
public enum SipTransport { Udp, Tcp, Tls, Ws, Wss }

/// <summary>The way packets take to a peer (RFC 5626 §2): a remote address and, where the transport has connections, the connection.</summary>
/// <param name="Remote">Address and port of the peer, as <c>192.0.2.1:5060</c> or <c>[2001:db8::1]:5060</c>.</param>
/// <param name="Connection">The edge's number of the connection, never reused; 0 for UDP.</param>
/// <param name="Edge">The <see cref="ISipEdge.Id"/> of the edge that has it; edges fill it in.</param>
[GenerateSerializer, Immutable]
public sealed record SipFlow(
    [property: Id(0)] SipTransport Transport,
    [property: Id(1)] string Remote,
    [property: Id(2)] long Connection = 0,
    [property: Id(3)] string Edge = "");
