using System.Net;

namespace Telephony.Sip;

/// <summary>Of a URI, what its server is found by (RFC 3263 §4).</summary>
/// <param name="Host">TARGET: the maddr, else the host; in lower case, IPv6 in brackets.</param>
/// <param name="Port">0 when the URI names none.</param>
/// <param name="Transport">The transport parameter; null when there is none. TLS for sips, whatever it runs over.</param>
/// <param name="IsSecure">Whether it is a sips URI.</param>
internal readonly record struct SipTarget(string Host, int Port, SipTransport? Transport, bool IsSecure)
{
    private const int DefaultPort = 5060, DefaultTlsPort = 5061;

    /// <summary>The address that the host is, if it is one.</summary>
    public IPAddress? Address => HostPort.TryAddress(System.Text.Encoding.ASCII.GetBytes(Host), out var address) ? address : null;

    /// <summary>The transport that needs no look-up (§4.1): that of the parameter, else the default one when the host is an address or the port is named.</summary>
    public SipTransport? KnownTransport => Transport ?? (Port != 0 || Address is not null ? IsSecure ? SipTransport.Tls : SipTransport.Udp : null);

    /// <summary>Reads the first Route's URI, else the Request-URI (RFC 3261 §8.1.2).</summary>
    public static bool TryOf(SipRequest request, out SipTarget target)
    {
        var route = request.Value(HeaderId.Route);
        if (route.IsEmpty) return TryOf(request.Span[request.Layout.Second], out target);

        target = default;
        return Lexer.NextElement(ref route, out var first) && NameAddressView.TryParse(first, out var address) && TryOf(address.Uri, out target);
    }

    /// <summary>Reads a sip or sips URI. False for others, and for those that nobody can call: a WebSocket's client is reached by its flow alone (RFC 7118 §5).</summary>
    public static bool TryOf(ReadOnlySpan<byte> text, out SipTarget target)
    {
        target = default;
        if (!UriView.TryParse(text, out var uri) || !uri.IsSip) return false;

        SipTransport? named = null;
        if (ParameterReader.TryFind(uri.Parameters, "transport"u8, out var name))
        {
            if (!Destination.TryTransport(name, out var transport) || transport is SipTransport.Ws or SipTransport.Wss) return false;
            named = transport;
        }

        var isSecure = Lexer.EqualsIgnoreCase(uri.Scheme, "sips"u8);
        if (isSecure && named is not null) named = SipTransport.Tls; // RFC 3261 §26.2.2
        var host = ParameterReader.TryFind(uri.Parameters, "maddr"u8, out var maddr) ? maddr : uri.Host;
        target = new(DnsName.Normalize(Lexer.Text(host)), uri.Port, named, isSecure);
        return true;
    }

    /// <summary>Reads whom the top Via names, for responses (§5).</summary>
    public static bool TryOfSender(SipMessage message, out SipTarget target)
    {
        target = default;
        if (!ViaView.TryParse(message.TopVia, out var via) || !Destination.TryTransport(via.Transport, out var transport) || transport is SipTransport.Ws or SipTransport.Wss) return false;

        target = new(DnsName.Normalize(Lexer.Text(via.Host)), via.Port, transport, IsSecure: false);
        return true;
    }

    /// <summary>The port of a server that nothing says more about (RFC 3261 §19.1.2).</summary>
    public static int DefaultPortOf(SipTransport transport) => transport is SipTransport.Tls or SipTransport.Wss ? DefaultTlsPort : DefaultPort;
}
