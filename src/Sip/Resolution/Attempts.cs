namespace Telephony.Sip;

/// <summary>
/// A request and the servers that may serve it, tried one after the other, each by a transaction and with a branch of its own (RFC 3263 §4.3); its owner knows them by one
/// name. Used by one thread at a time: under the lock of the transaction that is the last one.
/// </summary>
/// <param name="begin">Makes the transaction towards a server, and remembers it by its name; null when there is no way there.</param>
internal sealed class Attempts(
    IReadOnlyList<Destination> servers, FailoverOptions options, PutAside aside, SipMetrics metrics, Func<Attempts, Destination, ClientTransaction?, ClientTransaction?> begin)
{
    /// <summary>How many were tried, the one that is being tried counted.</summary>
    public int Count { get; private set; }

    /// <summary>How long the last one may be silent by UDP; none when there is no other.</summary>
    public TimeSpan UdpPatience => Count < servers.Count ? options.UdpPatience : TimeSpan.Zero;

    /// <summary>The transaction with the next server, not yet started; null when there is none left.</summary>
    /// <param name="last">The one that failed; null for the first.</param>
    public ClientTransaction? Next(ClientTransaction? last)
    {
        while (Count < servers.Count)
        {
            if (begin(this, servers[Count++], last) is { } next) return next;
        }

        return null;
    }

    /// <summary>As <see cref="Next"/>, after the last server failed: that is put aside.</summary>
    public ClientTransaction? NextAfter(ClientTransaction last, string reason, TimeSpan? retryAfter)
    {
        aside.Add(servers[Count - 1], reason, retryAfter);
        var next = Next(last);
        if (next is not null) metrics.Failovers.Add(1, new KeyValuePair<string, object?>("reason", reason));
        return next;
    }
}
