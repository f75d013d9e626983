using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transactions;

public sealed class ClientTests : IAsyncDisposable
{
    private readonly EdgeFixture _edge = new();
    private readonly UdpPeer _peer = new();
    private readonly FakeChannel _wire = new();

    private SipRequest Send(SipMethod method, string name = "t1")
    {
        var request = SipRequest.Create(method, "sip:bob@" + _peer.EndPoint)
            .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(7).Build();
        _edge.Edge.Send(name, request, _peer.Flow, "leg 1");
        return _peer.Request();
    }

    private void Answer(SipRequest request, int status, string tag = "bt") => _edge.Receive(SipResponse.For(request, status, toTag: tag).Build(), _wire);

    private IReadOnlyList<int> Heard() => [.. _edge.Heard<SipResponseReceived>().Select(heard => heard.Response.Status)];

    private static SipRequest Ack(SipRequest invite, string tag) => SipRequest.Create(SipMethod.Ack, "sip:bob@127.0.0.1:9")
        .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>;tag=" + tag).Add("Call-ID", invite.CallId).CSeq(invite.CSeq.Number).Build();

    [Fact]
    public void A_request_carries_our_via_with_the_transactions_name()
    {
        var request = Send(SipMethod.Invite);

        var via = Assert.Single(request.Vias);
        Assert.Equal("z9hG4bKt1", via.Branch);
        Assert.Equal(_edge.Edge.Address(SipTransport.Udp), $"{via.Host}:{via.Port}");
        Assert.True(via.Parameters.Contains("rport"));
    }

    [Fact]
    public void An_invite_is_sent_again_with_doubling_waits_and_times_out_after_64_t1()
    {
        Send(SipMethod.Invite);

        _edge.Time.Advance(500 + 1000 + 2000 + 4000 + 8000 + 100);
        Assert.Equal(5, _peer.Drain());
        _edge.Time.Advance(32_000);

        Assert.Equal(1, _peer.Drain()); // after 16 s more
        Assert.Equal(SipResponseSource.TimedOut, Assert.Single(_edge.Heard<SipResponseReceived>()).Source);
        Assert.Equal([408], Heard());
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void A_non_invite_is_sent_again_up_to_t2_apart_and_times_out()
    {
        Send(SipMethod.Options);

        _edge.Time.Advance(500 + 1000 + 2000 + 4000 + 4000 + 100);
        Assert.Equal(5, _peer.Drain());
        _edge.Time.Advance(32_000);

        Assert.Equal([408], Heard());
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void A_name_in_use_is_ignored()
    {
        var invite = Send(SipMethod.Invite);
        _edge.Edge.Send("t1", invite, _peer.Flow, "leg 2");

        Assert.Equal(0, _peer.Drain());
    }

    [Fact]
    public void A_failure_is_acknowledged_as_often_as_it_comes_and_passed_on_once()
    {
        var invite = Send(SipMethod.Invite);
        Answer(invite, 180);
        Answer(invite, 486);
        Answer(invite, 486);

        var ack = _peer.Request();
        Assert.Equal((SipMethod.Ack, "z9hG4bKt1", "bt"), (ack.Method, ack.Vias[0].Branch, ack.To.Tag));
        Assert.Equal(invite.RequestUri.ToString(), ack.RequestUri.ToString());
        Assert.Equal(1, _peer.Drain());
        Assert.Equal([180, 486], Heard());
        _edge.Time.Advance(32_100); // Timer D
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void A_copy_of_a_2xx_gets_the_ack_again_and_another_forks_is_passed_on()
    {
        var invite = Send(SipMethod.Invite);
        Answer(invite, 200);
        Answer(invite, 200);
        Assert.Equal(0, _peer.Drain()); // no ACK yet

        _edge.Edge.Acknowledge("t1", Ack(invite, "bt"), _peer.Flow);
        var ack = _peer.Request();
        Answer(invite, 200);
        var again = _peer.Request();
        Answer(invite, 200, "fork");

        Assert.Equal(ack.Wire.ToArray(), again.Wire.ToArray());
        Assert.NotEqual("z9hG4bKt1", ack.Vias[0].Branch);
        Assert.Equal(["bt", "fork"], _edge.Heard<SipResponseReceived>().Select(heard => heard.Response.To.Tag));
        _edge.Time.Advance(32_100); // Timer M
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void A_cancel_waits_for_a_provisional_response()
    {
        var invite = Send(SipMethod.Invite);
        _edge.Edge.Cancel("t1");
        Assert.Equal(0, _peer.Drain());

        Answer(invite, 100);
        var cancel = _peer.Request();
        Assert.Equal((SipMethod.Cancel, "z9hG4bKt1", 7u), (cancel.Method, cancel.Vias[0].Branch, cancel.CSeq.Number));

        Answer(cancel, 200);
        Answer(invite, 487);
        Assert.Equal(SipMethod.Ack, _peer.Request().Method);
        Assert.Equal([100, 487], Heard());
        _edge.Time.Advance(40_000);
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void A_cancelled_invite_that_is_never_answered_ends_after_64_t1()
    {
        var invite = Send(SipMethod.Invite);
        Answer(invite, 180);
        _edge.Edge.Cancel("t1");
        _edge.Edge.Cancel("t1");
        Answer(_peer.Request(), 200);

        _edge.Time.Advance(40_000);

        Assert.Equal([180, 408], Heard());
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void An_answer_that_crosses_the_cancel_is_passed_on()
    {
        var invite = Send(SipMethod.Invite);
        Answer(invite, 180);
        _edge.Edge.Cancel("t1");
        Answer(invite, 200);

        Assert.Equal([180, 200], Heard());
    }

    [Fact]
    public void An_invite_that_rings_for_ever_is_cancelled_by_timer_c()
    {
        var invite = Send(SipMethod.Invite);
        Answer(invite, 180);

        _edge.Time.Advance(TimeSpan.FromMinutes(3) + TimeSpan.FromSeconds(1));
        Assert.Equal(SipMethod.Cancel, _peer.Request().Method);
        _edge.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal([180, 408], Heard());
        Assert.Equal((0, 0, 0), _edge.Edge.Open);
    }

    [Fact]
    public void Responses_of_others_are_dropped()
    {
        var invite = Send(SipMethod.Invite);
        var foreign = Request(invite.ToString().Replace(_edge.Edge.Address(SipTransport.Udp), "192.0.2.77:5060", StringComparison.Ordinal));
        Answer(foreign, 200);
        _edge.Receive(SipResponse.For(Request(invite.ToString().Replace("INVITE", "BYE", StringComparison.Ordinal)), 200).Build(), _wire);

        Answer(Request(invite.ToString().Replace("Call-ID: x", "Call-ID: guess", StringComparison.Ordinal)), 200);

        Assert.Empty(Heard());
    }

    [Fact]
    public async Task What_can_not_be_sent_anywhere_fails_with_503()
    {
        var request = SipRequest.Create(SipMethod.Options, "sip:bob@nowhere.example")
            .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(7).Build();
        _edge.Edge.Send("t1", request, null, "leg 1");

        var heard = await _edge.Next<SipResponseReceived>();
        Assert.Equal((503, SipResponseSource.TransportFailed), (heard.Response.Status, heard.Source));
    }

    [Fact]
    public void Without_a_flow_the_route_decides_and_then_the_uri()
    {
        using var other = new UdpPeer();
        SipRequestBuilder New() => SipRequest.Create(SipMethod.Options, "sip:bob@" + _peer.EndPoint)
            .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(7);

        _edge.Edge.Send("t1", New().Build(), null, "leg 1");
        _edge.Edge.Send("t2", New().Add("Route", $"<sip:{other.EndPoint};lr>").Build(), null, "leg 1");

        Assert.Equal("z9hG4bKt1", _peer.Request().Vias[0].Branch);
        Assert.Equal("z9hG4bKt2", other.Request().Vias[0].Branch);
    }

    [Fact]
    public void A_transaction_of_an_earlier_run_can_be_cancelled_and_its_end_heard()
    {
        var original = SipRequest.Create(SipMethod.Invite, "sip:bob@" + _peer.EndPoint)
            .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "y").CSeq(7).Build();
        _edge.Edge.RestoreClient("old", original, _peer.Flow, "leg 1");
        Assert.Equal(0, _peer.Drain());

        _edge.Edge.Cancel("old");
        var cancel = _peer.Request();
        Assert.Equal((SipMethod.Cancel, "z9hG4bKold"), (cancel.Method, cancel.Vias[0].Branch));
        var invite = Request(cancel.ToString().Replace("CANCEL", "INVITE", StringComparison.Ordinal));
        Answer(invite, 487);

        Assert.Equal([487], Heard());
        Assert.Equal(SipMethod.Ack, _peer.Request().Method);
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Dispose();
        await _edge.DisposeAsync();
    }
}
