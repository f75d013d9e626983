using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transactions;

public sealed class NonInviteServerTests : IAsyncDisposable
{
    private readonly EdgeFixture _edge = new(options => (options.MaxTransactions, options.MaxCompleted) = (3, 2));
    private readonly FakeChannel _peer = new();

    private SipRequestReceived Ask(string branch = "z9hG4bK1", string method = "OPTIONS", string callId = "c1", string more = "")
    {
        _edge.Receive(Invite(branch, method, callId: callId, more: more), _peer);
        return _edge.Heard<SipRequestReceived>()[^1];
    }

    private void Answer(SipRequestReceived request, int status = 200) =>
        _edge.Edge.Respond(request.Transaction, SipResponse.For(request.Request, status).Build());

    [Fact]
    public void A_copy_before_the_answer_is_absorbed_and_after_it_answered_again()
    {
        var request = Ask();
        _edge.Receive(Invite(method: "OPTIONS"), _peer);
        Assert.Empty(_peer.Statuses());

        Answer(request);
        _edge.Receive(Invite(method: "OPTIONS"), _peer);

        Assert.Equal([200, 200], _peer.Statuses());
        Assert.Single(_edge.Heard<SipRequestReceived>());
        _edge.Time.Advance(32_100); // Timer J
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void On_a_connection_nothing_is_kept_after_the_answer()
    {
        var tcp = new FakeChannel(SipTransport.Tcp);
        _edge.Receive(Invite(method: "OPTIONS"), tcp);
        Answer(_edge.Heard<SipRequestReceived>()[0]);

        Assert.Equal([200], tcp.Statuses());
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void A_request_that_nobody_answers_is_forgotten()
    {
        var request = Ask();
        _edge.Time.Advance(32_100);
        Answer(request);

        Assert.Empty(_peer.Statuses());
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void One_more_than_the_table_holds_is_answered_503()
    {
        for (var number = 0; number < 3; number++) Ask("z9hG4bK" + number, callId: "c" + number);
        _edge.Receive(Invite("z9hG4bKmore", "OPTIONS", callId: "more"), _peer);

        var refusal = Assert.Single(_peer.Responses());
        Assert.Equal((503, "5"), (refusal.Status, refusal.Header("Retry-After")));
        Assert.Equal(3, _edge.Heard<SipRequestReceived>().Count);
    }

    [Fact]
    public void Answered_ones_give_way_to_newer_ones()
    {
        for (var number = 0; number < 10; number++) Answer(Ask("z9hG4bK" + number, callId: "c" + number));
        Assert.Equal(10, _peer.Statuses().Count);
        Assert.Equal(2, _edge.Edge.Open.Servers);

        _edge.Receive(Invite("z9hG4bK9", "OPTIONS", callId: "c9"), _peer);
        Assert.Equal([200], _peer.Statuses());
        Assert.Equal(10, _edge.Heard<SipRequestReceived>().Count);

        _edge.Time.Advance(32_100);
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Theory]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 0", "MESSAGE", 483)]
    [InlineData("sip:bob@127.0.0.1 SIP/2.0", "mailto:bob@127.0.0.1 SIP/2.0", "MESSAGE", 416)]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 70\nRequire: warp", "MESSAGE", 420)]
    [InlineData("CSeq: 1 MESSAGE", "CSeq: 1 INFO", "MESSAGE", 400)]
    [InlineData("SIP/2.0\r\n", "SIP/3.0\r\n", "MESSAGE", 505)]
    public void What_may_not_pass_is_answered_by_the_edge(string right, string wrong, string method, int status)
    {
        var text = Invite(method: method).ReplaceLineEndings("\r\n").Replace(right, wrong, StringComparison.Ordinal);
        _edge.Receive(text, _peer);
        _edge.Receive(text, _peer);

        var responses = _peer.Responses();
        Assert.Equal([status, status], responses.Select(response => response.Status));
        Assert.Equal(responses[0].To.Tag, responses[1].To.Tag);
        Assert.Equal(status == 420 ? "warp" : null, responses[0].Header("Unsupported"));
        Assert.Empty(_edge.Heard<SipRequestReceived>());
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void Options_with_no_hops_left_are_for_us()
    {
        _edge.Receive(Invite(method: "OPTIONS").Replace("Forwards: 70", "Forwards: 0", StringComparison.Ordinal), _peer);

        Assert.Single(_edge.Heard<SipRequestReceived>());
    }

    [Fact]
    public void An_ack_or_a_response_that_belongs_to_nothing_is_dropped()
    {
        _edge.Receive(Invite(method: "ACK"), _peer);
        _edge.Receive(SipResponse.For(Request(Invite()), 200).Build(), _peer);

        Assert.Empty(_peer.Statuses());
        Assert.Empty(_edge.Events);
    }

    public ValueTask DisposeAsync() => _edge.DisposeAsync();
}
