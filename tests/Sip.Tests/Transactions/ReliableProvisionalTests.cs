using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transactions;

/// <summary>Reliable provisional responses, as the edge sends them (RFC 3262 §3).</summary>
public sealed class ReliableProvisionalTests : IAsyncDisposable
{
    private readonly EdgeFixture _edge = new();
    private readonly FakeChannel _peer = new();

    private SipRequestReceived Offer(Channel? from = null)
    {
        _edge.Receive(Invite(more: "Supported: 100rel\n"), from ?? _peer);
        var offer = _edge.Heard<SipRequestReceived>()[^1];
        _edge.Edge.Claim(offer.Transaction, "leg 1");
        return offer;
    }

    private void Answer(SipRequestReceived offer, int status, int rseq = 0)
    {
        var response = SipResponse.For(offer.Request, status, toTag: "bt");
        if (rseq > 0) response.Add("Require", "100rel").Add("RSeq", $"{rseq}");
        _edge.Edge.Respond(offer.Transaction, response.Build());
    }

    private static string Prack(string rack, string branch = "z9hG4bKp1", string toTag = "bt") => Invite(branch, "PRACK", cseq: 2, toTag: toTag, more: $"RAck: {rack}\n");

    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public void It_is_sent_again_twice_as_late_each_time_until_its_PRACK(SipTransport transport)
    {
        var peer = new FakeChannel(transport);
        Answer(Offer(peer), 183, rseq: 9);
        peer.Statuses();

        _edge.Time.Advance(500 + 1000 + 2000 + 4000 + 8000 + 200);
        Assert.Equal([183, 183, 183, 183, 183], peer.Statuses());

        _edge.Receive(Prack("9 1 INVITE"), peer);
        _edge.Time.Advance(30_000);
        Assert.Empty(peer.Statuses());
        Assert.Equal(SipMethod.Prack, _edge.Heard<SipRequestReceived>()[^1].Request.Method); // the owner answers it
        Assert.Empty(_edge.Heard<SipPrackTimedOut>());
    }

    [Theory]
    [InlineData("8 1 INVITE", "bt")]
    [InlineData("9 2 INVITE", "bt")]
    [InlineData("9 1 INVITE", "other")]
    [InlineData("nonsense", "bt")]
    public void Another_PRACK_stops_nothing(string rack, string toTag)
    {
        Answer(Offer(), 183, rseq: 9);
        _peer.Statuses();

        _edge.Receive(Prack(rack, toTag: toTag), _peer);
        _edge.Time.Advance(600);

        Assert.Contains(183, _peer.Statuses());
    }

    [Fact]
    public void Without_a_PRACK_the_owner_hears_so_after_64_t1_and_may_still_refuse()
    {
        var offer = Offer();
        Answer(offer, 183, rseq: 9);

        _edge.Time.Advance(32_100);
        _peer.Statuses();
        _edge.Time.Advance(32_000);
        Assert.Empty(_peer.Statuses());
        Answer(offer, 500);

        Assert.Equal("leg 1", Assert.Single(_edge.Heard<SipPrackTimedOut>()).Owner);
        Assert.Equal([500], _peer.Statuses());
    }

    [Fact]
    public void A_copy_of_the_INVITE_gets_it_again_and_an_unreliable_one_does_not_take_its_place()
    {
        var offer = Offer();
        Answer(offer, 183, rseq: 9);
        Answer(offer, 180);
        _peer.Statuses();

        _edge.Receive(Invite(more: "Supported: 100rel\n"), _peer);
        Assert.Equal([183], _peer.Statuses());
        _edge.Time.Advance(600);
        Assert.Equal([183], _peer.Statuses());
    }

    [Fact]
    public void A_second_one_before_the_PRACK_is_not_sent()
    {
        var offer = Offer();
        Answer(offer, 180, rseq: 9);
        Answer(offer, 183, rseq: 10);

        Assert.Equal([100, 180], _peer.Statuses());
    }

    [Theory]
    [InlineData(200)]
    [InlineData(486)]
    public void A_final_response_takes_its_place_and_nothing_is_left(int status)
    {
        var offer = Offer();
        Answer(offer, 183, rseq: 9);
        Answer(offer, status);
        _peer.Statuses();

        _edge.Time.Advance(600);
        Assert.Equal([status], _peer.Statuses());
        _edge.Receive(Invite(status == 200 ? "z9hG4bKack" : "z9hG4bK1", "ACK", toTag: "bt"), _peer);
        _edge.Time.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal((0, 0, 0), _edge.Edge.Open);
        Assert.Empty(_edge.Heard<SipPrackTimedOut>());
    }

    [Fact]
    public void A_CANCEL_is_heard_while_it_waits()
    {
        var offer = Offer();
        Answer(offer, 183, rseq: 9);

        _edge.Receive(Invite(method: "CANCEL"), _peer);
        Answer(offer, 487);

        Assert.Single(_edge.Heard<SipCancelReceived>());
        Assert.Contains(487, _peer.Statuses());
    }

    public ValueTask DisposeAsync() => _edge.DisposeAsync();
}
