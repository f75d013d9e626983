using Telephony.Configuration;
using Telephony.Grains.Calls;
using Telephony.Grains.Tests.Fakes;
using Telephony.Media;
using Telephony.Sip;
using Telephony.Testing;

namespace Telephony.Grains.Tests.Calls;

/// <summary>What a call makes of what its media node notices.</summary>
public class CallMediaTests
{
    [Fact]
    public async Task A_call_in_which_nobody_sends_sound_ends()
    {
        await using var world = World.Start();
        var call = await Talk(world);

        await call.Notice(0, MediaEventKind.Silent);
        var before = call.Ended;
        await call.Notice(1, MediaEventKind.Silent);
        await call.AnswerAll();

        Assert.Null(before);
        Assert.Equal((CallOutcome.Answered, EndedBy.System, "media_timeout"), (call.Ended!.Outcome, call.Ended.By, call.Ended.Reason));
        Assert.Equal(2, call.Sent(SipMethod.Bye).Count);
        Assert.Empty(world.Media.Legs);
    }

    [Fact]
    public async Task Silence_that_is_over_counts_no_more_and_neither_does_one_before_a_hold()
    {
        await using var world = World.Start();
        var call = await Talk(world);

        await call.Notice(0, MediaEventKind.Silent);
        await call.Reply(SipMethod.Update, 200);
        await call.Notice(0, MediaEventKind.SoundAgain);
        await call.Notice(1, MediaEventKind.Silent);
        await call.Answer(1, 200, "sdp of callee 0", tag: "callee0"); // it was asked, and is there
        var hold = await call.FromCaller(SipMethod.Invite, "sdp of caller, held");
        await call.Answer(2, 200, "sdp of callee, held", tag: "callee0");
        await call.AckOf(hold);
        await call.Notice(0, MediaEventKind.Silent);

        Assert.Null(call.Ended);
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(481, "media_timeout")]
    [InlineData(408, "media_timeout")]
    public async Task A_silent_phone_is_asked_at_once_whether_it_is_there(int answer, string? reason)
    {
        await using var world = World.Start();
        var call = await Talk(world);

        await call.Notice(0, MediaEventKind.Silent);
        var asked = call.Sent(SipMethod.Update).Count;
        await call.Reply(SipMethod.Update, answer);
        await call.AnswerAll();

        Assert.Equal(1, asked);
        Assert.Equal(reason, call.Ended?.Reason);
    }

    [Fact]
    public async Task A_party_that_is_there_and_stays_silent_is_borne_for_an_hour()
    {
        await using var world = World.Start();
        var call = await Talk(world);
        await call.Notice(0, MediaEventKind.Silent);
        await call.Reply(SipMethod.Update, 200);

        for (var minutes = 0; minutes < 59; minutes += 10)
        {
            await world.Time.Advance(TimeSpan.FromMinutes(minutes == 50 ? 9 : 10));
            await AnswerRefreshes(call);
        }

        var before = call.Ended;
        await world.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(before);
        Assert.Equal("media_timeout", call.Ended!.Reason);
    }

    [Theory]
    [InlineData(MediaEventKind.LeaseExpired, "media_lost")]
    [InlineData(MediaEventKind.TransportFailed, "media_failed")]
    public async Task A_leg_that_the_node_has_lost_ends_the_call(MediaEventKind kind, string reason)
    {
        await using var world = World.Start();
        var call = await Talk(world);

        await call.Notice(1, kind, node: "another node");
        var before = call.Ended;
        await call.Notice(1, kind);
        await call.AnswerAll();

        Assert.Null(before); // of a node that the call has left
        Assert.Equal(reason, call.Ended!.Reason);
        Assert.Empty(world.Media.Legs);
    }

    [Fact]
    public async Task One_of_two_devices_whose_transport_fails_while_it_rings_leaves_the_call_to_the_other()
    {
        await using var world = World.Start();
        await world.Register("101", 5081);
        await world.Register("101-home", 5091);
        var call = await world.Call("100", "101");

        await call.Notice(1, MediaEventKind.TransportFailed);
        await call.Answer(0, 487);
        await call.PickUp(1);

        Assert.Equal(200, call.Answers.Last());
    }

    [Theory, Trait("Feature", "CALL-04")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_is_a_fact_and_which_one_only_where_that_is_wanted(bool isKept)
    {
        await using var world = World.Start(settings: new KeyValuePair<string, string?>("Telephony:Calls:KeepsDigits", isKept ? "true" : "false"));
        var call = await Talk(world);

        await call.Notice(1, MediaEventKind.DtmfPressed, e => e with { Digit = '7', Duration = TimeSpan.FromMilliseconds(160) });

        Assert.Equal(new DigitPressed(1, isKept ? '7' : null, 160, world.Time.GetUtcNow()), Assert.Single(call.Events.OfType<DigitPressed>()));
    }

    [Theory, Trait("Feature", "CALL-04")]
    [InlineData("application/dtmf-relay", "Signal=5\r\nDuration=250\r\n", 250, 250)]
    [InlineData("application/dtmf-relay", "Signal=5\r\nDuration=1\r\n", 1, 40)]
    [InlineData("application/dtmf", "5", null, 160)]
    public async Task A_key_that_comes_by_info_is_a_fact_too_and_goes_on_by_the_other_phones_method(string type, string body, int? duration, int length)
    {
        await using var world = World.Start(settings: new KeyValuePair<string, string?>("Telephony:Calls:KeepsDigits", "true"));
        var call = await Talk(world);

        var info = await call.FromCaller(SipMethod.Info, body, contentType: type);

        Assert.Equal(new DigitPressed(0, '5', duration, world.Time.GetUtcNow()), Assert.Single(call.Events.OfType<DigitPressed>()));
        Assert.Equal((new LegAddress(FakeConfiguration.Tenant, call.Id, 1).ToOwner(), "5", TimeSpan.FromMilliseconds(length)), Assert.Single(world.Media.Digits));
        Assert.Equal([200], world.Edge.Answers(info));
        Assert.Empty(call.Sent(SipMethod.Info));
    }

    [Theory]
    [InlineData("Signal=!\r\n", false)] // a flash of the hook
    [InlineData("Signal=5\r\n", true)]
    public async Task What_can_not_be_sent_as_a_key_goes_on_as_it_came(string body, bool isRefused)
    {
        await using var world = World.Start();
        var call = await Talk(world);
        world.Media.RefusesDigits = isRefused;

        var info = await call.FromCaller(SipMethod.Info, body, contentType: "application/dtmf-relay");
        await call.Reply(SipMethod.Info, 200);

        Assert.Equal("application/dtmf-relay", Assert.Single(call.Sent(SipMethod.Info)).Request.ContentType);
        Assert.Equal([200], world.Edge.Answers(info));
    }

    [Fact, Trait("Feature", "CDR-22"), Trait("Feature", "CDR-23"), Trait("Feature", "CDR-24")]
    public async Task Each_minute_of_quality_is_kept_once_and_the_rest_with_the_end()
    {
        await using var world = World.Start();
        var call = await Talk(world);
        var minute = Series(world.Time.GetUtcNow(), 60);

        await call.Notice(0, MediaEventKind.Quality, e => e with { Quality = minute });
        await call.Notice(0, MediaEventKind.Quality, e => e with { Quality = minute }); // told twice
        world.Media.Rest = Series(world.Time.GetUtcNow().AddMinutes(1), 7);
        await call.FromCaller(SipMethod.Bye);
        await call.AnswerAll();

        var kept = call.Events.OfType<QualitySampled>().Where(e => e.Leg == 0).ToList();
        Assert.Equal([60, 7], kept.Select(e => e.Quality.Mos.Length));
        Assert.Equal((50, 8600, 49, 438, 1200), (kept[0].Quality.ReceivedPackets[0], kept[0].Quality.ReceivedBytes[0], kept[0].Quality.SentPackets[0], kept[0].Quality.Mos[0], kept[0].Quality.Jitter[0]));
        Assert.Equal(call.Events.IndexOf(kept[1]) + 1, call.Events.FindIndex(e => e is LegEnded { Leg: 0 }));
    }

    [Fact]
    public async Task What_a_node_notices_reaches_its_call_once_and_again_from_the_start_when_the_node_counts_anew()
    {
        await using var world = World.Start();
        await using var reading = await world.ReadMediaEvents();
        var call = await Talk(world);
        var leg = new LegAddress(FakeConfiguration.Tenant, call.Id, 1).ToOwner();
        MediaEvent Key(long number, char digit) => new(number, leg, call.Id.ToString(), MediaEventKind.DtmfPressed, world.Time.GetUtcNow()) { Digit = digit, Duration = TimeSpan.FromMilliseconds(digit) };

        world.Media.Notice("boot", Key(1, 'A'), Key(2, 'B'), new(3, "not a leg of ours", "", MediaEventKind.Silent, world.Time.GetUtcNow()));
        await Pressed(2);
        world.Media.Notice("another", Key(1, 'C'));
        await Pressed(3);
        await world.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(['A', 'B', 'C'], call.Events.OfType<DigitPressed>().Select(pressed => (char)pressed.DurationMs!.Value));

        Task Pressed(int count) => Eventually.Is(async () => // the reader waits on threads of its own
        {
            await world.Time.Advance(TimeSpan.FromSeconds(1));
            return call.Events.OfType<DigitPressed>().Count() == count;
        });
    }

    [Theory]
    [InlineData(SipTransport.Udp, MediaSecurityPolicy.None, MediaTransport.Rtp, MediaSecurity.None)]
    [InlineData(SipTransport.Tls, MediaSecurityPolicy.Optional, MediaTransport.Rtp, MediaSecurity.Optional)]
    [InlineData(SipTransport.Udp, MediaSecurityPolicy.Required, MediaTransport.Rtp, MediaSecurity.Required)]
    [InlineData(SipTransport.Wss, MediaSecurityPolicy.None, MediaTransport.WebRtc, MediaSecurity.Required)]
    public async Task A_leg_is_made_for_its_device(SipTransport transport, MediaSecurityPolicy policy, MediaTransport expected, MediaSecurity security)
    {
        await using var world = World.Start();
        world.Configuration.MediaSecurity["102"] = policy;
        await world.Register("102", 5082, flow: World.Flow(5082) with { Transport = transport, Connection = transport == SipTransport.Udp ? 0 : 7 });

        await world.Call("100", "102");

        Assert.Equal(
            [(MediaTransport.Rtp, MediaSecurity.Optional), (expected, security)],
            world.Media.Profiles.OrderBy(leg => leg.Key, StringComparer.Ordinal).Select(leg => (leg.Value.Transport, leg.Value.Security)));
    }

    private static async Task<TestCall> Talk(World world)
    {
        await world.Register("102", 5082, expires: 36000);
        var call = await world.Call("100", "102", headers: "Supported: timer\nAllow: INVITE, ACK, BYE, UPDATE");
        await call.PickUp();
        await call.Ack();
        return call;
    }

    private static async Task AnswerRefreshes(TestCall call)
    {
        if (call.Sent(SipMethod.Update).Count > 0) await call.Reply(SipMethod.Update, 200);
        if (call.Forks.Count > 1) await call.Answer(call.Forks.Count - 1, 200, "sdp of callee 0", tag: "callee0");
    }

    private static QualitySeries Series(DateTimeOffset from, int seconds) =>
        new(from, [.. Enumerable.Repeat(new QualitySample(50, 8600, 49, 8428, 0, 1200, 21_000, 92, 438, 0, 1500), seconds)]);
}
