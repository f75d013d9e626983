using System.Net;

namespace Telephony.Sip;

/// <summary>A peer's UDP address, seen from one of our sockets.</summary>
internal sealed class UdpChannel(UdpListener listener, SocketAddress address, IPEndPoint remote) : Channel(remote)
{
    public override SipFlow Flow { get; } = new(SipTransport.Udp, remote.ToString(), Edge: listener.Edge);

    /// <summary>Datagrams may be lost, so this fails only when the socket refuses.</summary>
    public override bool TrySend(ReadOnlyMemory<byte> message) => listener.TrySend(message.Span, address);

    public override bool TrySend(ReadOnlySpan<byte> message) => listener.TrySend(message, address);
}
