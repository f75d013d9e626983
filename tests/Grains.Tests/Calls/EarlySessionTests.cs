using System.Text;
using Telephony.Grains.Tests.Fakes;
using Telephony.Sip;

namespace Telephony.Grains.Tests.Calls;

/// <summary>Reliable provisional responses and early sessions on both sides of a call (RFC 3262, RFC 3311).</summary>
public class EarlySessionTests
{
    private const string Reliable = "Require: 100rel\nRSeq: 7";
    private const string Supports = "Supported: 100rel\nAllow: INVITE, ACK, BYE, CANCEL, PRACK, UPDATE";

    private static string Body(SipMessage message) => Encoding.ASCII.GetString(message.Body.Span);

    private static async Task<World> Phones(bool two = false)
    {
        var world = World.Start();
        await world.Register("101", 5081);
        if (two) await world.Register("101-home", 5091);
        return world;
    }

    [Fact]
    public async Task A_caller_who_requires_100rel_rings_reliably()
    {
        await using var world = await Phones();
        var call = await world.Call("100", "101", headers: "Require: 100rel");
        await call.Answer(0, 180);
        var ringing = call.LastAnswer;

        var prack = await call.Prack();
        await call.PickUp();

        Assert.Equal((180, true), (ringing.Status, ringing.HasOption("Require", "100rel")));
        Assert.Equal([200], world.Edge.Answers(prack));
        Assert.Equal([180, 200], call.Answers);
    }

    [Fact]
    public async Task A_caller_who_only_supports_it_rings_as_ever()
    {
        await using var world = await Phones();
        var call = await world.Call("100", "101", headers: Supports);
        await call.Answer(0, 180);

        Assert.Null(call.LastAnswer.Header("RSeq"));
    }

    [Fact] // RFC 3262 §3, §5
    public async Task Early_media_is_told_reliably_and_the_200_waits_for_its_PRACK()
    {
        await using var world = await Phones();
        var call = await world.Call("100", "101", headers: Supports);
        await call.Answer(0, 183, "sdp of callee, early", headers: Reliable);
        var early = call.LastAnswer;
        await call.Answer(0, 200);
        var before = call.Answers.ToList();

        var prack = await call.Prack();

        Assert.Equal("7 1 INVITE", Assert.Single(call.Sent(SipMethod.Prack)).Request.Header("RAck"));
        Assert.Equal((183, "sdp of callee, early through us"), (early.Status, Body(early)));
        Assert.Equal([183], before);
        Assert.Equal([200], world.Edge.Answers(prack));
        Assert.Equal([183, 200], call.Answers);
        Assert.True(call.LastAnswer.Body.IsEmpty); // the answer was in the 183
        Assert.Single(world.Edge.Acks);
    }

    [Fact]
    public async Task A_PRACK_that_matches_nothing_is_481_and_changes_nothing()
    {
        await using var world = await Phones();
        var call = await world.Call("100", "101", headers: Supports);
        await call.Answer(0, 183, "sdp of callee, early");
        await call.Answer(0, 200, "sdp of callee, early");

        var stray = await call.Prack(rseq: 1);

        Assert.Equal([481], world.Edge.Answers(stray));
        Assert.Equal([183], call.Answers);
    }

    [Fact]
    public async Task Without_a_PRACK_the_caller_gets_500_and_the_phone_stops_ringing()
    {
        await using var world = await Phones();
        var call = await world.Call("100", "101", headers: "Require: 100rel");
        await call.Answer(0, 180);

        await call.PrackTimesOut();
        await call.Answer(0, 487);

        Assert.Equal([180, 500], call.Answers);
        Assert.Single(world.Edge.Cancels);
        Assert.Equal("prack_timeout", call.Ended!.Reason);
    }

    [Theory]
    [InlineData("CANCEL", 487)]
    [InlineData("BYE", 487)] // RFC 3261 §15.1.2
    [InlineData("nothing", 480)]
    public async Task An_answer_that_waits_for_a_PRACK_is_hung_up_when_that_never_comes(string comes, int status)
    {
        await using var world = await Phones();
        var call = await world.Call("100", "101", headers: Supports);
        await call.Answer(0, 183, "sdp of callee, early");
        await call.PickUp();

        if (comes == "CANCEL") await call.Cancel();
        else if (comes == "BYE") await call.FromCaller(SipMethod.Bye);
        else await call.PrackTimesOut();
        await call.AnswerAll();

        Assert.Equal([183, status], call.Answers);
        Assert.Single(call.Sent(SipMethod.Bye));
        Assert.Empty(world.Media.Legs);
    }

    [Fact]
    public async Task While_several_devices_ring_early_media_is_a_preview_and_the_one_that_answers_counts()
    {
        await using var world = await Phones(two: true);
        var call = await world.Call("100", "101", headers: Supports);
        await call.Answer(0, 183, "sdp of callee 0, early", headers: Reliable);
        var early = call.LastAnswer;

        await call.PickUp(1);

        Assert.Null(early.Header("RSeq"));
        Assert.Equal("sdp of callee 1 through us", Body(call.LastAnswer));
    }

    [Fact] // RFC 3261 §13.2.2.4
    public async Task A_phone_behind_a_proxy_that_answers_with_another_session_than_the_early_one_makes_us_offer_again()
    {
        await using var world = await Phones();
        var call = await world.Call("100", "101", headers: Supports);
        await call.Answer(0, 183, "sdp of callee, early");
        await call.Prack();
        await call.Answer(0, 200, "sdp of another", tag: "another");

        await call.Ack();

        var update = Assert.Single(call.Sent(SipMethod.Update)).Request;
        Assert.Equal(("sdp of another through us", "caller"), (Body(update), update.To.Tag));
        await call.Reply(SipMethod.Update, 200, "sdp of caller, again");
        Assert.Contains("sdp of caller, again", world.Media.Legs.Values);
    }

    [Fact] // RFC 6337 table 1, row 4
    public async Task A_late_offer_travels_in_reliable_responses_when_both_sides_have_them()
    {
        await using var world = await Phones();
        var call = await world.Call("100", "101", sdp: null, headers: Supports);
        var supported = call.Forks[0].Request.HasOption("Supported", "100rel");
        await call.Answer(0, 183, "sdp of callee, offer", headers: Reliable);
        var offer = call.LastAnswer;
        var before = call.Sent(SipMethod.Prack).Count;

        var prack = await call.Prack("sdp of caller, answer");
        await call.Answer(0, 200);
        await call.Ack();

        Assert.True(supported);
        Assert.Equal((183, "sdp of callee, offer through us"), (offer.Status, Body(offer)));
        Assert.Equal(0, before);
        Assert.Equal("sdp of caller, answer through us", Body(Assert.Single(call.Sent(SipMethod.Prack)).Request));
        Assert.Equal([200], world.Edge.Answers(prack));
        Assert.True(Assert.Single(world.Edge.Acks).Ack.Body.IsEmpty);
        Assert.Equal(2, world.Media.Paths.Count);
        Assert.Null(call.Ended);
    }

    [Fact]
    public async Task A_device_is_not_asked_for_an_early_offer_that_nobody_could_answer()
    {
        await using var world = await Phones(two: true);

        var several = await world.Call("100", "101", sdp: null, headers: Supports);
        var plain = await world.Call("100", "101", sdp: null);

        Assert.All(several.Forks.Concat(plain.Forks), fork => Assert.False(fork.Request.HasOption("Supported", "100rel")));
    }

    [Fact] // RFC 3311 §5.1
    public async Task An_early_UPDATE_goes_on_to_the_other_phone()
    {
        await using var world = await Phones();
        var call = await world.Call("100", "101", headers: Supports);
        await call.Answer(0, 183, "sdp of callee, early", headers: $"{Reliable}\n{Supports}");
        await call.Prack();

        var update = await call.FromCaller(SipMethod.Update, "sdp of caller, held");
        await call.Reply(SipMethod.Update, 200, "sdp of callee, held");
        var back = await call.FromCallee(SipMethod.Update, "sdp of callee, resumed");
        await call.Reply(SipMethod.Update, 200, "sdp of caller, resumed");
        await call.Answer(0, 200);
        await call.Ack();
        await call.FromCaller(SipMethod.Bye);

        Assert.Equal(4u, Assert.Single(call.Sent(SipMethod.Bye)).Request.CSeq.Number); // after INVITE, PRACK and UPDATE
        Assert.Equal((200, "sdp of callee, held through us"), (call.AnswerTo(update).Status, Body(call.AnswerTo(update))));
        Assert.Equal((200, "sdp of caller, resumed through us"), (call.AnswerTo(back).Status, Body(call.AnswerTo(back))));
    }

    [Theory] // RFC 3311 §5.2
    [InlineData(true, 500)] // the caller's own offer has no answer yet
    [InlineData(false, 491)] // ours has none
    public async Task An_UPDATE_before_the_answer_is_refused(bool isCallers, int status)
    {
        await using var world = await Phones();
        var call = await world.Call("100", "101");
        await call.Answer(0, 180);

        var update = isCallers ? await call.FromCaller(SipMethod.Update, "sdp of caller, held") : await call.FromCallee(SipMethod.Update, "sdp of callee, held");

        Assert.Equal([status], world.Edge.Answers(update));
        if (isCallers) Assert.InRange(int.Parse(call.AnswerTo(update).Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 0, 10);
    }

    [Fact] // RFC 3262 §4
    public async Task A_reliable_response_that_comes_twice_gets_one_PRACK()
    {
        await using var world = await Phones();
        var call = await world.Call("100", "101");
        await call.Answer(0, 183, "sdp of callee, early", headers: Reliable);
        await call.Answer(0, 183, "sdp of callee, early", headers: Reliable);
        await call.Reply(SipMethod.Prack, 200);
        await call.PickUp();
        await call.FromCaller(SipMethod.Bye);

        Assert.Equal(2u, Assert.Single(call.Sent(SipMethod.Prack)).Request.CSeq.Number);
        Assert.Equal(3u, Assert.Single(call.Sent(SipMethod.Bye)).Request.CSeq.Number); // CSeq goes on from the PRACK's
    }
}
