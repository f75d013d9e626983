using System.Text;
using Telephony.Grains.Calls;
using Telephony.Grains.Tests.Fakes;
using Telephony.Sip;

namespace Telephony.Grains.Tests.Calls;

/// <summary>The media node of a call is lost while the silo lives.</summary>
public class MediaLossTests
{
    private const string TakesUpdate = "Allow: INVITE, ACK, BYE, UPDATE";

    [Theory]
    [InlineData(200, false, false, MediaMove.Moved)]
    [InlineData(491, false, false, MediaMove.AskAgain)]
    [InlineData(500, false, true, MediaMove.AskAgain)]
    [InlineData(500, false, false, MediaMove.Refused)]
    [InlineData(422, true, false, MediaMove.AskAgain)]
    [InlineData(405, true, false, MediaMove.AskAgain)]
    [InlineData(405, false, false, MediaMove.Refused)]
    [InlineData(488, false, false, MediaMove.Refused)]
    [InlineData(503, false, true, MediaMove.Refused)]
    [InlineData(603, false, false, MediaMove.Refused)]
    public void What_a_partys_answer_means(int status, bool isToldHow, bool saysWhen, MediaMove expected) =>
        Assert.Equal(expected, MediaMoves.After(status, isToldHow, saysWhen));

    [Fact]
    public async Task An_answered_call_moves_to_another_node_and_both_parties_are_told()
    {
        await using var world = World.Start();
        var call = await Talk(world);
        world.Spare.IsAway = false;

        await world.LoseMedia();
        var (update, invite) = (call.Sent(SipMethod.Update)[^1].Request, call.Forks[^1].Request);
        await call.Reply(SipMethod.Update, 200, "sdp of caller, to another");
        await call.Answer(1, 200, "sdp of callee, to another", tag: "callee0");

        Assert.Equal("sdp of callee 0 through spare", Text(update)); // what the caller is told is like what the callee said last
        Assert.Equal("sdp of caller through spare", Text(invite));
        Assert.Equal(["sdp of caller, to another", "sdp of callee, to another"], world.Spare.Legs.OrderBy(leg => leg.Key, StringComparer.Ordinal).Select(leg => leg.Value));
        Assert.Equal(2, world.Spare.Paths.Count);
        Assert.Null(call.Ended);

        var bye = await call.FromCaller(SipMethod.Bye);
        await call.AnswerAll();
        Assert.Equal([200], world.Edge.Answers(bye));
        Assert.Equal("hangup", call.Ended!.Reason);
        Assert.Empty(world.Spare.Legs);
    }

    [Fact]
    public async Task It_is_held_and_killed_on_its_new_node_as_on_the_old_one()
    {
        await using var world = World.Start();
        var call = await Talk(world);
        world.Spare.IsAway = false;
        await world.LoseMedia();
        await call.Reply(SipMethod.Update, 200, "sdp of caller, to another");
        await call.Answer(1, 200, "sdp of callee, to another", tag: "callee0");

        var hold = await call.FromCaller(SipMethod.Invite, "sdp of caller, held");
        await call.Answer(2, 200, "sdp of callee, held", tag: "callee0");

        Assert.Equal([200], world.Edge.Answers(hold));
        Assert.Contains("\"MediaNode\":\"spare\"", Encoding.UTF8.GetString(world.Journal.States.Single(state => state.Key.Kind == CallSnapshot.Kind).Value.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(488)]
    [InlineData(481)]
    [InlineData(408)]
    [InlineData(603)]
    public async Task A_party_that_does_not_take_the_new_description_ends_the_call(int status)
    {
        await using var world = World.Start();
        var call = await Talk(world);
        world.Spare.IsAway = false;

        await world.LoseMedia();
        await call.Reply(SipMethod.Update, 200, "sdp of caller, to another");
        await call.Answer(1, status, tag: "callee0");
        await call.AnswerAll();

        Assert.Equal((CallOutcome.Answered, EndedBy.System, "media_lost"), (call.Ended!.Outcome, call.Ended.By, call.Ended.Reason));
        Assert.Equal(2, call.Sent(SipMethod.Bye).Count);
        Assert.Empty(world.Spare.Legs);
    }

    [Fact] // RFC 3261 §14.1
    public async Task A_party_that_is_busy_with_a_change_is_asked_again()
    {
        await using var world = World.Start();
        var call = await Talk(world);
        world.Spare.IsAway = false;

        await world.LoseMedia();
        await call.Answer(1, 491, tag: "callee0");
        await world.Time.Advance(TimeSpan.FromSeconds(5));
        await call.Answer(2, 200, "sdp of callee, to another", tag: "callee0");

        Assert.Equal("sdp of caller through spare", Text(call.Forks[2].Request));
        Assert.Null(call.Ended);
    }

    [Fact]
    public async Task A_hold_that_was_under_way_is_refused_and_the_new_description_comes_after_it()
    {
        await using var world = World.Start();
        var call = await Talk(world);
        var hold = await call.FromCaller(SipMethod.Invite, "sdp of caller, held");
        world.Spare.IsAway = false;

        await world.LoseMedia();
        await call.Answer(1, 487, tag: "callee0");
        await world.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([500], world.Edge.Answers(hold));
        Assert.Contains(call.Forks[1].Transaction, world.Edge.Cancels);
        Assert.Equal("sdp of caller through spare", Text(call.Forks[2].Request));
        Assert.Null(call.Ended);
    }

    [Fact]
    public async Task A_node_is_awaited_for_some_seconds_and_then_the_call_ends()
    {
        await using var world = World.Start();
        var (moved, lost) = (await Talk(world), World.Start());
        await using var without = lost;
        var ended = await Talk(without);

        await world.LoseMedia();
        await world.Time.Advance(TimeSpan.FromSeconds(4));
        world.Spare.IsAway = false;
        await world.Time.Advance(TimeSpan.FromSeconds(2));
        await without.LoseMedia();
        await without.Time.Advance(TimeSpan.FromSeconds(14));
        var before = ended.Ended;
        await without.Time.Advance(TimeSpan.FromSeconds(3));
        await ended.AnswerAll();

        Assert.Equal(2, world.Spare.Legs.Count);
        Assert.Null(moved.Ended);
        Assert.Null(before);
        Assert.Equal("media_lost", ended.Ended!.Reason);
        Assert.Equal(2, ended.Sent(SipMethod.Bye).Count);
    }

    [Fact]
    public async Task A_node_without_room_ends_the_call_and_keeps_nothing()
    {
        await using var world = World.Start();
        var call = await Talk(world);
        (world.Spare.IsAway, world.Spare.MostLegs) = (false, 1);

        await world.LoseMedia();
        await call.AnswerAll();

        Assert.Equal("media_lost", call.Ended!.Reason);
        Assert.Empty(world.Spare.Legs);
    }

    [Fact]
    public async Task A_call_that_rings_ends_with_503()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102");
        await call.Answer(0, 180);
        world.Spare.IsAway = false;

        await world.LoseMedia();
        await call.Answer(0, 487);

        Assert.Equal(503, call.Answers.Last());
        Assert.Equal("media_lost", call.Ended!.Reason);
    }

    private static string Text(SipRequest request) => Encoding.ASCII.GetString(request.Body.Span);

    /// <summary>The caller takes UPDATE, the callee does not.</summary>
    private static async Task<TestCall> Talk(World world)
    {
        await world.Register("102", 5082, expires: 36000);
        var call = await world.Call("100", "102", headers: TakesUpdate);
        await call.PickUp();
        await call.Ack();
        return call;
    }
}
