using System.Text;
using Telephony.Grains.Calls;
using Telephony.Grains.Calls.History;
using Telephony.Grains.Directory;
using Telephony.Grains.Tests.Fakes;
using Telephony.Sip;

namespace Telephony.Grains.Tests.Calls;

/// <summary><c>kill -9</c> of the silo in calls whose media node lives on.</summary>
public class CallRecoveryTests
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answered_call_goes_on_and_either_party_hangs_up(bool isCaller)
    {
        var (killed, old) = await Talk();

        await using var world = await killed.Restart(away: Away);
        var call = old.In(world);
        var (during, status) = (world.Edge.Sent.Count(sent => sent.Request.Method == SipMethod.Bye), await world.StatusOf("102"));
        var bye = isCaller ? await call.FromCaller(SipMethod.Bye) : await call.FromCallee(SipMethod.Bye);
        await call.AnswerAll();
        await world.Register("102", 5082);

        Assert.Equal((0, PresenceStatus.OnCall), (during, status)); // PRES-05
        Assert.Equal([200], world.Edge.Answers(bye));
        Assert.Equal((CallOutcome.Answered, isCaller ? EndedBy.Caller : EndedBy.Callee, "hangup"), (call.Ended!.Outcome, call.Ended.By, call.Ended.Reason));
        Assert.Equal((long)(Away + TimeSpan.FromMinutes(1)).TotalMilliseconds, Cdr.Fold(call.Events)!.TalkMs); // the time away is talk
        Assert.All(call.Events.OfType<LegEnded>(), leg => Assert.NotNull(leg.Media));
        Assert.Equal(PresenceStatus.Available, await world.StatusOf("102"));
        AssertNothingIsLeft(world);
    }

    [Fact] // RFC 3261 §12.2.1.1: the next number, above all that may have been used
    public async Task Requests_after_the_restart_have_higher_numbers_and_branches_of_their_own()
    {
        var (killed, old) = await Talk();
        var before = killed.Edge.Sent.Select(sent => sent.Transaction).ToHashSet();

        await using var world = await killed.Restart(away: Away);
        var call = old.In(world);
        await call.FromCaller(SipMethod.Bye);
        await call.AnswerAll();

        var (transaction, bye, _, _) = Assert.Single(call.Sent(SipMethod.Bye));
        Assert.True(bye.CSeq.Number > 10);
        Assert.DoesNotContain(transaction, before);
    }

    [Fact]
    public async Task A_call_can_be_held_after_the_restart_and_info_goes_on()
    {
        var (killed, old) = await Talk();

        await using var world = await killed.Restart(away: Away);
        var call = old.In(world);
        var hold = await call.FromCaller(SipMethod.Invite, "sdp of caller, held");
        await call.Answer(call.Forks.Count - 1, 200, "sdp of callee, held", tag: "callee0");
        await call.AckOf(hold);
        var info = await call.FromCallee(SipMethod.Info);
        await call.Reply(SipMethod.Info, 200);

        Assert.Equal([200], world.Edge.Answers(hold));
        Assert.Equal("sdp of callee, held through us", Encoding.ASCII.GetString(call.AnswerTo(hold).Body.Span));
        Assert.Equal([200], world.Edge.Answers(info));
        Assert.Null(call.Ended);
    }

    [Fact] // RFC 4028 §10
    public async Task A_session_that_nobody_refreshes_after_the_restart_expires()
    {
        var (killed, old) = await Talk();

        await using var world = await killed.Restart(away: Away);
        var call = old.In(world);
        await world.Time.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal("session_expired", call.Ended!.Reason);
    }

    [Fact]
    public async Task What_a_refresh_agreed_before_the_restart_holds_after_it()
    {
        var (killed, old) = await Talk(answer: "Require: timer\nSession-Expires: 1800;refresher=uas\nAllow: INVITE, ACK, BYE, UPDATE");
        await killed.Time.Advance(TimeSpan.FromMinutes(15));
        await old.FromCallee(SipMethod.Update, headers: "Supported: timer\nSession-Expires: 1800;refresher=uac");
        await old.FromCaller(SipMethod.Update, headers: "Supported: timer\nSession-Expires: 1800;refresher=uac");

        await using var world = await killed.Restart(away: TimeSpan.FromMinutes(20)); // longer than the first interval
        var call = old.In(world);
        await world.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(call.Ended);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_rang_goes_on_ringing_and_is_answered(bool hasEarlyMedia)
    {
        var (killed, old) = await Ring(hasEarlyMedia);

        await using var world = await killed.Restart(away: Away);
        var call = old.In(world);
        var ringing = await world.StatusOf("102");
        await call.PickUp();
        await call.Ack();
        await call.FromCallee(SipMethod.Bye);
        await call.AnswerAll();

        Assert.Equal(PresenceStatus.Ringing, ringing);
        Assert.Equal(200, call.Answers.Last());
        Assert.Equal("sdp of callee 0 through us", Encoding.ASCII.GetString(call.LastAnswer.Body.Span));
        Assert.Equal((CallOutcome.Answered, EndedBy.Callee), (call.Ended!.Outcome, call.Ended.By));
        AssertNothingIsLeft(world);
    }

    [Fact]
    public async Task A_call_that_rang_is_cancelled_or_not_answered_as_without_a_restart()
    {
        var (killed, old) = await Ring();
        var (killedToo, other) = await Ring();

        await using var world = await killed.Restart(away: Away);
        var cancelled = old.In(world);
        await cancelled.Cancel();
        await cancelled.Answer(0, 487);
        await using var another = await killedToo.Restart(away: Away);
        var unanswered = other.In(another);
        await another.Time.Advance(TimeSpan.FromSeconds(24));
        var early = unanswered.Ended;
        await another.Time.Advance(TimeSpan.FromSeconds(1)); // 30 s after the first ring

        Assert.Equal((CallOutcome.Cancelled, 487), (cancelled.Ended!.Outcome, cancelled.Answers.Last()));
        Assert.Null(early);
        Assert.Equal((CallOutcome.NoAnswer, 480), (unanswered.Ended!.Outcome, unanswered.Answers.Last()));
        AssertNothingIsLeft(world);
    }

    [Fact] // RFC 3262: RSeq, RAck and what was told in them are not kept
    public async Task A_call_with_reliable_provisional_responses_is_ended()
    {
        var killed = World.Start();
        await killed.Register("102", 5082);
        var old = await killed.Call("100", "102", headers: "Require: 100rel");
        await old.Answer(0, 180);

        await using var world = await killed.Restart();
        var call = old.In(world);
        await call.Answer(0, 487);

        Assert.Equal((503, "restart"), (call.Answers.Last(), call.Ended!.Reason));
        AssertNothingIsLeft(world);
    }

    [Fact]
    public async Task An_answer_that_may_not_have_left_is_said_again_and_nobody_is_lost_by_silence()
    {
        var (killed, old) = await Ring();
        await old.PickUp();

        await using var world = await killed.Restart(away: Away);
        var call = old.In(world);
        await call.AckTimesOut();

        Assert.Equal([180, 200, 200], call.Answers);
        Assert.Equal("sdp of callee 0 through us", Encoding.ASCII.GetString(call.LastAnswer.Body.Span));
        Assert.Equal(2, world.Edge.Acks.Count); // and the callee's ACK
        Assert.Null(call.Ended);
    }

    [Fact] // RFC 3261 §14.1
    public async Task A_hold_that_was_under_way_is_refused_and_can_be_tried_again()
    {
        var (killed, old) = await Talk();
        var hold = await old.FromCaller(SipMethod.Invite, "sdp of caller, held");

        await using var world = await killed.Restart(away: Away);
        var call = old.In(world);
        var asked = call.Forks[^1].Transaction;
        await call.Answer(call.Forks.Count - 1, 487, tag: "callee0");
        var again = await call.FromCaller(SipMethod.Invite, "sdp of caller, held");
        await call.Answer(call.Forks.Count - 1, 200, "sdp of callee, held", tag: "callee0");

        Assert.Equal([500], world.Edge.Answers(hold));
        Assert.Contains(asked, world.Edge.Cancels);
        Assert.Equal([200], world.Edge.Answers(again));
        Assert.Null(call.Ended);
    }

    [Fact] // RFC 3261 §9.1
    public async Task A_hold_that_the_other_party_accepted_meanwhile_is_acknowledged_and_taken_back()
    {
        var (killed, old) = await Talk();
        await old.FromCaller(SipMethod.Invite, "sdp of caller, held");

        await using var world = await killed.Restart(away: Away);
        var call = old.In(world);
        await call.Answer(call.Forks.Count - 1, 200, "sdp of callee, held", tag: "callee0");

        Assert.Equal(call.Forks[^2].Transaction, world.Edge.Acks[^1].Transaction);
        Assert.Equal("sdp of caller through us", Encoding.ASCII.GetString(call.Forks[^1].Request.Body.Span)); // what the caller still says
        Assert.Null(call.Ended);
    }

    [Fact]
    public async Task Killed_twice_it_still_goes_on()
    {
        var (killed, old) = await Talk();

        var killedAgain = await killed.Restart(away: Away);
        await using var world = await killedAgain.Restart(away: Away);
        var call = old.In(world);
        await call.FromCaller(SipMethod.Bye);
        await call.AnswerAll();

        Assert.Equal("hangup", call.Ended!.Reason);
        AssertNothingIsLeft(world);
    }

    [Fact]
    public async Task A_bye_that_comes_before_the_recovery_ends_the_call_and_the_recovery_does_not_mind()
    {
        var (killed, old) = await Talk();
        var state = killed.Journal.States.ToDictionary();
        await using var world = World.Start(killed.Journal, media: killed.Media, edge: killed.Edge);
        var call = old.In(world);

        await call.FromCaller(SipMethod.Bye);
        await world.Recover();
        await call.AnswerAll();

        Assert.NotEmpty(state);
        Assert.Equal("hangup", call.Ended!.Reason);
        AssertNothingIsLeft(world);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_whose_media_are_gone_is_ended_towards_both_phones(bool isAnswered)
    {
        var (killed, old) = isAnswered ? await Talk() : await Ring();

        await using var world = await killed.Restart(mediaLiveOn: false);
        var call = old.In(world);

        Assert.Equal("restart", call.Ended!.Reason);
        if (isAnswered) Assert.Equal(["127.0.0.1:5070", "127.0.0.1:5082"], call.Sent(SipMethod.Bye).Select(bye => bye.Flow!.Remote));
        else Assert.Equal((503, call.Forks[0].Transaction), (call.Answers.Last(), Assert.Single(world.Edge.Cancels)));
        AssertNothingIsLeft(world);
    }

    [Fact]
    public async Task A_call_whose_node_does_not_answer_moves_to_another_one()
    {
        var (killed, old) = await Talk();
        (killed.Media.IsAway, killed.Spare.IsAway) = (true, false);

        await using var world = await killed.Restart(away: Away);
        await world.Time.Advance(TimeSpan.Zero);
        var call = old.In(world);
        await call.Answer(1, 200, "sdp of callee, to another", tag: "callee0");
        await call.Answer(2, 200, "sdp of caller, to another", tag: "caller");

        Assert.Equal("sdp of callee 0 through spare", Encoding.ASCII.GetString(call.Forks[1].Request.Body.Span));
        Assert.Equal(2, world.Spare.Legs.Count);
        Assert.Null(call.Ended);
    }

    [Fact] // RFC 5626 §4.2.1: a connection ends with the silo
    public async Task A_phone_that_comes_back_by_another_connection_is_held_and_hung_up_there()
    {
        var killed = World.Start();
        await killed.Register("102", 5082, expires: 36000, flow: Tls(7));
        var old = await killed.Call("100", "102");
        await old.PickUp();
        await old.Ack();

        await using var world = await killed.Restart(away: Away);
        await world.Register("102", 5082, flow: Tls(1));
        var call = old.In(world);
        var hold = await call.FromCaller(SipMethod.Invite, "sdp of caller, held");
        await call.Answer(1, 200, "sdp of callee, held", tag: "callee0");
        await world.Register("102", 5082, flow: Tls(2)); // and once more
        await call.FromCaller(SipMethod.Bye);
        await call.AnswerAll();

        Assert.Equal([200], world.Edge.Answers(hold));
        Assert.Equal((1L, 2L), (call.Forks[1].Flow!.Connection, call.Sent(SipMethod.Bye)[0].Flow!.Connection));

        static SipFlow Tls(long connection) => new(SipTransport.Tls, "127.0.0.1:41000", connection, FakeEdge.Name);
    }

    // not disposed: a silo that is killed says no goodbye
    private static async Task<(World Killed, TestCall Call)> Talk(string? answer = null)
    {
        var (world, call) = await Ring();
        await call.Answer(0, 200, "sdp of callee 0", headers: answer);
        await call.Ack();
        await world.Time.Advance(TimeSpan.FromMinutes(1));
        return (world, call);
    }

    private static async Task<(World Killed, TestCall Call)> Ring(bool hasEarlyMedia = false)
    {
        var world = World.Start();
        await world.Register("102", 5082, expires: 3600);
        var call = await world.Call("100", "102");
        await call.Answer(0, hasEarlyMedia ? 183 : 180, hasEarlyMedia ? "sdp of callee, early" : null);
        return (world, call);
    }

    private static void AssertNothingIsLeft(World world)
    {
        Assert.Empty(world.Media.Legs);
        Assert.DoesNotContain(world.Journal.States.Keys, key => key.Kind == CallSnapshot.Kind);
    }
}
