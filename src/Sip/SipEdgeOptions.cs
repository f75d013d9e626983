using System.Net;

namespace Telephony.Sip;

/// <summary>Section <c>Telephony:Sip</c> (RFC 3261 §18).</summary>
public sealed class SipEdgeOptions
{
    /// <summary>The name that finds this edge again; the same after a restart. Default <c>sip</c>.</summary>
    public string Id { get; set; } = "sip";

    /// <summary>UDP and TCP port; 0 takes a free one. Default 5060.</summary>
    public int Port { get; set; } = 5060;

    /// <summary>TLS port; 0 for no TLS. Default: one above <see cref="Port"/>, or a free one when that is 0.</summary>
    public int? TlsPort { get; set; }

    /// <summary>The addresses to bind, parted by commas: IPv4 or IPv6, <c>0.0.0.0</c> and <c>::</c> for all. Default 127.0.0.1.</summary>
    public string Bind { get; set; } = "127.0.0.1";

    /// <summary>The host that peers reach this edge at, for Contact, Via and Record-Route. Default: the first of <see cref="Bind"/>, or this machine's address if that is all.</summary>
    public string? Address { get; set; }

    /// <summary>The key of <see cref="TagMac"/>, at least 32 bytes in base64. It must be the same after a restart for tags to stay good; a random one when empty.</summary>
    public string? TagKey { get; set; }

    /// <summary>Our certificate, as a PEM file, its intermediates behind it; read again when it has changed. Empty: <see cref="DevelopmentCertificate"/>.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>The PEM file of the certificate's key. Empty: it is in <see cref="Certificate"/>.</summary>
    public string CertificateKey { get; set; } = "";

    /// <summary>Where the certificate is kept that is made when there is none, signed by itself, for its owner alone. Empty: it is made anew at each start.</summary>
    public string DevelopmentCertificate { get; set; } = "";

    /// <summary>Whether TLS peers that call us show a certificate of <see cref="ClientAuthorities"/>. Default: none.</summary>
    public SipClientCertificates ClientCertificates { get; set; }

    /// <summary>A PEM file of the authorities that sign our clients' certificates.</summary>
    public string ClientAuthorities { get; set; } = "";

    /// <summary>A PEM file of the authorities that sign certificates of servers that we call. Empty: this machine's.</summary>
    public string Authorities { get; set; } = "";

    /// <summary>Whether a server that we call may have signed its certificate itself. For development: nobody vouches for it then. Default false.</summary>
    public bool AllowSelfSigned { get; set; }

    /// <summary>Whether <c>*.example.com</c> in the certificate of a server that we call stands for any host there, as on the web. RFC 5922 §7.2 forbids it. Default false.</summary>
    public bool AllowWildcards { get; set; }

    /// <summary>
    /// Web origins whose pages may open a WebSocket, besides the server's own; parted by commas, such as <c>https://phone.example.com</c>; <c>*</c> for all. For the web
    /// server, which accepts it.
    /// </summary>
    public string Origins { get; set; } = "";

    /// <summary>Option tags that Require may name (RFC 3261 §8.2.2.3): those that are honoured. Others are answered 420, here and nowhere else.</summary>
    public ISet<string> Extensions { get; } = new HashSet<string>(["path", "outbound", "100rel", "timer"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Server and client transactions that may be open, each; one more is answered 503. Default 100,000.</summary>
    public int MaxTransactions { get; set; } = 100_000;

    /// <summary>Answered requests that are remembered for copies of them; the oldest give way. Default 65,536.</summary>
    public int MaxCompleted { get; set; } = 65_536;

    /// <summary>Connections that may be open. Default 10,000.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Connections that one address may have open. Default 1,000.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 1_000;

    /// <summary>How long a connection may be silent that somebody is registered by. Longer than registrations last, or phones lose theirs. Default 65 minutes.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(65);

    /// <summary>How long any other connection may be silent. Longer than sessions go without a refresh, or calls lose theirs. Default 20 minutes.</summary>
    public TimeSpan UnregisteredTimeout { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>How long a message may take to arrive that has begun. Default 30 s.</summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a new connection may take to shake hands and send its first whole message, and a connection to be made. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes that may wait to be written to one connection; a peer that reads slower is cut off. Default 1 MiB.</summary>
    public int MaxQueuedBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Bytes that messages over 4 KiB which have begun, and are not whole yet, may take in all connections together; a connection that needs more is cut off. Default 64 MiB.
    /// </summary>
    public long MaxBufferedBytes { get; set; } = 64 << 20;

    /// <summary>Section <c>Telephony:Sip:Timers</c>.</summary>
    public SipTimerOptions Timers { get; set; } = new();

    /// <summary>Section <c>Telephony:Sip:Digest</c>.</summary>
    public DigestOptions Digest { get; set; } = new();

    /// <summary>Section <c>Telephony:Sip:Defence</c>.</summary>
    public DefenceOptions Defence { get; set; } = new();

    /// <summary>Section <c>Telephony:Sip:Dns</c>.</summary>
    public DnsOptions Dns { get; set; } = new();

    /// <summary>Section <c>Telephony:Sip:Failover</c>.</summary>
    public FailoverOptions Failover { get; set; } = new();

    /// <summary><see cref="Origins"/>, parted.</summary>
    public IReadOnlyList<string> AllowedOrigins() => Origins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal IReadOnlyList<IPAddress>? Addresses()
    {
        var addresses = new List<IPAddress>();
        foreach (var text in Bind.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!IPAddress.TryParse(text, out var address)) return null;
            addresses.Add(address);
        }

        return addresses;
    }
}
