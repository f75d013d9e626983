using System.Net;

namespace Telephony.Sip;

/// <summary>Names that this machine knows by itself: those of hosts(5), and those that RFC 6761 keeps out of the DNS.</summary>
internal sealed class HostsFile(TimeProvider clock, string path = "/etc/hosts")
{
    private static readonly DnsAnswer Nothing = new(DnsOutcome.None, []);

    private readonly WatchedFile<Dictionary<string, List<IPAddress>>> _file = new(path, clock, Read);

    /// <summary>The answer to a question that no server is asked; null when one must be.</summary>
    public DnsAnswer? Find(DnsQuestion question)
    {
        if (DnsName.IsUnder(question.Name, "invalid")) return Nothing; // RFC 6761 §6.4
        var isLocal = DnsName.IsUnder(question.Name, "localhost"); // §6.3
        if (question.Type is not (DnsType.A or DnsType.Aaaa)) return isLocal ? Nothing : null;

        var family = question.Type == DnsType.A ? System.Net.Sockets.AddressFamily.InterNetwork : System.Net.Sockets.AddressFamily.InterNetworkV6;
        IReadOnlyList<IPAddress>? known = _file.Value.GetValueOrDefault(question.Name) ?? (isLocal ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : null);
        if (known is null) return null;

        var records = known.Where(address => address.AddressFamily == family).Select(address => new AddressRecord(question.Name, TimeSpan.Zero, address)).ToArray();
        return records.Length == 0 ? Nothing : new(DnsOutcome.Found, records);
    }

    private static Dictionary<string, List<IPAddress>> Read(IEnumerable<string> lines)
    {
        var all = new Dictionary<string, List<IPAddress>>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IPAddress.TryParse(words[0], out var address)) continue;
            foreach (var name in words.Skip(1).Select(DnsName.Normalize))
            {
                if (!all.TryGetValue(name, out var addresses)) all[name] = addresses = [];
                if (!addresses.Contains(address)) addresses.Add(address);
            }
        }

        return all;
    }
}
