using System.Net;

namespace Telephony.Sip;

/// <summary>A peer's UDP address, seen from one of our sockets.</summary>
/// <param name="flow">What it is called outside, when that is not <paramref name="remote"/>.</param>
internal sealed class UdpChannel(UdpListener listener, SocketAddress address, IPEndPoint remote, SipFlow? flow = null) : Channel(remote)
{
    private const int DefaultPort = 5060;

    private UdpChannel? _back;

    public override SipFlow Flow { get; } = flow ?? new(SipTransport.Udp, remote.ToString(), Edge: listener.Edge);

    /// <summary>
    /// To the port that sent-by names (§18.2.2), unless the peer asks for its source port (RFC 3581 §4), or is behind a NAT: then sent-by is not the address that it came from,
    /// and only the source port leads back. <c>maddr</c> is not followed: whoever may write there whom we answer has us send to anybody, and more than it sent.
    /// </summary>
    public override Channel Back(ReadOnlySpan<byte> topVia)
    {
        if (!ViaView.TryParse(topVia, out var via)) return this;

        var port = via.Port == 0 ? DefaultPort : via.Port;
        if (port == Remote.Port || ParameterReader.TryFind(via.Parameters, "rport"u8, out _) || !ViaStamp.IsSource(via, this)) return this;
        if (_back?.Remote.Port == port) return _back;

        var back = new IPEndPoint(Remote.Address, port);
        return _back = new(listener, back.Serialize(), back, Flow);
    }

    /// <summary>Datagrams may be lost, so this fails only when the socket refuses.</summary>
    public override bool TrySend(ReadOnlyMemory<byte> message) => listener.TrySend(message.Span, address);

    public override bool TrySend(ReadOnlySpan<byte> message) => listener.TrySend(message, address);
}
