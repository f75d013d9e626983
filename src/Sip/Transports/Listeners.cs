using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Telephony.Sip;

/// <summary>What the edge listens on: UDP and TCP on one port, TLS on another, for each address that it binds; and how peers name these in return.</summary>
internal sealed class Listeners(
    SipEdgeOptions options, Connections connections, TlsPolicy tls, IReceiver receiver, SipMetrics metrics, ILogger log, TimeProvider clock) : IDisposable
{
    private readonly List<UdpListener> _udp = [];
    private IReadOnlyList<(AddressFamily Family, string Plain, string Tls)> _names = [];

    /// <summary>Host and port that peers reach us at (the sent-by of our Vias, RFC 3261 §18.1.1); empty before the start.</summary>
    /// <param name="family">The peer's; when we have no address of that one, we are known by the first.</param>
    public string Address(SipTransport transport, AddressFamily family = AddressFamily.Unspecified)
    {
        if (_names.Count == 0) return "";
        var name = _names[0];
        foreach (var other in _names)
        {
            if (other.Family == family) name = other;
        }

        return transport == SipTransport.Tls ? name.Tls : name.Plain;
    }

    /// <summary>Whether a Via's sent-by is one of ours (§18.1.2).</summary>
    public bool IsOurs(ReadOnlySpan<byte> sentBy)
    {
        foreach (var (_, plain, tls) in _names)
        {
            if (Ascii.Equals(sentBy, plain) || Ascii.Equals(sentBy, tls)) return true;
        }

        return false;
    }

    /// <summary>The socket that reaches an address of this family; null when there is none.</summary>
    public UdpListener? Udp(AddressFamily family) => _udp.Find(listener => listener.LocalEndPoint.AddressFamily == family);

    /// <exception cref="InvalidOperationException">An address can't be bound; says which and why.</exception>
    public void Start()
    {
        var addresses = options.Addresses() ?? throw new InvalidOperationException($"Telephony:Sip:Bind is '{options.Bind}'.");
        var port = options.Port;
        foreach (var address in addresses) port = Bind(address, port);
        var tlsPort = options.TlsPort == 0 ? port : BindTls(addresses, options.TlsPort ?? (options.Port == 0 ? 0 : options.Port + 1));
        _names = [.. addresses.DistinctBy(address => address.AddressFamily).Select(address => (address.AddressFamily, $"{Host(options, address)}:{port}", $"{Host(options, address)}:{tlsPort}"))];
        foreach (var listener in _udp) listener.Start();
    }

    public void Dispose()
    {
        foreach (var listener in _udp) listener.Dispose();
    }

    /// <summary>The hosts that a certificate of ours names.</summary>
    public static IReadOnlyList<string> CertificateHosts(SipEdgeOptions options)
    {
        var hosts = new List<string>();
        if (options.Addresses() is [var first, ..]) hosts.Add(Host(options, first).Trim('[', ']'));
        foreach (var local in new[] { "localhost", "127.0.0.1" })
        {
            if (!hosts.Contains(local)) hosts.Add(local);
        }

        return hosts;
    }

    private static string Host(SipEdgeOptions options, IPAddress bound)
    {
        if (options.Address is { } host && (!IPAddress.TryParse(host.Trim('[', ']'), out var own) || own.AddressFamily == bound.AddressFamily)) return host;

        var address = bound;
        if (bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any))
        {
            address = NetworkInterface.GetAllNetworkInterfaces()
                .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(card => card.GetIPProperties().UnicastAddresses)
                .Select(unicast => unicast.Address)
                .FirstOrDefault(own => own.AddressFamily == bound.AddressFamily && !own.IsIPv6LinkLocal)
                ?? (bound.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback);
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
    }

    // both transports on one port; with port 0, one that is free for both
    private int Bind(IPAddress address, int port)
    {
        for (var tries = port == 0 ? 20 : 1; ; tries--)
        {
            UdpListener? udp = null;
            var transport = SipTransport.Udp;
            try
            {
                udp = new UdpListener(options.Id, new(address, port), receiver, metrics, log, clock);
                transport = SipTransport.Tcp;
                var local = udp.LocalEndPoint;
                connections.Start(Connections.Bind(local), SipTransport.Tcp);
                _udp.Add(udp);
                Log.Listening(log, SipTransport.Udp, local.ToString());
                Log.Listening(log, SipTransport.Tcp, local.ToString());
                return local.Port;
            }
            catch (SocketException e)
            {
                udp?.Dispose();
                if (tries > 1) continue;
                throw new InvalidOperationException(
                    $"SIP can't listen on {transport} {new IPEndPoint(address, port)}: {e.Message}. Telephony:Sip:Bind must be an address of this machine, Telephony:Sip:Port a port that is free.", e);
            }
        }
    }

    private int BindTls(IReadOnlyList<IPAddress> addresses, int port)
    {
        tls.Load();
        foreach (var address in addresses)
        {
            try
            {
                var socket = Connections.Bind(new(address, port));
                var local = (IPEndPoint)socket.LocalEndPoint!;
                port = local.Port;
                connections.Start(socket, SipTransport.Tls);
                Log.Listening(log, SipTransport.Tls, local.ToString());
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException(
                    $"SIP can't listen on {SipTransport.Tls} {new IPEndPoint(address, port)}: {e.Message}. Telephony:Sip:TlsPort must be a port that is free (it is one above Telephony:Sip:Port unless it is set), or 0 for no TLS.", e);
            }
        }

        return port;
    }
}
