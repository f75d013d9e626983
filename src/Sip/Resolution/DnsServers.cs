using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Telephony.Sip;

/// <summary>Which servers are asked: those of the options, else those of resolv.conf(5), else the one on this machine.</summary>
internal sealed class DnsServers(DnsOptions options, TimeProvider clock, string path = "/etc/resolv.conf")
{
    private const int Port = 53, MaxServers = 8;

    private readonly IReadOnlyList<IPEndPoint> _configured = options.EndPoints() ?? [];
    private readonly WatchedFile<IReadOnlyList<IPEndPoint>> _file = new(path, clock, Read);

    public IReadOnlyList<IPEndPoint> Current => _configured.Count > 0 ? _configured : _file.Value;

    /// <summary>Reads an address, with a port or without.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? server)
    {
        server = IPEndPoint.TryParse(text, out var exact) ? exact : null;
        if (server is { Port: 0 }) server.Port = Port;
        return server is not null;
    }

    private static List<IPEndPoint> Read(IEnumerable<string> lines)
    {
        var servers = new List<IPEndPoint>();
        foreach (var line in lines)
        {
            if (line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is ["nameserver", var text, ..]
                && IPAddress.TryParse(text, out var address) && servers.Count < MaxServers)
            {
                servers.Add(new(address, Port));
            }
        }

        if (servers.Count == 0) servers.Add(new(IPAddress.Loopback, Port));
        return servers;
    }
}
