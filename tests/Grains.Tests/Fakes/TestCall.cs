using Telephony.Grains.Calls;
using Telephony.Sip;

namespace Telephony.Grains.Tests.Fakes;

/// <summary>One call in a <see cref="World"/>, from both ends.</summary>
internal sealed class TestCall(World world, CallId id, SipRequestReceived invite)
{
    private uint _cseq = 1;

    public CallId Id => id;

    public List<CallEvent> Events => world.EventsOf(id);

    /// <summary>What the caller was answered.</summary>
    public IEnumerable<int> Answers => world.Edge.Answers(invite.Transaction);

    public SipResponse LastAnswer => world.Edge.Responses.Last(r => r.Transaction == invite.Transaction).Response;

    /// <summary>The INVITEs to the callee's devices.</summary>
    public List<(string Transaction, SipRequest Request, SipFlow? Flow, string Owner)> Forks =>
        [.. world.Edge.Sent.Where(sent => sent.Request.Method == SipMethod.Invite && sent.Owner.Contains(id.ToString(), StringComparison.Ordinal))];

    public CallEnded? Ended => Events.OfType<CallEnded>().SingleOrDefault();

    /// <summary>A device answers its INVITE with any status.</summary>
    public async Task Answer(int fork, int status, string? sdp = null, SipResponseSource source = SipResponseSource.Wire, string? tag = null)
    {
        var (transaction, request, flow, owner) = Forks[fork];
        var response = SipResponse.For(request, status, toTag: tag ?? $"callee{fork}").Add("Contact", $"<sip:callee@{flow!.Remote}>");
        if (sdp is not null) response.Body(sdp, "application/sdp");
        world.Network.OnResponse(new SipResponseReceived(FakeEdge.Name, transaction, owner, response.Build(), source, flow));
        await world.Settle();
    }

    public Task PickUp(int fork = 0) => Answer(fork, 200, $"sdp of callee {fork}");

    public async Task Cancel()
    {
        var cancel = invite.Request.ToBuilder().Method(SipMethod.Cancel).CSeq(1).NoBody().Build();
        world.Network.OnCancel(new SipCancelReceived(FakeEdge.Name, invite.Transaction, world.Edge.Owners[invite.Transaction], cancel));
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
    public Task<string> FromCaller(SipMethod method, string? sdp = null, string? toTag = null) => Request(
        method, sdp, $"<sip:caller@x>;tag={invite.Request.From.Tag}", toTag ?? LastAnswer.To.Tag!, invite.Request.CallId, World.Flow(5070));

    /// <summary>A request of a callee's device in the dialog of its INVITE.</summary>
    public Task<string> FromCallee(SipMethod method, string? sdp = null, int fork = 0) => Request(
        method, sdp, $"<sip:callee@x>;tag=callee{fork}", Forks[fork].Request.From.Tag!, Forks[fork].Request.CallId, Forks[fork].Flow!);

    /// <summary>Everything that we asked of devices is answered with 200, so that nothing is open.</summary>
    public async Task AnswerAll()
    {
        foreach (var (transaction, request, flow, owner) in world.Edge.Sent.Where(sent => sent.Request.Method != SipMethod.Invite).ToList())
        {
            world.Network.OnResponse(new SipResponseReceived(FakeEdge.Name, transaction, owner, SipResponse.For(request, 200).Build(), SipResponseSource.Wire, flow));
        }

        await world.Settle();
    }

    private async Task<string> Request(SipMethod method, string? sdp, string from, string toTag, string callId, SipFlow flow)
    {
        var transaction = $"{method}-{from}-{++_cseq}";
        var request = SipRequest.Create(method, "sip:us@127.0.0.1:5060")
            .Add("From", from).Add("To", $"<sip:us@x>;tag={toTag}").Add("Call-ID", callId).CSeq(_cseq).Add("Contact", "<sip:peer@127.0.0.1:9>");
        if (sdp is not null) request.Body(sdp, "application/sdp");
        world.Network.OnRequest(new SipRequestReceived(FakeEdge.Name, transaction, request.Build(), flow));
        await world.Settle();
        return transaction;
    }
}
