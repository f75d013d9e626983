using System.Text;
using Telephony.Grains.Calls;
using Telephony.Grains.Directory;
using Telephony.Grains.Tenants;
using Telephony.Grains.Tests.Fakes;
using Telephony.Sip;

namespace Telephony.Grains.Tests.Calls;

/// <summary>Whole calls through the grains: what goes to the phones, what is journalled, and that nothing is left over.</summary>
public class CallGrainTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_waits_a_moment_for_a_page_that_is_loaded_again(bool comesBack)
    {
        await using var world = World.Start();
        var old = new SipFlow(SipTransport.Wss, "127.0.0.1:50102", 1, FakeEdge.Name);
        await world.Register("102", 1, contact: "sip:102@1.invalid;transport=ws", flow: old);
        await world.CloseFlow(old);

        var calling = world.Call("101", "102");
        await world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(world.Edge.Sent, sent => sent.Request.Method == SipMethod.Invite);
        if (comesBack) await world.Register("102", 2, contact: "sip:102@2.invalid;transport=ws", flow: old with { Connection = 2 });
        else await world.Time.Advance(TimeSpan.FromSeconds(5));
        var call = await calling;

        if (comesBack) Assert.Equal(2, Assert.Single(call.Forks).Flow!.Connection);
        else Assert.Equal(480, call.Answers.Last());
    }

    [Fact]
    public async Task A_caller_who_gives_up_while_a_phone_is_waited_for_is_told_at_once()
    {
        await using var world = World.Start();
        var old = new SipFlow(SipTransport.Wss, "127.0.0.1:50102", 1, FakeEdge.Name);
        await world.Register("102", 1, contact: "sip:102@1.invalid;transport=ws", flow: old);
        await world.CloseFlow(old);

        var call = await world.Call("101", "102");
        await call.Cancel();

        Assert.Equal(487, call.Answers.Last());
    }

    [Fact]
    public async Task A_call_does_not_wait_for_one_device_when_another_is_there()
    {
        await using var world = World.Start();
        var old = new SipFlow(SipTransport.Wss, "127.0.0.1:50102", 1, FakeEdge.Name);
        await world.Register("101", 1, contact: "sip:101@1.invalid;transport=ws", flow: old);
        await world.Register("101-home", 5091);
        await world.CloseFlow(old);

        var call = await world.Call("102", "101");

        Assert.Equal("127.0.0.1:5091", Assert.Single(call.Forks).Flow!.Remote);
    }

    [Theory] // RFC 5626 §5.3
    [InlineData(430)]
    [InlineData(408)]
    [InlineData(503)]
    public async Task When_a_flow_fails_the_phones_next_one_is_tried_and_it_rings_once(int status)
    {
        await using var world = World.Start();
        await world.Register("102", 5082, parameters: ";+sip.instance=\"<urn:uuid:1>\";reg-id=1");
        await world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.Register("102", 5083, parameters: ";+sip.instance=\"<urn:uuid:1>\";reg-id=2");

        var call = await world.Call("101", "102");
        var first = Assert.Single(call.Forks);
        await call.Answer(0, status);
        var second = call.Forks[1];

        Assert.Equal(("127.0.0.1:5083", "127.0.0.1:5082"), (first.Flow!.Remote, second.Flow!.Remote));
        Assert.Equal((1u, 2u, first.Request.CallId), (first.Request.CSeq.Number, second.Request.CSeq.Number, second.Request.CallId));
        Assert.Equal("sip:102@127.0.0.1:5082", second.Request.RequestUri.ToString());
        await call.PickUp(1);
        Assert.Equal(200, call.Answers.Last());
        Assert.Single(call.Events.OfType<LegOffered>());
    }

    [Fact]
    public async Task A_phone_whose_flows_all_fail_is_refused_with_the_last_status()
    {
        await using var world = World.Start();
        await world.Register("102", 5082, parameters: ";+sip.instance=\"<urn:uuid:1>\";reg-id=1");
        await world.Register("102", 5083, parameters: ";+sip.instance=\"<urn:uuid:1>\";reg-id=2");

        var call = await world.Call("101", "102");
        await call.Answer(0, 503);
        await call.Answer(1, 486);

        Assert.Equal(486, call.Answers.Last());
        Assert.Equal(2, call.Forks.Count);
    }

    [Fact]
    public async Task Two_phones_talk_and_the_caller_hangs_up()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);

        var call = await world.Call("100", "102");
        await call.Answer(0, 180);
        await call.PickUp();
        await call.Ack();
        var bye = await call.FromCaller(SipMethod.Bye);
        await call.AnswerAll();

        Assert.Equal([180, 200], call.Answers);
        Assert.Equal("sdp of callee 0 through us", Encoding.ASCII.GetString(call.LastAnswer.Body.Span));
        Assert.Equal([200], world.Edge.Answers(bye));
        Assert.Equal("sdp of caller through us", Encoding.ASCII.GetString(call.Forks[0].Request.Body.Span));
        Assert.Equal(SipMethod.Bye, world.Edge.Sent[^1].Request.Method);
        Assert.Equal(
            ["CallStarted", "CallRouted", "LegOffered", "LegRinging", "LegAnswered", "LegEnded", "LegEnded", "CallEnded"],
            call.Events.Select(e => e.GetType().Name));
        Assert.Equal((CallOutcome.Answered, EndedBy.Caller), (call.Ended!.Outcome, call.Ended.By));
        Assert.All(call.Events.OfType<LegEnded>(), leg => Assert.NotNull(leg.Media));
        AssertNothingIsLeft(world);
    }

    [Fact] // RFC 5621
    public async Task A_description_within_a_multipart_body_is_what_media_gets()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);

        var call = await world.Call("100", "102", "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: application/sdp\r\n\r\nsdp of a part\r\n--b--", "multipart/mixed;boundary=b");
        await call.PickUp();

        Assert.Equal("sdp of a part through us", Encoding.ASCII.GetString(call.Forks[0].Request.Body.Span));
        Assert.Equal("application/sdp", call.Forks[0].Request.ContentType);
    }

    [Fact]
    public async Task All_devices_of_an_extension_ring_and_the_first_to_answer_wins()
    {
        await using var world = World.Start();
        await world.Register("101", 5081);
        await world.Register("101-home", 5091);

        var call = await world.Call("100", "101");
        await call.Answer(0, 180);
        await call.Answer(1, 180);
        await call.PickUp(1);
        await call.Answer(0, 487);
        await call.FromCallee(SipMethod.Bye, fork: 1);
        await call.AnswerAll();

        Assert.Equal(2, call.Forks.Count);
        Assert.Equal([call.Forks[0].Transaction], world.Edge.Cancels);
        Assert.Equal([180, 200], call.Answers);
        Assert.Equal(EndedBy.Callee, call.Ended!.By);
        AssertNothingIsLeft(world);
    }

    [Theory]
    [InlineData(486, 486, CallOutcome.Busy)]
    [InlineData(603, 603, CallOutcome.Declined)]
    [InlineData(480, 480, CallOutcome.NoAnswer)]
    public async Task A_refusal_reaches_the_caller(int status, int toCaller, CallOutcome outcome)
    {
        await using var world = World.Start();
        await world.Register("102", 5082);

        var call = await world.Call("100", "102");
        await call.Answer(0, 180);
        await call.Answer(0, status);

        Assert.Equal([180, toCaller], call.Answers);
        Assert.Equal(outcome, call.Ended!.Outcome);
        AssertNothingIsLeft(world);
    }

    [Fact]
    public async Task An_unknown_extension_is_404_and_an_offline_one_480()
    {
        await using var world = World.Start();

        var unknown = await world.Call("100", "999");
        var offline = await world.Call("100", "102");

        Assert.Equal([404], unknown.Answers);
        Assert.Equal([480], offline.Answers);
        Assert.Equal(SkipReason.Offline, Assert.Single(offline.Events.OfType<LegSkipped>()).Reason);
        AssertNothingIsLeft(world);
    }

    [Fact]
    public async Task Nobody_answers_within_30_seconds()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102");
        await call.Answer(0, 180);

        await world.Time.Advance(TimeSpan.FromSeconds(29));
        var before = call.Answers.ToList();
        await world.Time.Advance(TimeSpan.FromSeconds(1));
        await call.Answer(0, 487);

        Assert.Equal([180], before);
        Assert.Equal([180, 480], call.Answers);
        Assert.Equal([call.Forks[0].Transaction], world.Edge.Cancels);
        Assert.Equal((CallOutcome.NoAnswer, "no_answer"), (call.Ended!.Outcome, call.Ended.Reason));
        AssertNothingIsLeft(world);
    }

    [Fact]
    public async Task A_caller_who_cancels_stops_the_ringing()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102");
        await call.Answer(0, 180);

        await call.Cancel();
        await call.Answer(0, 487);

        Assert.Equal([180, 487], call.Answers);
        Assert.Equal(CallOutcome.Cancelled, call.Ended!.Outcome);
        AssertNothingIsLeft(world);
    }

    [Fact]
    public async Task An_answer_that_crosses_the_cancel_is_acknowledged_and_hung_up()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102");
        await call.Cancel();

        await call.PickUp();
        await call.AnswerAll();

        Assert.Single(world.Edge.Acks);
        Assert.Equal(SipMethod.Bye, world.Edge.Sent[^1].Request.Method);
        Assert.Equal(CallOutcome.Cancelled, call.Ended!.Outcome);
        AssertNothingIsLeft(world);
    }

    [Fact]
    public async Task A_second_phone_that_a_proxy_rang_too_is_hung_up_and_the_first_talks_on()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102");
        await call.PickUp();

        await call.Answer(0, 200, "sdp of another", tag: "other");
        await call.FromCaller(SipMethod.Bye);
        await call.AnswerAll();

        var byes = world.Edge.Sent.Where(sent => sent.Request.Method == SipMethod.Bye).Select(sent => sent.Request.To.Tag);
        Assert.Equal(["other", "callee0"], byes);
        AssertNothingIsLeft(world);
    }

    [Fact]
    public async Task Both_hang_up_at_once()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102");
        await call.PickUp();

        var one = await call.FromCaller(SipMethod.Bye);
        var other = await call.FromCallee(SipMethod.Bye);
        await call.AnswerAll();

        Assert.Equal([200], world.Edge.Answers(one));
        Assert.Equal([200], world.Edge.Answers(other));
        Assert.Single(call.Events.OfType<CallEnded>());
        AssertNothingIsLeft(world);
    }

    [Fact]
    public async Task A_caller_who_never_acknowledges_is_hung_up()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102");
        await call.PickUp();

        await call.AckTimesOut();
        await call.AnswerAll();

        Assert.Equal(2, world.Edge.Sent.Count(sent => sent.Request.Method == SipMethod.Bye));
        Assert.Equal("ack_timeout", call.Ended!.Reason);
        AssertNothingIsLeft(world);
    }

    [Fact]
    public async Task An_offer_that_comes_late_travels_the_other_way()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);

        var call = await world.Call("100", "102", sdp: null);
        await call.PickUp();
        var acksBefore = world.Edge.Acks.Count;
        await call.Ack("sdp of caller");

        Assert.True(call.Forks[0].Request.Body.IsEmpty);
        Assert.Equal("sdp of callee 0 through us", Encoding.ASCII.GetString(call.LastAnswer.Body.Span));
        Assert.Equal(0, acksBefore);
        Assert.Equal("sdp of caller through us", Encoding.ASCII.GetString(Assert.Single(world.Edge.Acks).Ack.Body.Span));
    }

    [Fact]
    public async Task A_reinvite_travels_to_the_other_phone_and_its_answer_back()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102");
        await call.PickUp();
        await call.Ack();

        var hold = await call.FromCaller(SipMethod.Invite, "sdp of caller, held");
        var glare = await call.FromCallee(SipMethod.Invite, "sdp of callee, held");
        await call.Answer(1, 200, "sdp of callee, held");

        Assert.Equal("sdp of caller, held through us", Encoding.ASCII.GetString(call.Forks[1].Request.Body.Span));
        Assert.Equal([491], world.Edge.Answers(glare));
        Assert.Equal([200], world.Edge.Answers(hold));
        Assert.Equal(2u, call.Forks[1].Request.CSeq.Number);
    }

    [Fact] // RFC 3261 §14.1
    public async Task A_refused_reinvite_leaves_the_media_as_they_were()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102");
        await call.PickUp();
        await call.Ack();
        var before = world.Media.Legs.ToDictionary();

        var refused = await call.FromCaller(SipMethod.Invite, "sdp of caller, moved");
        await call.Answer(1, 488);

        Assert.Equal([488], world.Edge.Answers(refused));
        Assert.Equal(before, world.Media.Legs);
        Assert.Empty(world.Media.Offered);
    }

    [Fact]
    public async Task Early_media_of_a_callee_reaches_the_caller()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);

        var call = await world.Call("100", "102");
        await call.Answer(0, 183, "sdp of callee, early");

        Assert.Equal([183], call.Answers);
        Assert.Equal("sdp of callee, early through us", Encoding.ASCII.GetString(call.LastAnswer.Body.Span));
        Assert.Equal(2, world.Media.Paths.Count);
    }

    [Fact]
    public async Task A_port_range_that_is_full_is_503_and_a_description_that_cannot_be_read_488()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);

        var unreadable = await world.Call("100", "102", "garbage");
        world.Media.MostLegs = 1;
        var noPortForCallee = await world.Call("100", "102");
        world.Media.MostLegs = 0;
        var noPortForCaller = await world.Call("100", "102");

        Assert.Equal([488], unreadable.Answers);
        Assert.Equal([503], noPortForCallee.Answers);
        Assert.Equal([503], noPortForCaller.Answers);
        AssertNothingIsLeft(world);
    }

    [Theory] // RFC 3261 §20.43
    [InlineData("garbage", 399, "bad_description")]
    [InlineData("NoCommonCodec", 305, "no_common_codec")]
    [InlineData("SecurityRequired", 399, "security_required")]
    [InlineData("UnsupportedTransport", 302, "unsupported_transport")]
    public async Task A_caller_whose_media_can_not_be_taken_is_told_why(string sdp, int code, string reason)
    {
        await using var world = World.Start();
        await world.Register("102", 5082);

        var call = await world.Call("100", "102", sdp);

        Assert.Equal([488], call.Answers);
        Assert.Equal(code, call.LastAnswer.Header<SipWarning>()?.Code);
        Assert.Equal((CallOutcome.Failed, reason), (call.Ended!.Outcome, call.Ended.Reason));
    }

    [Fact]
    public async Task A_change_that_can_not_be_taken_is_refused_with_the_reason_and_the_call_goes_on()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102");
        await call.PickUp();
        await call.Ack();

        var offer = await call.FromCaller(SipMethod.Invite, "SecurityRequired");

        Assert.Equal([488], world.Edge.Answers(offer));
        Assert.Equal("399 acme.test \"SRTP is required\"", world.Edge.Responses.Last(r => r.Transaction == offer).Response.Header<SipWarning>()?.ToString());
        Assert.Null(call.Ended);
    }

    [Fact]
    public async Task A_journal_that_is_full_takes_no_new_call()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        world.Journal.IsFull = world.ExpectsErrors = true;

        var call = await world.Call("100", "102");

        Assert.Equal([503], call.Answers);
        Assert.Empty(world.Media.Legs);
    }

    [Fact]
    public async Task A_contact_with_headers_is_rung_without_them()
    {
        await using var world = World.Start();
        await world.Register("102", 5082, contact: "sip:102@127.0.0.1:5082;ob?Route=%3Csip:evil.test%3E");

        var call = await world.Call("100", "102");

        Assert.Equal("sip:102@127.0.0.1:5082;ob", Assert.Single(call.Forks).Request.RequestUri.ToString());
    }

    [Fact]
    public async Task A_tag_that_is_not_ours_touches_no_call()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102");
        await call.PickUp();
        var tag = call.LastAnswer.To.Tag!;

        var forged = await call.FromCaller(SipMethod.Bye, toTag: tag[..^1] + (tag[^1] == 'A' ? 'B' : 'A'));

        Assert.Equal([481], world.Edge.Answers(forged));
        Assert.Null(call.Ended);
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_read_is_removed_and_stops_nothing()
    {
        await using var world = World.Start();
        var id = CallId.New(world.Time.GetUtcNow());
        var key = new Telephony.Events.StateKey(CallSnapshot.Kind, FakeConfiguration.Tenant, id.ToString());
        world.Journal.States[key] = "{ half a snap"u8.ToArray();
        world.ExpectsErrors = true;

        await world.Grain<ICallGrain>(Keys.Call(FakeConfiguration.Tenant, id)).Recover();

        Assert.DoesNotContain(key, world.Journal.States.Keys);
    }

    [Fact]
    public async Task Presence_follows_a_call_and_another_tenant_sees_nothing_of_it()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var available = await world.StatusOf("102");

        var call = await world.Call("100", "102");
        await call.Answer(0, 180);
        var (ringing, calling) = (await world.StatusOf("102"), await world.StatusOf("100"));
        await call.PickUp();
        var talking = await world.StatusOf("102");
        await call.FromCallee(SipMethod.Bye);
        await call.AnswerAll();

        Assert.Equal(PresenceStatus.Available, available);
        Assert.Equal((PresenceStatus.Ringing, PresenceStatus.OnCall), (ringing, calling)); // PRES-06
        Assert.Equal(PresenceStatus.OnCall, talking); // PRES-05
        Assert.Equal(PresenceStatus.Available, await world.StatusOf("102"));
        Assert.Equal(PresenceStatus.Offline, await world.StatusOf("100"));
        Assert.All((await world.Presence(FakeConfiguration.OtherTenant)).People, person => Assert.Equal(PresenceStatus.Offline, person.Status));
    }

    private static void AssertNothingIsLeft(World world)
    {
        Assert.Empty(world.Media.Legs);
        Assert.DoesNotContain(world.Journal.States.Keys, key => key.Kind == CallSnapshot.Kind);
    }
}
