using System.Text;
using Telephony.Grains.Calls;
using Telephony.Grains.Tests.Fakes;
using Telephony.Sip;

namespace Telephony.Grains.Tests.Calls;

/// <summary>Session timers on both legs of a call, each by itself (RFC 4028), and changes of a session by UPDATE (RFC 3311).</summary>
public class SessionRefreshTests
{
    private const string Update = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE";
    private const string TheyRefresh = "Session-Expires: 1800;refresher=";

    private static string Body(SipMessage message) => Encoding.ASCII.GetString(message.Body.Span);

    /// <summary>A call that is answered; the peers refresh, but for what the headers say.</summary>
    private static async Task<(World World, TestCall Call)> Talking(
        string caller = $"Supported: timer\n{TheyRefresh}uac\n{Update}", string callee = $"Supported: timer\nRequire: timer\n{TheyRefresh}uas\n{Update}")
    {
        var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102", headers: caller);
        await call.Answer(0, 200, "sdp of callee", headers: callee);
        await call.Ack();
        return (world, call);
    }

    [Fact]
    public async Task Both_sides_are_told_how_long_the_session_lives()
    {
        var (world, call) = await Talking();
        await using var _ = world;

        var invite = call.Forks[0].Request;
        Assert.Equal(("1800;refresher=uac", "90", true), (invite.Header("Session-Expires"), invite.Header("Min-SE"), invite.HasOption("Supported", "timer")));
        Assert.Equal(("1800;refresher=uac", "timer"), (call.LastAnswer.Header("Session-Expires"), call.LastAnswer.Header("Require")));
    }

    [Fact] // RFC 4028 §10
    public async Task A_phone_that_takes_UPDATE_is_refreshed_by_it_at_half_time()
    {
        var (world, call) = await Talking(callee: $"Supported: timer\nRequire: timer\nSession-Expires: 600;refresher=uac\n{Update}");
        await using var _ = world;

        await world.Time.Advance(TimeSpan.FromSeconds(299));
        var before = call.Sent(SipMethod.Update).Count;
        await world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.Settle();
        var refresh = call.Sent(SipMethod.Update)[^1].Request;
        await call.Reply(SipMethod.Update, 200, headers: "Session-Expires: 600;refresher=uac");
        await world.Time.Advance(TimeSpan.FromSeconds(300));
        await world.Settle();

        Assert.Equal(0, before);
        Assert.Equal(("600;refresher=uac", true), (refresh.Header("Session-Expires"), refresh.Body.IsEmpty));
        Assert.Equal(2, call.Sent(SipMethod.Update).Count);
        Assert.Null(call.Ended);
    }

    [Fact]
    public async Task A_phone_that_knows_nothing_of_timers_is_refreshed_by_a_reINVITE_with_the_offer_that_it_knows()
    {
        var (world, call) = await Talking(callee: "User-Agent: old");
        await using var _ = world;

        await world.Time.Advance(TimeSpan.FromSeconds(900));
        await world.Settle();
        var refresh = call.Forks[1];
        await call.Answer(1, 200, "sdp of callee", tag: "callee0");

        Assert.Equal(Body(call.Forks[0].Request), Body(refresh.Request));
        Assert.Equal(refresh.Transaction, world.Edge.Acks[^1].Transaction);
        Assert.Null(call.Ended);
    }

    [Theory]
    [InlineData(408, "timeout")]
    [InlineData(481, "timeout")]
    public async Task A_dead_phone_is_found_out_and_the_call_ends(int status, string reason)
    {
        var (world, call) = await Talking(callee: Update);
        await using var _ = world;
        await world.Time.Advance(TimeSpan.FromSeconds(900));
        await world.Settle();

        await call.Reply(SipMethod.Update, status);
        await call.AnswerAll();

        Assert.Equal((reason, EndedBy.System), (call.Ended!.Reason, call.Ended.By));
        Assert.Equal(2, call.Sent(SipMethod.Bye).Count);
        Assert.Empty(world.Media.Legs);
    }

    [Fact] // RFC 4028 §10: 32 s before it expires
    public async Task A_phone_that_should_refresh_and_does_not_is_hung_up()
    {
        var (world, call) = await Talking();
        await using var _ = world;

        await world.Time.Advance(TimeSpan.FromSeconds(1767));
        await world.Settle();
        var before = call.Ended;
        await world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.Settle();

        Assert.Null(before);
        Assert.Equal("session_expired", call.Ended!.Reason);
        Assert.Equal(2, call.Sent(SipMethod.Bye).Count);
    }

    [Fact]
    public async Task A_phones_own_refresh_keeps_its_session_and_not_the_others()
    {
        var (world, call) = await Talking();
        await using var _ = world;
        await world.Time.Advance(TimeSpan.FromSeconds(1700));

        var refresh = await call.FromCaller(SipMethod.Update, headers: $"Supported: timer\n{TheyRefresh}uac");
        await world.Time.Advance(TimeSpan.FromSeconds(100));
        await world.Settle();

        Assert.Equal((200, "1800;refresher=uac"), (call.AnswerTo(refresh).Status, call.AnswerTo(refresh).Header("Session-Expires")));
        Assert.Equal("session_expired", call.Ended!.Reason); // the callee's
    }

    [Fact]
    public async Task A_session_that_lives_for_a_hundred_years_is_a_session()
    {
        var (world, call) = await Talking($"Supported: timer\nSession-Expires: 4294967295;refresher=uac\nMin-SE: 4294967295\n{Update}", "Session-Expires: 4294967295;refresher=uas");
        await using var _ = world;

        Assert.Equal("4294967295;refresher=uac", call.LastAnswer.Header("Session-Expires"));
        Assert.Null(call.Ended);
    }

    [Fact] // RFC 4028 §7.4
    public async Task A_phone_that_finds_the_interval_too_short_is_asked_again()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);
        var call = await world.Call("100", "102");

        await call.Answer(0, 422, headers: "Min-SE: 3600");
        await call.Answer(1, 180);
        await call.Answer(1, 422, headers: "Min-SE: 3601");

        Assert.Equal((2u, "3600;refresher=uac", "3600"), (call.Forks[1].Request.CSeq.Number, call.Forks[1].Request.Header("Session-Expires"), call.Forks[1].Request.Header("Min-SE")));
        Assert.Equal(3, call.Forks.Count);
        await call.Answer(2, 422, headers: "Min-SE: 3601"); // that is what it was asked with
        Assert.Equal(480, call.LastAnswer.Status);
    }

    [Fact] // RFC 4028 §9
    public async Task A_refresh_that_asks_for_too_short_an_interval_is_422()
    {
        var (world, call) = await Talking();
        await using var _ = world;

        var refresh = await call.FromCaller(SipMethod.Update, headers: "Supported: timer\nSession-Expires: 60");

        Assert.Equal((422, "90"), (call.AnswerTo(refresh).Status, call.AnswerTo(refresh).Header("Min-SE")));
        Assert.Null(call.Ended);
    }

    [Fact] // RFC 3261 §14.1
    public async Task A_refresh_that_meets_a_change_is_sent_again_after_a_while()
    {
        var (world, call) = await Talking(callee: "User-Agent: old");
        await using var _ = world;
        await world.Time.Advance(TimeSpan.FromSeconds(900));
        await world.Settle();

        await call.Answer(1, 491, tag: "callee0");
        await world.Time.Advance(TimeSpan.FromSeconds(2.09));
        await world.Settle();
        var before = call.Forks.Count;
        await world.Time.Advance(TimeSpan.FromSeconds(2));
        await world.Settle();

        Assert.Equal((2, 3), (before, call.Forks.Count));
    }

    [Fact]
    public async Task A_phone_that_refuses_UPDATE_is_refreshed_by_a_reINVITE()
    {
        var (world, call) = await Talking(callee: Update);
        await using var _ = world;
        await world.Time.Advance(TimeSpan.FromSeconds(900));
        await world.Settle();

        await call.Reply(SipMethod.Update, 501);
        await world.Time.Advance(TimeSpan.FromMilliseconds(20));
        await world.Settle();

        Assert.Equal(2, call.Forks.Count);
    }

    [Theory] // RFC 3311
    [InlineData(Update, true)]
    [InlineData("User-Agent: old", false)]
    public async Task An_UPDATE_with_an_offer_goes_on_as_what_the_other_phone_takes(string callee, bool byUpdate)
    {
        var (world, call) = await Talking(callee: callee);
        await using var _ = world;

        var update = await call.FromCaller(SipMethod.Update, "sdp of caller, held");
        await call.Reply(byUpdate ? SipMethod.Update : SipMethod.Invite, 200, "sdp of callee, held");

        Assert.Equal((200, "sdp of callee, held through us"), (call.AnswerTo(update).Status, Body(call.AnswerTo(update))));
        Assert.Equal(byUpdate ? 1 : 2, world.Edge.Acks.Count);
        Assert.Equal(["sdp of callee, held", "sdp of caller, held"], world.Media.Legs.Values.Order());
        var next = await call.FromCallee(SipMethod.Invite, "sdp of callee, resumed");
        Assert.Empty(world.Edge.Answers(next)); // the exchange is over: the next one goes on
    }

    [Fact]
    public async Task A_refused_UPDATE_leaves_the_session_as_it_was()
    {
        var (world, call) = await Talking();
        await using var _ = world;
        var before = world.Media.Legs.ToDictionary();

        var update = await call.FromCaller(SipMethod.Update, "sdp of caller, moved");
        await call.Reply(SipMethod.Update, 488);

        Assert.Equal([488], world.Edge.Answers(update));
        Assert.Equal(before, world.Media.Legs);
        Assert.Empty(world.Media.Offered);
    }

    [Theory] // RFC 6141 §4
    [InlineData(488, "127.0.0.1:5082")]
    [InlineData(200, "127.0.0.1:9")]
    public async Task A_reINVITE_moves_the_target_when_it_is_accepted(int status, string target)
    {
        var (world, call) = await Talking();
        await using var _ = world;

        var moved = await call.FromCallee(SipMethod.Invite, "sdp of callee, moved"); // its Contact is 127.0.0.1:9
        await call.Answer(1, status, "sdp of caller, answer", tag: "caller");
        if (status == 200) await call.AckOf(moved);
        await call.FromCaller(SipMethod.Bye);

        Assert.Equal([status], world.Edge.Answers(moved));
        Assert.Equal(target, $"{call.Sent(SipMethod.Bye)[^1].Request.RequestUri.Host}:{call.Sent(SipMethod.Bye)[^1].Request.RequestUri.Port}");
    }

    [Fact]
    public async Task A_session_timer_is_stored_with_the_call()
    {
        var (world, call) = await Talking(callee: Update);
        await using var _ = world;
        await world.Time.Advance(TimeSpan.FromSeconds(900));
        await world.Settle();

        var snapshot = CallSnapshot.Read(world.Journal.States.Single(state => state.Key.Kind == CallSnapshot.Kind).Value)!;

        Assert.Equal(new SessionTimer(TimeSpan.FromSeconds(1800), WeRefresh: true, world.Time.GetUtcNow() - TimeSpan.FromSeconds(900)), snapshot.Legs[1].Timer);
        Assert.True(snapshot.Legs[1].AllowsUpdate);
    }

    [Theory] // RFC 4028 §11: each side of a B2BUA by itself
    [InlineData("INVITE")]
    [InlineData("UPDATE")]
    public async Task A_refresh_that_changes_nothing_is_not_the_other_phones_business(string method)
    {
        var (world, call) = await Talking();
        await using var _ = world;
        var sent = world.Edge.Sent.Count;

        var refresh = await call.FromCaller(SipMethod.Of(method), "sdp of caller", headers: $"Supported: timer\n{TheyRefresh}uac");
        if (method == "INVITE") await call.AckOf(refresh);
        var hold = await call.FromCaller(SipMethod.Invite, "sdp of caller, held");

        Assert.Equal((200, "sdp of callee through us", "1800;refresher=uac"), (call.AnswerTo(refresh).Status, Body(call.AnswerTo(refresh)), call.AnswerTo(refresh).Header("Session-Expires")));
        Assert.Equal(sent + 1, world.Edge.Sent.Count); // the hold goes on
        Assert.Empty(world.Edge.Answers(hold));
    }

    [Fact] // RFC 3261 §9.1
    public async Task A_change_that_was_agreed_to_when_it_was_cancelled_is_changed_back()
    {
        var (world, call) = await Talking();
        await using var _ = world;
        var hold = await call.FromCaller(SipMethod.Invite, "sdp of caller, held");
        await call.CancelOf(hold);

        await call.Answer(1, 200, "sdp of callee, held", tag: "callee0");

        Assert.Equal([487], world.Edge.Answers(hold));
        Assert.Equal("sdp of caller through us", Body(Assert.Single(call.Sent(SipMethod.Update)).Request));
        await call.Reply(SipMethod.Update, 200, "sdp of callee");
        Assert.Equal(["sdp of callee", "sdp of caller"], world.Media.Legs.Values.Order());
    }

    [Fact] // RFC 3261 §14.2
    public async Task A_second_reINVITE_before_the_answer_to_the_first_is_500()
    {
        var (world, call) = await Talking();
        await using var _ = world;
        await call.FromCaller(SipMethod.Invite, "sdp of caller, held");

        var second = await call.FromCaller(SipMethod.Invite, "sdp of caller, held more");

        Assert.Equal([500], world.Edge.Answers(second));
        Assert.NotNull(call.AnswerTo(second).Header("Retry-After"));
    }

    [Fact] // RFC 3261 §13.2.2.4
    public async Task An_answer_without_a_description_ends_the_call()
    {
        var (world, call) = await Talking();
        await using var _ = world;
        await call.FromCaller(SipMethod.Invite, "sdp of caller, held");

        await call.Answer(1, 200, tag: "callee0");

        Assert.Equal("bad_description", call.Ended!.Reason);
        Assert.Equal(2, world.Edge.Acks.Count);
    }
}
