namespace Telephony.Sip;

/// <summary>Answers from hosts, from memory, and else from servers (RFC 1034 §5.3.3, as a stub). A question that is under way is not asked twice.</summary>
internal sealed class DnsResolver(HostsFile hosts, DnsClient client, DnsOptions options, TimeProvider clock) : IDnsLookup, IDisposable
{
    private const int MaxAliases = 8;
    private const int MaxUnderWay = 256;

    private static readonly TimeSpan FailureTtl = TimeSpan.FromSeconds(5); // RFC 2308 §7.1, RFC 9520 §3.2
    private static readonly TimeSpan StaleTtl = TimeSpan.FromSeconds(30); // RFC 8767 §5
    private static readonly TimeSpan StalePatience = TimeSpan.FromSeconds(1.8); // RFC 8767 §5, the client response timer

    private readonly DnsCache _cache = new(options.CacheSize, clock);
    private readonly Dictionary<DnsQuestion, Task<DnsAnswer>> _underWay = [];
    private readonly CancellationTokenSource _stop = new();

    public ValueTask<DnsAnswer> Ask(DnsQuestion question, CancellationToken stop)
    {
        if (hosts.Find(question) is { } local) return new(local);

        var isKnown = _cache.TryGet(question, out var known, out var isFresh);
        if (isFresh) return new(known!);

        var asking = AskOnce(question);
        return asking.IsCompletedSuccessfully ? new(asking.Result) : new(isKnown ? Soon(asking, known!, stop) : asking.WaitAsync(stop));
    }

    public void Dispose() => _stop.Cancel();

    // a late answer is of use to those who ask next
    private async Task<DnsAnswer> Soon(Task<DnsAnswer> asking, DnsAnswer stale, CancellationToken stop)
    {
        try
        {
            return await asking.WaitAsync(StalePatience, clock, stop);
        }
        catch (TimeoutException)
        {
            return stale;
        }
    }

    private Task<DnsAnswer> AskOnce(DnsQuestion question)
    {
        TaskCompletionSource<DnsAnswer> answering;
        lock (_underWay)
        {
            if (_underWay.TryGetValue(question, out var same)) return same;
            if (_underWay.Count >= MaxUnderWay) return Task.FromResult(DnsAnswer.Failed);
            answering = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _underWay.Add(question, answering.Task);
        }

        _ = Run(question, answering);
        return answering.Task;
    }

    private async Task Run(DnsQuestion question, TaskCompletionSource<DnsAnswer> answering)
    {
        var answer = DnsAnswer.Failed;
        try
        {
            answer = await AskServers(question);
        }
        catch (OperationCanceledException)
        {
            // the edge stops
        }
        finally
        {
            lock (_underWay) _underWay.Remove(question);
            answering.SetResult(answer);
        }
    }

    private async Task<DnsAnswer> AskServers(DnsQuestion question)
    {
        var name = question.Name;
        var records = new List<DnsRecord>();
        var ttl = options.MaxTtl;
        var aliases = 0;
        while (await client.Ask(question with { Name = name }, _stop.Token) is { } message)
        {
            var asked = name;
            while (Alias(message, name) is { } alias && ++aliases <= MaxAliases)
            {
                ttl = Lesser(ttl, alias.Ttl);
                name = alias.Target;
            }

            if (aliases > MaxAliases) break;
            records.AddRange(message.Answers.Where(record => record.Name == name && IsOf(record, question.Type)));
            if (records.Count > 0)
            {
                foreach (var record in records) ttl = Lesser(ttl, record.Ttl);
                return Remember(question, new(DnsOutcome.Found, records), Greater(ttl, options.MinTtl), options.MaxStale);
            }

            if (name != asked && message.Code == DnsCode.NoError && message.Authority is null) continue; // the server left the rest to us

            var negative = message.Authority is { } authority ? Lesser(authority.NegativeTtl, options.MaxNegativeTtl) : TimeSpan.Zero;
            return Remember(question, new(DnsOutcome.None, []), Greater(negative, options.MinTtl), TimeSpan.Zero);
        }

        if (!_cache.TryGet(question, out var stale, out _)) return Remember(question, DnsAnswer.Failed, FailureTtl, TimeSpan.Zero);
        _cache.KeepStale(question, StaleTtl);
        return stale;
    }

    private static AliasRecord? Alias(DnsMessage message, string name) => message.Answers.OfType<AliasRecord>().FirstOrDefault(record => record.Name == name);

    private static bool IsOf(DnsRecord record, DnsType type) => record switch
    {
        AddressRecord address => type == (address.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa),
        ServiceRecord => type == DnsType.Srv,
        PointerRecord => type == DnsType.Naptr,
        _ => false,
    };

    private static TimeSpan Lesser(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Greater(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private DnsAnswer Remember(DnsQuestion question, DnsAnswer answer, TimeSpan fresh, TimeSpan stale)
    {
        _cache.Set(question, answer, fresh, stale);
        return answer;
    }
}
