namespace Telephony.Sip;

/// <summary>
/// The way of responses when the one that their request came by is gone: a new connection to its source (RFC 3261 §18.2.2), and when that fails the servers that the Via's
/// sent-by names (RFC 3263 §5), the first that can be reached. Until it is found the last response waits here.
/// </summary>
/// <param name="source">Where the request came from.</param>
/// <param name="sentBy">Whom its Via names.</param>
internal sealed class WayBack(Routing routing, LookupQueue lookups, Destination source, SipTarget sentBy, string edge) : Channel(source.EndPoint)
{
    private readonly Lock _lock = new();
    private Channel? _way;
    private ReadOnlyMemory<byte> _waiting;
    private bool _isSearching;
    private bool _isLost;

    public override SipFlow Flow { get; } = new(source.Transport, source.EndPoint.ToString(), Edge: edge);

    public override bool IsOpen => !_isLost;

    public override bool TrySend(ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (_isLost) return false;
            if (_way?.TrySend(message) == true) return true;

            _waiting = message;
            if (_isSearching) return true;
            _isSearching = true;
        }

        _ = Search();
        return true;
    }

    private async Task Search()
    {
        if (await TryAny([source]) || lookups.TryAdd(sentBy, null, servers => _ = TryLast(servers))) return;
        Lose();
    }

    private async Task TryLast(IReadOnlyList<Destination> servers)
    {
        if (!await TryAny(servers)) Lose();
    }

    private async Task<bool> TryAny(IReadOnlyList<Destination> servers)
    {
        foreach (var server in servers)
        {
            if (routing.ChannelTo(server) is not { } way || way is Connection connection && !await connection.Opened) continue;

            lock (_lock)
            {
                if (!way.TrySend(_waiting)) continue;
                _way = way;
                _isSearching = false;
                _waiting = default;
                return true;
            }
        }

        return false;
    }

    private void Lose()
    {
        lock (_lock)
        {
            _isLost = true;
            _isSearching = false;
            _waiting = default;
        }
    }
}
