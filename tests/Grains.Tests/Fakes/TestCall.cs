using Telephony.Grains.Calls;
using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Tests.Fakes;

/// <summary>One call in a <see cref="World"/>, from both ends.</summary>
internal sealed class TestCall(World world, CallId id, SipRequestReceived invite)
{
    private uint _cseq = 1;

    /// <summary>The same call and the same phones, after a restart.</summary>
    public TestCall In(World next) => new(next, id, invite) { _cseq = _cseq };

    public CallId Id => id;

    public List<CallEvent> Events => world.EventsOf(id);

    /// <summary>The caller knows RFC 3262.</summary>
    public bool TakesReliable => invite.Request.HasOption("Supported", "100rel") || invite.Request.HasOption("Require", "100rel");

    /// <summary>What the caller was answered.</summary>
    public IEnumerable<int> Answers => world.Edge.Answers(invite.Transaction);

    public SipResponse LastAnswer => world.Edge.Responses.Last(r => r.Transaction == invite.Transaction).Response;

    /// <summary>The INVITEs to the callee's devices.</summary>
    public List<(string Transaction, SipRequest Request, SipFlow? Flow, string Owner)> Forks =>
        [.. world.Edge.Sent.Where(sent => sent.Request.Method == SipMethod.Invite && sent.Owner.Contains(id.ToString(), StringComparison.Ordinal))];

    public CallEnded? Ended => Events.OfType<CallEnded>().SingleOrDefault();

    /// <summary>A device answers its INVITE with any status.</summary>
    public async Task Answer(int fork, int status, string? sdp = null, SipResponseSource source = SipResponseSource.Wire, string? tag = null, string? headers = null)
    {
        var (transaction, request, flow, owner) = Forks[fork];
        var response = SipResponse.For(request, status, toTag: tag ?? $"callee{fork}").Add("Contact", $"<sip:callee@{flow!.Remote}>");
        Add(response, headers);
        if (sdp is not null) response.Body(sdp, "application/sdp");
        world.Network.OnResponse(new SipResponseReceived(FakeEdge.Name, transaction, owner, response.Build(), source, flow));
        await world.Settle();
    }

    /// <summary>The requests of a method that we sent within this call's dialogs and before them.</summary>
    public List<(string Transaction, SipRequest Request, SipFlow? Flow, string Owner)> Sent(SipMethod method) =>
        [.. world.Edge.Sent.Where(sent => sent.Request.Method == method && sent.Owner.Contains(id.ToString(), StringComparison.Ordinal))];

    /// <summary>A phone answers the last request of a method that it got.</summary>
    public async Task Reply(SipMethod method, int status, string? sdp = null, string? headers = null)
    {
        var (transaction, request, flow, owner) = Sent(method)[^1];
        var response = SipResponse.For(request, status);
        Add(response, headers);
        if (sdp is not null) response.Body(sdp, "application/sdp");
        world.Network.OnResponse(new SipResponseReceived(FakeEdge.Name, transaction, owner, response.Build(), SipResponseSource.Wire, flow));
        await world.Settle();
    }

    /// <summary>The caller acknowledges our last reliable provisional response.</summary>
    public Task<string> Prack(string? sdp = null, int? rseq = null) =>
        FromCaller(SipMethod.Prack, sdp, headers: $"RAck: {rseq?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? LastAnswer.Header("RSeq")} 1 INVITE");

    public async Task PrackTimesOut()
    {
        world.Network.OnPrackTimedOut(new SipPrackTimedOut(FakeEdge.Name, invite.Transaction, world.Edge.Owners[invite.Transaction]));
        await world.Settle();
    }

    /// <summary>What we answered a request of a phone last.</summary>
    public SipResponse AnswerTo(string transaction) => world.Edge.Responses.Last(r => r.Transaction == transaction).Response;

    /// <summary>The media node notices something of a leg.</summary>
    public async Task Notice(int leg, MediaEventKind kind, Func<MediaEvent, MediaEvent>? more = null, string? node = null)
    {
        var address = new LegAddress(FakeConfiguration.Tenant, id, leg);
        var noticed = new MediaEvent(1, address.ToOwner(), id.ToString(), kind, world.Time.GetUtcNow());
        await world.Grain<ICallGrain>(address.CallKey).MediaNoticed(node ?? world.Media.Id, leg, more?.Invoke(noticed) ?? noticed);
        await world.Settle();
    }

    public Task PickUp(int fork = 0) => Answer(fork, 200, $"sdp of callee {fork}");

    public async Task Cancel()
    {
        var cancel = invite.Request.ToBuilder().Method(SipMethod.Cancel).CSeq(1).NoBody().Build();
        world.Network.OnCancel(new SipCancelReceived(FakeEdge.Name, invite.Transaction, world.Edge.Owners[invite.Transaction], cancel));
        await world.Settle();
    }

    /// <summary>The ACK of our 2xx to a re-INVITE.</summary>
    public async Task AckOf(string transaction)
    {
        var answer = AnswerTo(transaction);
        var ack = SipRequest.Create(SipMethod.Ack, "sip:us@127.0.0.1:5060").Add("From", answer.Header("From")!).Add("To", answer.Header("To")!).Add("Call-ID", answer.CallId).CSeq(answer.CSeq.Number);
        world.Network.OnAck(new SipAckReceived(FakeEdge.Name, transaction, world.Edge.Owners[transaction], ack.Build()));
        await world.Settle();
    }

    /// <summary>The CANCEL of a re-INVITE.</summary>
    public async Task CancelOf(string transaction)
    {
        var cancel = invite.Request.ToBuilder().Method(SipMethod.Cancel).CSeq(1).NoBody().Build();
        world.Network.OnCancel(new SipCancelReceived(FakeEdge.Name, transaction, world.Edge.Owners[transaction], cancel));
        await world.Settle();
    }

    public async Task AckTimesOut()
    {
        world.Network.OnAckTimedOut(new SipAckTimedOut(FakeEdge.Name, invite.Transaction, world.Edge.Owners[invite.Transaction]));
        await world.Settle();
    }

    public async Task Ack(string? sdp = null)
    {
        var ack = invite.Request.ToBuilder().Method(SipMethod.Ack).CSeq(1).NoBody();
        if (sdp is not null) ack.Body(sdp, "application/sdp");
        world.Network.OnAck(new SipAckReceived(FakeEdge.Name, invite.Transaction, world.Edge.Owners[invite.Transaction], ack.Build()));
        await world.Settle();
    }

    /// <summary>A request of the caller in the dialog that our last answer made.</summary>
    public Task<string> FromCaller(SipMethod method, string? sdp = null, string? toTag = null, string? headers = null, string contentType = "application/sdp") => Request(
        method, sdp, $"<sip:caller@x>;tag={invite.Request.From.Tag}", toTag ?? LastAnswer.To.Tag!, invite.Request.CallId, World.Flow(5070), headers, contentType);

    /// <summary>A request of a callee's device in the dialog of its INVITE.</summary>
    public Task<string> FromCallee(SipMethod method, string? sdp = null, int fork = 0, string? headers = null) => Request(
        method, sdp, $"<sip:callee@x>;tag=callee{fork}", Forks[fork].Request.From.Tag!, Forks[fork].Request.CallId, Forks[fork].Flow!, headers);

    /// <summary>Everything that we asked of devices is answered with 200, so that nothing is open.</summary>
    public async Task AnswerAll()
    {
        foreach (var (transaction, request, flow, owner) in world.Edge.Sent.Where(sent => sent.Request.Method != SipMethod.Invite).ToList())
        {
            world.Network.OnResponse(new SipResponseReceived(FakeEdge.Name, transaction, owner, SipResponse.For(request, 200).Build(), SipResponseSource.Wire, flow));
        }

        await world.Settle();
    }

    private async Task<string> Request(SipMethod method, string? sdp, string from, string toTag, string callId, SipFlow flow, string? headers, string contentType = "application/sdp")
    {
        var transaction = $"{method}-{from}-{++_cseq}";
        var request = SipRequest.Create(method, "sip:us@127.0.0.1:5060")
            .Add("From", from).Add("To", $"<sip:us@x>;tag={toTag}").Add("Call-ID", callId).CSeq(_cseq).Add("Contact", "<sip:peer@127.0.0.1:9>");
        Add(request, headers);
        if (sdp is not null) request.Body(sdp, contentType);
        world.Network.OnRequest(new SipRequestReceived(FakeEdge.Name, transaction, request.Build(), flow));
        await world.Settle();
        return transaction;
    }

    // "Name: value" lines
    private static void Add<TBuilder>(SipMessageBuilder<TBuilder> message, string? headers)
        where TBuilder : SipMessageBuilder<TBuilder>
    {
        foreach (var line in headers?.Split('\n') ?? [])
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            message.Add(line[..colon], line[(colon + 1)..].Trim());
        }
    }
}
