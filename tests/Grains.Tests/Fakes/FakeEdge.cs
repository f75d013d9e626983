using Telephony.Sip;

namespace Telephony.Grains.Tests.Fakes;

/// <summary>The network as a list: what was sent is kept, what comes in is said by the test.</summary>
internal sealed class FakeEdge : ISipEdge
{
    public const string Name = "edge";

    public List<(string Transaction, SipResponse Response)> Responses { get; } = [];
    public List<(string Transaction, SipRequest Request, SipFlow? Flow, string Owner)> Sent { get; } = [];
    public List<(string Transaction, SipRequest Ack)> Acks { get; } = [];
    public List<string> Cancels { get; } = [];
    public Dictionary<string, string> Owners { get; } = [];
    public List<Offence> Offences { get; } = [];
    public List<string> Restored { get; } = [];

    /// <summary>What the edge may refresh by itself, by owner.</summary>
    public Dictionary<string, SipRegistration> Remembered { get; } = [];

    /// <summary>Who is to be told that a connection is gone.</summary>
    public HashSet<(SipFlow Flow, string Owner)> Watched { get; } = [];

    /// <summary>Hears at once of watches on connections that are not there.</summary>
    public Action<SipFlowClosed>? OnGone { get; set; }
    public HashSet<long> Gone { get; } = [];

    public string Id => Name;

    public string Address(SipTransport transport) => "127.0.0.1:5060";

    public string Address(SipFlow flow) => "127.0.0.1:5060";

    public void Claim(string transaction, string owner) => Owners[transaction] = owner;

    public void Respond(string transaction, SipResponse response) => Responses.Add((transaction, response));

    public void Send(string transaction, SipRequest request, SipFlow? flow, string owner) => Sent.Add((transaction, request, flow, owner));

    public void Acknowledge(string transaction, SipRequest ack, SipFlow? flow) => Acks.Add((transaction, ack));

    public void Cancel(string transaction) => Cancels.Add(transaction);

    public void Report(SipFlow flow, Offence offence) => Offences.Add(offence);

    public void Watch(SipFlow flow, string owner)
    {
        if (Gone.Contains(flow.Connection)) OnGone?.Invoke(new(Name, flow, [owner]));
        else if (flow.Connection != 0) Watched.Add((flow, owner));
    }

    public void Remember(SipRegistration registration) => Remembered[registration.Owner] = registration;

    public void Forget(string owner) => Remembered.Remove(owner);

    public void RestoreServer(string transaction, SipRequest invite, SipFlow flow, string owner) => Restored.Add(transaction);

    public void RestoreClient(string transaction, SipRequest invite, SipFlow? flow, string owner, string? branch = null) => Restored.Add(transaction);

    /// <summary>The statuses that a server transaction was answered with, in order.</summary>
    public IEnumerable<int> Answers(string transaction) => Responses.Where(r => r.Transaction == transaction).Select(r => r.Response.Status);
}
