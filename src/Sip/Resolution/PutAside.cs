using Microsoft.Extensions.Logging;

namespace Telephony.Sip;

/// <summary>Servers that failed a short time ago, so that not every request finds that out anew (RFC 3263 §4.3).</summary>
internal sealed class PutAside(FailoverOptions options, TimeProvider clock, ILogger log)
{
    public const int MaxServers = 1024;

    private readonly Dictionary<Destination, (DateTimeOffset Until, bool IsRefusing)> _servers = [];
    private readonly Lock _lock = new();

    /// <param name="retryAfter">What a 503 asked for: nothing is sent there until then (RFC 3261 §21.5.4). Null: it only comes last.</param>
    public void Add(Destination server, string reason, TimeSpan? retryAfter)
    {
        var time = retryAfter is not { } wanted ? options.PutAside : wanted < options.MaxRetryAfter ? wanted : options.MaxRetryAfter;
        bool isNew;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            isNew = !IsAside(server, now, out _);
            if (isNew && _servers.Count >= MaxServers) MakeRoom(now);
            _servers[server] = (now + time, retryAfter is not null);
        }

        if (isNew) Log.PutAside(log, server.Transport, server.EndPoint.ToString(), time, reason);
    }

    /// <summary>The servers in the order to try them in: those that failed last, and those that asked for rest not at all.</summary>
    /// <param name="rest">When none is left, how long they all want to rest; null when that is not why.</param>
    public IReadOnlyList<Destination> Order(IReadOnlyList<Destination> servers, out TimeSpan? rest)
    {
        rest = null;
        lock (_lock)
        {
            if (_servers.Count == 0) return servers;

            var now = clock.GetUtcNow();
            var well = new List<Destination>();
            var failed = new List<(Destination Server, DateTimeOffset Until)>();
            foreach (var server in servers)
            {
                if (!IsAside(server, now, out var aside)) well.Add(server);
                else if (!aside.IsRefusing) failed.Add((server, aside.Until));
                else if (rest is null || aside.Until - now < rest) rest = aside.Until - now;
            }

            well.AddRange(failed.OrderBy(one => one.Until).Select(one => one.Server));
            if (well.Count > 0) rest = null;
            return well;
        }
    }

    private bool IsAside(Destination server, DateTimeOffset now, out (DateTimeOffset Until, bool IsRefusing) aside) => _servers.TryGetValue(server, out aside) && now < aside.Until;

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (server, aside) in _servers)
        {
            if (aside.Until <= now) _servers.Remove(server);
        }

        if (_servers.Count >= MaxServers) _servers.Remove(_servers.MinBy(one => one.Value.Until).Key);
    }
}
