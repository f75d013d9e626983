using System.Net;

namespace Telephony.Sip;

/// <summary>Section <c>Telephony:Sip:Dns</c> (RFC 3263 §4): how names of trunks and other domains are looked up.</summary>
public sealed class DnsOptions
{
    /// <summary>The DNS servers, parted by commas, as <c>192.0.2.53</c> or <c>127.0.0.1:5353</c>. Empty: those of <c>/etc/resolv.conf</c>, read again when it changes.</summary>
    public string Servers { get; set; } = "";

    /// <summary>How long one server may take to answer. Default 1 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many times all servers are asked before the question fails. Default 2.</summary>
    public int Attempts { get; set; } = 2;

    /// <summary>How long a request may wait until it is known where it goes. Default 10 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Answers that are remembered. Default 4,096.</summary>
    public int CacheSize { get; set; } = 4096;

    /// <summary>The least time that an answer is kept, whatever its TTL. Default 5 s.</summary>
    public TimeSpan MinTtl { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time that an answer is kept. Default 1 day.</summary>
    public TimeSpan MaxTtl { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The longest time that it is remembered that a name or record does not exist (RFC 2308 §5). Default 15 minutes.</summary>
    public TimeSpan MaxNegativeTtl { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long past its TTL an answer is good while no server gives a new one (RFC 8767 §5). Default 1 day; 0 for not at all.</summary>
    public TimeSpan MaxStale { get; set; } = TimeSpan.FromDays(1);

    /// <summary><see cref="Servers"/>, parted; null when one is no address.</summary>
    internal IReadOnlyList<IPEndPoint>? EndPoints()
    {
        var servers = new List<IPEndPoint>();
        foreach (var text in Servers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!DnsServers.TryParse(text, out var server)) return null;
            servers.Add(server);
        }

        return servers;
    }
}
