using System.Net;

namespace Telephony.Sip;

/// <summary>Section <c>Telephony:Sip</c>.</summary>
public sealed class SipEdgeOptions
{
    /// <summary>The name that finds this edge again; the same after a restart. Default <c>sip</c>.</summary>
    public string Id { get; set; } = "sip";

    /// <summary>UDP and TCP port; 0 takes a free one. Default 5060.</summary>
    public int Port { get; set; } = 5060;

    /// <summary>The addresses to bind, parted by commas: IPv4 or IPv6, <c>0.0.0.0</c> and <c>::</c> for all. Default 127.0.0.1.</summary>
    public string Bind { get; set; } = "127.0.0.1";

    /// <summary>The host that peers reach this edge at, for Contact, Via and Record-Route. Default: the first of <see cref="Bind"/>, or this machine's address if that is all.</summary>
    public string? Address { get; set; }

    /// <summary>The key of <see cref="TagMac"/>, at least 32 bytes in base64. It must be the same after a restart for tags to stay good; a random one when empty.</summary>
    public string? TagKey { get; set; }

    /// <summary>Option tags that Require may name (RFC 3261 §8.2.2.3); others are answered 420.</summary>
    public ISet<string> Extensions { get; } = new HashSet<string>(["path", "replaces"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Server and client transactions that may be open, each; one more is answered 503. Default 100,000.</summary>
    public int MaxTransactions { get; set; } = 100_000;

    /// <summary>Answered requests that are remembered for copies of them; the oldest give way. Default 65,536.</summary>
    public int MaxCompleted { get; set; } = 65_536;

    /// <summary>Connections that may be open. Default 10,000.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Connections that one address may have open. Default 1,000.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 1_000;

    /// <summary>How long a connection may be silent. Longer than registrations last, or phones lose theirs. Default 65 minutes.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(65);

    /// <summary>How long a new connection may take to send its first whole message, and a connection to be made. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes that may wait to be written to one connection; a peer that reads slower is cut off. Default 1 MiB.</summary>
    public int MaxQueuedBytes { get; set; } = 1 << 20;

    /// <summary>Section <c>Telephony:Sip:Timers</c>.</summary>
    public SipTimerOptions Timers { get; set; } = new();

    /// <summary>Section <c>Telephony:Sip:Digest</c>.</summary>
    public DigestOptions Digest { get; set; } = new();

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
