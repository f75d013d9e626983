using System.Collections.Immutable;
using Telephony.Grains.Calls;
using Telephony.Grains.Extensions;
using Telephony.Sip;

namespace Telephony.Grains.Tests.Calls;

/// <summary>One call, driven by inputs alone: what is journalled and what is done.</summary>
public class CallMachineTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Party Alice = new("100", "Alice", "100");
    private static readonly Party Bob = new("101", "Bob", "101");

    private readonly List<CallEvent> _events = [];
    private Call _call = Call.None;

    [Fact]
    public void All_devices_ring_at_once_and_the_first_answer_cancels_the_others()
    {
        Ring(devices: 3);
        var rang = On(new LegProgressed(1));
        var rangToo = On(new LegProgressed(2));

        var answered = On(new LegAccepted(2));

        Does(rang, new RingCaller());
        Assert.Empty(rangToo.Effects);
        Does(answered, new StopRingTimer(), new AnswerCaller(2), new CancelLeg(1, "answered_elsewhere"), new CancelLeg(3, "answered_elsewhere"));
        Assert.Equal(CallStatus.Talking, _call.Status);
        Assert.Equal([0, 2], _call.Live.Select(leg => leg.Number));
    }

    [Theory]
    [InlineData(0, EndedBy.Caller)]
    [InlineData(1, EndedBy.Callee)]
    public void Either_side_hangs_up(int leg, EndedBy by)
    {
        Talk();

        var step = On(new PartyHungUp(leg));

        Does(step, new HangUpLeg(1 - leg));
        Assert.Equal(new CallEnded(CallOutcome.Answered, by, "hangup", Now), _events[^1]);
        Assert.Empty(_call.Live);
    }

    [Fact]
    public void Both_sides_that_hang_up_at_once_end_the_call_once()
    {
        Talk();
        On(new PartyHungUp(0));

        var second = On(new PartyHungUp(1));

        Assert.Equal(CallStep.Nothing, second);
        Assert.Single(_events.OfType<CallEnded>());
    }

    [Theory]
    [InlineData(486, 486, CallOutcome.Busy, "busy")]
    [InlineData(600, 486, CallOutcome.Busy, "busy")]
    [InlineData(603, 603, CallOutcome.Declined, "declined")]
    [InlineData(480, 480, CallOutcome.NoAnswer, "no_answer")]
    [InlineData(408, 480, CallOutcome.NoAnswer, "no_answer")]
    [InlineData(488, 488, CallOutcome.Failed, "failed")]
    [InlineData(500, 480, CallOutcome.Failed, "failed")]
    public void The_only_device_refuses(int status, int toCaller, CallOutcome outcome, string reason)
    {
        Ring(devices: 1);

        var step = On(new LegRefused(1, status));

        Does(step, new StopRingTimer(), new RefuseCaller(toCaller));
        var ended = Assert.IsType<CallEnded>(_events[^1]);
        Assert.Equal((outcome, reason), (ended.Outcome, ended.Reason));
        Assert.Empty(_call.Live);
    }

    [Fact]
    public void A_busy_device_leaves_the_others_ringing_and_decides_only_at_the_end()
    {
        Ring(devices: 2);

        var busy = On(new LegRefused(1, 486));
        var silent = On(new LegRefused(2, 408));

        Assert.Empty(busy.Effects);
        Does(silent, new StopRingTimer(), new RefuseCaller(486));
    }

    [Fact]
    public void A_decline_speaks_for_all_devices()
    {
        Ring(devices: 2);

        var step = On(new LegRefused(1, 603));

        Does(step, new StopRingTimer(), new CancelLeg(2, "declined"), new RefuseCaller(603));
    }

    [Fact]
    public void A_caller_who_gives_up_stops_every_device()
    {
        Ring(devices: 2);

        var step = On(new CallerCancelled());

        Does(step, new StopRingTimer(), new CancelLeg(1, "cancelled"), new CancelLeg(2, "cancelled"), new RefuseCaller(487));
        Assert.Equal(CallOutcome.Cancelled, Assert.IsType<CallEnded>(_events[^1]).Outcome);
    }

    [Fact]
    public void Nobody_answers_in_time()
    {
        Ring(devices: 1);

        var step = On(new RingTimedOut());

        Does(step, new StopRingTimer(), new CancelLeg(1, "no_answer"), new RefuseCaller(480));
        Assert.Equal(new CallEnded(CallOutcome.NoAnswer, EndedBy.System, "no_answer", Now), _events[^1]);
    }

    [Fact]
    public void A_cancel_that_crosses_the_answer_changes_nothing()
    {
        Talk();

        Assert.Equal(CallStep.Nothing, On(new CallerCancelled()));
    }

    [Fact]
    public void An_unknown_number_is_refused_with_404()
    {
        Arrive();

        var step = On(new NobodyFound());

        Does(step, new RefuseCaller(404));
        Assert.Equal(CallOutcome.Failed, Assert.IsType<CallEnded>(_events[^1]).Outcome);
    }

    [Fact]
    public void An_extension_with_no_device_online_is_refused_with_480_and_says_which_did_not_ring()
    {
        Arrive();

        var step = On(new RouteFound(Bob, [], [new("101", SkipReason.Offline)]));

        Does(step, new RefuseCaller(480));
        Assert.Contains(new LegSkipped(Bob, "101", SkipReason.Offline, Now), _events);
        Assert.Equal("offline", Assert.IsType<CallEnded>(_events[^1]).Reason);
    }

    [Fact]
    public void A_caller_who_never_acknowledges_is_hung_up_like_the_other()
    {
        Talk();

        var step = On(new PartyLost(0, "ack_timeout"));

        Does(step, new HangUpLeg(0), new HangUpLeg(1));
    }

    [Fact]
    public void After_a_restart_a_ringing_call_is_refused_and_an_answered_one_is_hung_up()
    {
        Ring(devices: 1);
        var ringing = On(new SiloRestarted());
        _call = Call.None;
        Talk();
        var talking = On(new SiloRestarted());

        Does(ringing, new StopRingTimer(), new CancelLeg(1, "restart"), new RefuseCaller(503));
        Does(talking, new HangUpLeg(0), new HangUpLeg(1));
        Assert.Equal(new CallEnded(CallOutcome.Answered, EndedBy.System, "restart", Now), _events[^1]);
    }

    /// <summary>Every order of every input: a call ends once, with each leg ended once, and nothing is done to legs that are gone.</summary>
    [Fact]
    public void Any_sequence_of_inputs_ends_each_leg_at_most_once()
    {
        for (var seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            _call = Call.None;
            _events.Clear();
            Ring(devices: random.Next(1, 4));
            for (var i = 0; i < 12; i++) On(Any(random));
            if (_call.Status != CallStatus.Ended) On(new SiloRestarted());

            Assert.Equal(CallStatus.Ended, _call.Status);
            Assert.Single(_events.OfType<CallEnded>());
            Assert.Equal(_call.Legs.Length, _events.OfType<LegEnded>().Select(e => e.Leg).Distinct().Count());
            Assert.Equal(_call.Legs.Length, _events.OfType<LegEnded>().Count());
            Assert.Equal(_events.Count, _call.Version);
        }
    }

    private static CallInput Any(Random random)
    {
        var leg = random.Next(0, 5);
        return random.Next(9) switch
        {
            0 => new LegProgressed(leg),
            1 => new LegAccepted(leg),
            2 => new LegRefused(leg, random.Next(400, 607)),
            3 => new CallerCancelled(),
            4 => new RingTimedOut(),
            5 => new PartyHungUp(leg),
            6 => new PartyLost(leg, "timeout"),
            7 => new CallBroke(500, "failed"),
            _ => new RouteFound(Bob, [], []),
        };
    }

    [Fact, Trait("Feature", "CDR-24")]
    public void What_the_media_node_tells_of_a_live_leg_is_a_fact_and_of_an_ended_one_nothing()
    {
        Talk();
        var quality = new LegQualitySeries(Now);

        On(new KeyPressed(1, '5', 120));
        On(new QualityMeasured(0, quality));
        On(new KeyPressed(7, '5', 120));
        On(new PartyHungUp(0));
        On(new QualityMeasured(0, quality));

        Assert.Equal([new DigitPressed(1, '5', 120, Now), new QualitySampled(0, quality, Now)], _events.Where(e => e is DigitPressed or QualitySampled));
    }

    private static void Does(CallStep step, params CallEffect[] effects) => Assert.Equal(effects, step.Effects.ToArray());

    private void Arrive() => On(new CallArrived(Alice, "101", "100", "abc@127.0.0.1"));

    private void Ring(int devices)
    {
        Arrive();
        On(new RouteFound(Bob, [.. Enumerable.Range(1, devices).Select(Target)], []));
    }

    private void Talk()
    {
        Ring(devices: 1);
        On(new LegAccepted(1));
    }

    private static RingTarget Target(int number) =>
        new($"device{number}", $"sip:bob@127.0.0.1:{5080 + number}", new SipFlow(SipTransport.Udp, $"127.0.0.1:{5080 + number}"), ImmutableArray<string>.Empty, null);

    private CallStep On(CallInput input)
    {
        var step = CallMachine.On(_call, input, Now);
        foreach (var e in step.Events) _call = _call.After(e);
        _events.AddRange(step.Events);
        return step;
    }
}
