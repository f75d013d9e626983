using System.Diagnostics.Metrics;

namespace Telephony.Sip;

/// <summary>The meter <c>Telephony.Sip</c>.</summary>
internal sealed class SipMetrics : IDisposable
{
    private static readonly object[] Statuses = [.. Enumerable.Range(0, 700).Select(status => (object)status)];

    private readonly Meter _meter = new("Telephony.Sip");

    public SipMetrics(Func<int> servers, Func<int> clients, Func<int> connections)
    {
        Received = _meter.CreateCounter<long>("sip.messages.received", description: "Messages received and understood.");
        Sent = _meter.CreateCounter<long>("sip.messages.sent", description: "Messages given to a transport.");
        Malformed = _meter.CreateCounter<long>("sip.messages.malformed", description: "Datagrams and frames that are no SIP message.");
        Dropped = _meter.CreateCounter<long>("sip.messages.dropped", description: "Messages that belong to nothing or come from sources that are limited or banned, and connections that banned ones tried, by reason.");
        Retransmitted = _meter.CreateCounter<long>("sip.messages.retransmitted", description: "Messages sent again.");
        Absorbed = _meter.CreateCounter<long>("sip.messages.absorbed", description: "Copies of requests received again.");
        Refused = _meter.CreateCounter<long>("sip.requests.refused", description: "Requests answered by the edge itself, by status.");
        Offences = _meter.CreateCounter<long>("sip.offences", description: "What speaks against sources, by offence.");
        DnsQueries = _meter.CreateCounter<long>("sip.dns.queries", description: "Questions sent to DNS servers, by type and outcome.");
        Failovers = _meter.CreateCounter<long>("sip.failovers", description: "Requests that moved on to another server of their domain, by reason.");
        _meter.CreateObservableGauge("sip.transactions.server", servers);
        _meter.CreateObservableGauge("sip.transactions.client", clients);
        _meter.CreateObservableGauge("sip.connections", connections);
    }

    public Counter<long> Received { get; }

    public Counter<long> Sent { get; }

    public Counter<long> Malformed { get; }

    public Counter<long> Dropped { get; }

    public Counter<long> Retransmitted { get; }

    public Counter<long> Absorbed { get; }

    public Counter<long> Refused { get; }

    public Counter<long> Offences { get; }

    public Counter<long> DnsQueries { get; }

    public Counter<long> Failovers { get; }

    public void Gauge(string name, Func<long> value, string description) => _meter.CreateObservableGauge(name, value, description: description);

    public void Refuse(int status) => Refused.Add(1, new KeyValuePair<string, object?>("status", Statuses[status]));

    public void Drop(string reason) => Dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Dispose() => _meter.Dispose();
}
