using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transactions;

public sealed class InviteServerTests : IAsyncDisposable
{
    private readonly EdgeFixture _edge = new();
    private readonly FakeChannel _peer = new();

    private SipRequestReceived Offer(string more = "")
    {
        _edge.Receive(Invite(more: more), _peer);
        return _edge.Heard<SipRequestReceived>()[^1];
    }

    private void Answer(SipRequestReceived offer, int status, string? tag = "bt") =>
        _edge.Edge.Respond(offer.Transaction, SipResponse.For(offer.Request, status, toTag: tag).Build());

    private static string Ack(string branch, string toTag = "bt") => Invite(branch, "ACK", toTag: toTag);

    [Fact]
    public void An_invite_is_answered_100_at_once_and_passed_on_once()
    {
        Offer();
        _edge.Receive(Invite(), _peer);
        _edge.Receive(Invite(), _peer);

        Assert.Equal([100, 100, 100], _peer.Statuses());
        Assert.Single(_edge.Heard<SipRequestReceived>());
    }

    [Fact]
    public void A_copy_gets_the_last_response_again()
    {
        var offer = Offer();
        Answer(offer, 180);
        _peer.Statuses();

        _edge.Receive(Invite(), _peer);

        Assert.Equal([180], _peer.Statuses());
    }

    [Fact]
    public void A_failure_is_sent_again_until_its_ack_and_then_everything_ends()
    {
        var offer = Offer();
        Answer(offer, 486);
        _peer.Statuses();

        _edge.Time.Advance(500 + 1000 + 2000 + 4000 + 4000 + 100); // T1, doubling up to T2
        Assert.Equal([486, 486, 486, 486, 486], _peer.Statuses());

        _edge.Receive(Ack("z9hG4bK1"), _peer);
        _edge.Time.Advance(4000);
        Assert.Empty(_peer.Statuses());
        Assert.Empty(_edge.Heard<SipAckReceived>());

        _edge.Time.Advance(1500); // Timer I
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void A_failure_without_an_ack_ends_after_64_t1()
    {
        Answer(Offer(), 486);

        _edge.Time.Advance(32_100);

        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void A_2xx_is_sent_again_until_its_ack_which_the_owner_hears_once()
    {
        var offer = Offer();
        _edge.Edge.Claim(offer.Transaction, "leg 1");
        Answer(offer, 200);
        _edge.Time.Advance(1600);
        Assert.Equal([100, 200, 200, 200], _peer.Statuses());

        _edge.Receive(Ack("z9hG4bKother"), _peer);
        _edge.Receive(Ack("z9hG4bKother"), _peer);
        _edge.Time.Advance(20_000);

        Assert.Empty(_peer.Statuses());
        Assert.Equal("leg 1", Assert.Single(_edge.Heard<SipAckReceived>()).Owner);
        _edge.Time.Advance(20_000);
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
        Assert.Empty(_edge.Heard<SipAckTimedOut>());
    }

    [Fact]
    public void A_2xx_is_sent_again_on_a_connection_too()
    {
        var tcp = new FakeChannel(SipTransport.Tcp);
        _edge.Receive(Invite(), tcp);
        Answer(_edge.Heard<SipRequestReceived>()[0], 200);

        _edge.Time.Advance(1600);

        Assert.Equal([100, 200, 200, 200], tcp.Statuses());
    }

    [Fact]
    public void Without_an_ack_the_owner_hears_so_after_64_t1()
    {
        var offer = Offer();
        _edge.Edge.Claim(offer.Transaction, "leg 1");
        Answer(offer, 200);

        _edge.Time.Advance(32_100);

        Assert.Equal(new SipAckTimedOut("sip", offer.Transaction, "leg 1"), Assert.Single(_edge.Heard<SipAckTimedOut>()));
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void A_cancel_is_answered_and_passed_to_the_owner()
    {
        var offer = Offer();
        _edge.Edge.Claim(offer.Transaction, "leg 1");
        Answer(offer, 180);
        _peer.Statuses();

        _edge.Receive(Invite(method: "CANCEL"), _peer);

        var answer = Assert.Single(_peer.Responses());
        Assert.Equal((200, SipMethod.Cancel, "bt"), (answer.Status, answer.CSeq.Method, answer.To.Tag));
        Assert.Equal("leg 1", Assert.Single(_edge.Heard<SipCancelReceived>()).Owner);

        Answer(offer, 487);
        Assert.Equal([487], _peer.Statuses());
    }

    [Fact]
    public void A_cancel_that_comes_before_the_owner_is_not_lost()
    {
        var offer = Offer();
        _edge.Receive(Invite(method: "CANCEL"), _peer);
        Assert.Empty(_edge.Heard<SipCancelReceived>());

        _edge.Edge.Claim(offer.Transaction, "leg 1");

        Assert.Single(_edge.Heard<SipCancelReceived>());
    }

    [Fact]
    public void A_cancel_after_the_answer_changes_nothing()
    {
        var offer = Offer();
        _edge.Edge.Claim(offer.Transaction, "leg 1");
        Answer(offer, 200);

        _edge.Receive(Invite(method: "CANCEL"), _peer);

        Assert.Equal([100, 200, 200], _peer.Statuses());
        Assert.Empty(_edge.Heard<SipCancelReceived>());
    }

    [Fact]
    public void A_cancel_of_nothing_is_answered_481()
    {
        _edge.Receive(Invite(method: "CANCEL"), _peer);
        _edge.Receive(Invite(method: "CANCEL"), _peer);

        Assert.Equal([481, 481], _peer.Statuses());
    }

    [Fact]
    public void Only_the_first_final_response_is_sent()
    {
        var offer = Offer();
        Answer(offer, 486);
        Answer(offer, 200);
        Answer(offer, 180);

        Assert.Equal([100, 486], _peer.Statuses());
    }

    [Fact]
    public void The_same_request_by_another_way_is_answered_482()
    {
        Offer();
        _edge.Receive(Invite("z9hG4bKfork"), _peer);

        Assert.Equal([100, 482], _peer.Statuses());
        Assert.Single(_edge.Heard<SipRequestReceived>());
    }

    [Fact]
    public void An_invite_that_its_owner_forgets_is_answered_in_the_end()
    {
        Offer();
        _edge.Time.Advance(_edge.Options.Timers.Unanswered + TimeSpan.FromSeconds(1));

        Assert.Equal([100, 408], _peer.Statuses().Take(2));
        _edge.Time.Advance(40_000);
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void A_client_of_rfc_2543_is_served_without_a_branch()
    {
        var invite = Invite().Replace(";branch=z9hG4bK1", "", StringComparison.Ordinal);
        _edge.Receive(invite, _peer);
        _edge.Receive(invite, _peer);
        var offer = Assert.Single(_edge.Heard<SipRequestReceived>());
        Answer(offer, 404);

        _edge.Receive(Ack("").Replace(";branch=", "", StringComparison.Ordinal), _peer);
        _peer.Statuses();
        _edge.Time.Advance(6000);

        Assert.Empty(_peer.Statuses());
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void An_answer_whose_connection_is_gone_goes_where_the_via_says()
    {
        using var peer = new UdpPeer();
        var lost = new FakeChannel(SipTransport.Tcp);
        _edge.Receive(Invite().Replace("192.0.2.1:5060;branch", $"{peer.EndPoint};received=127.0.0.1;branch", StringComparison.Ordinal), lost);
        lost.IsBroken = true;
        _edge.Time.Advance(10);
        var offer = _edge.Heard<SipRequestReceived>()[0];
        var answer = SipResponse.For(offer.Request, 486).Build().ToString().Replace("received=192.0.2.1", "received=127.0.0.1", StringComparison.Ordinal);

        _edge.Edge.Respond(offer.Transaction, Response(answer));

        Assert.Equal(486, peer.Response().Status);
    }

    [Fact]
    public void A_transaction_of_an_earlier_run_can_be_answered_and_cancelled()
    {
        var invite = Request(Invite());
        const string name = "00000001-000000000000000000000000000000ff";
        using var peer = new UdpPeer();
        _edge.Edge.RestoreServer(name, invite, peer.Flow, "leg 1");
        _edge.Edge.RestoreServer(name, invite, peer.Flow, "leg 1");

        _edge.Receive(Invite(method: "CANCEL"), _peer);
        Assert.Equal("leg 1", Assert.Single(_edge.Heard<SipCancelReceived>()).Owner);

        _edge.Edge.Respond(name, SipResponse.For(invite, 487, toTag: "x").Build());
        Assert.Equal(487, peer.Response().Status);
        _edge.Receive(Ack("z9hG4bK1", "x"), _peer);
        _edge.Time.Advance(40_000);
        Assert.Equal(0, peer.Drain());
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    [Fact]
    public async Task A_cancel_is_answered_though_the_peers_tag_is_no_token()
    {
        await using var edge = new EdgeFixture();
        var peer = new FakeChannel();
        edge.Receive(Invite("z9hG4bK1", toTag: "@b"), peer);
        var invite = edge.Heard<SipRequestReceived>()[0];
        edge.Edge.Respond(invite.Transaction, SipResponse.For(invite.Request, 180).Build());
        peer.Responses();

        edge.Receive(Invite("z9hG4bK1", "CANCEL"), peer);

        Assert.Equal([200], peer.Statuses());
        Assert.Empty(edge.Faults);
    }
}
