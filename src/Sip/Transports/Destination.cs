using System.Net;

namespace Telephony.Sip;

/// <summary>Where a message goes that names no flow.</summary>
/// <param name="Host">As the URI names it, for TLS to check (RFC 5922 §7.3); empty where it doesn't matter.</param>
internal readonly record struct Destination(SipTransport Transport, IPEndPoint EndPoint, string Host = "")
{
    private const int DefaultPort = 5060, DefaultTlsPort = 5061;

    /// <summary>The first Route's URI, else the Request-URI (RFC 3261 §8.1.2). It must hold an address; a name needs RFC 3263.</summary>
    public static bool TryOf(SipRequest request, out Destination destination)
    {
        var route = request.Value(HeaderId.Route);
        if (route.IsEmpty) return TryOf(request.Span[request.Layout.Second], out destination);

        destination = default;
        return Lexer.NextElement(ref route, out var first) && NameAddressView.TryParse(first, out var address) && TryOf(address.Uri, out destination);
    }

    /// <summary>The way back, from the top Via, when the flow is gone (§18.2.2, RFC 3581 §4): <c>received</c>, and <c>rport</c> or the port of sent-by.</summary>
    public static bool TryBack(SipMessage message, out Destination destination)
    {
        destination = default;
        if (!ViaView.TryParse(message.TopVia, out var via) || !TryTransport(via.Transport, out var transport)) return false;

        var host = ParameterReader.TryFind(via.Parameters, "received"u8, out var received) ? received : via.Host;
        var port = via.Port;
        if (transport == SipTransport.Udp && ParameterReader.TryFind(via.Parameters, "rport"u8, out var rport) && Lexer.TryNumber(rport, 65535, out var number)) port = (int)number;
        return TryEndPoint(host, port, transport, out destination);
    }

    private static bool TryOf(ReadOnlySpan<byte> text, out Destination destination)
    {
        destination = default;
        if (!UriView.TryParse(text, out var uri) || !uri.IsSip) return false;

        var transport = SipTransport.Udp;
        if (ParameterReader.TryFind(uri.Parameters, "transport"u8, out var name) && !TryTransport(name, out transport)) return false;
        if (Lexer.EqualsIgnoreCase(uri.Scheme, "sips"u8)) transport = transport is SipTransport.Ws or SipTransport.Wss ? SipTransport.Wss : SipTransport.Tls; // §26.2.2

        var host = ParameterReader.TryFind(uri.Parameters, "maddr"u8, out var maddr) ? maddr : uri.Host;
        return TryEndPoint(host, uri.Port, transport, out destination);
    }

    // nobody calls a WebSocket client: what it names is a stand-in (RFC 7118 §5, .invalid), and its connection the only way
    private static bool TryEndPoint(ReadOnlySpan<byte> host, int port, SipTransport transport, out Destination destination)
    {
        destination = default;
        if (transport is SipTransport.Ws or SipTransport.Wss) return false;
        if (!HostPort.TryAddress(host, out var address)) return false;
        if (port == 0) port = transport == SipTransport.Tls ? DefaultTlsPort : DefaultPort;
        destination = new(transport, new IPEndPoint(address, port), transport == SipTransport.Tls ? address.ToString() : "");
        return true;
    }

    /// <summary>Reads the name of a transport, as Via and the transport parameter have it (RFC 3261 §25.1).</summary>
    public static bool TryTransport(ReadOnlySpan<byte> name, out SipTransport transport)
    {
        transport = SipTransport.Udp;
        if (Lexer.EqualsIgnoreCase(name, "UDP"u8)) return true;
        if (Lexer.EqualsIgnoreCase(name, "TCP"u8)) transport = SipTransport.Tcp;
        else if (Lexer.EqualsIgnoreCase(name, "TLS"u8)) transport = SipTransport.Tls;
        else if (Lexer.EqualsIgnoreCase(name, "WS"u8)) transport = SipTransport.Ws;
        else if (Lexer.EqualsIgnoreCase(name, "WSS"u8)) transport = SipTransport.Wss;
        else return false;
        return true;
    }
}
