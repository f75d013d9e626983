using System.Net;

namespace Telephony.Sip;

/// <summary>Asks one server after the other until one answers, by TCP when the answer is too long for a datagram.</summary>
internal sealed class DnsClient(DnsServers servers, IDnsExchange exchange, DnsOptions options, TimeProvider clock, SipMetrics metrics)
{
    private volatile IPEndPoint? _last; // who answered last is asked first

    /// <returns>An answer that says what there is or that there is nothing; null when nobody would.</returns>
    public async Task<DnsMessage?> Ask(DnsQuestion question, CancellationToken stop)
    {
        var all = servers.Current;
        for (var attempt = 0; attempt < options.Attempts; attempt++)
        {
            foreach (var server in all.OrderBy(server => server.Equals(_last) ? 0 : 1))
            {
                if (await AskOne(server, question, stop) is not { Code: DnsCode.NoError or DnsCode.NoSuchName } answer) continue;
                _last = server;
                return answer;
            }
        }

        return null;
    }

    private async Task<DnsMessage?> AskOne(IPEndPoint server, DnsQuestion question, CancellationToken stop)
    {
        var answer = await Exchange(server, question, isStream: false, isExtended: true, stop);
        if (answer?.Code is DnsCode.FormatError or DnsCode.NotImplemented) answer = await Exchange(server, question, isStream: false, isExtended: false, stop); // RFC 6891 §7
        if (answer is { Header.IsTruncated: true }) answer = await Exchange(server, question, isStream: true, isExtended: true, stop); // RFC 7766 §5
        return answer is { Header.IsTruncated: true } ? null : answer;
    }

    private async Task<DnsMessage?> Exchange(IPEndPoint server, DnsQuestion question, bool isStream, bool isExtended, CancellationToken stop)
    {
        if (!DnsQuery.TryMake(question, isExtended, out var query)) return null;

        using var patience = new CancellationTokenSource(options.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        DnsMessage? answer = null;
        try
        {
            answer = await exchange.Ask(server, query, isStream, both.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // no answer in time
        }

        metrics.DnsQueries.Add(1, new("type", question.Type.ToString()), new("outcome", answer?.Code.ToString() ?? "NoAnswer"));
        return answer;
    }
}
