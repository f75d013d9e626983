using System.Collections.Immutable;
using static Telephony.Grains.Calls.CallStatus;

namespace Telephony.Grains.Calls;

/// <summary>What an input leads to: facts to journal, then deeds to carry out.</summary>
public sealed record CallStep(ImmutableArray<CallEvent> Events, ImmutableArray<CallEffect> Effects)
{
    public static CallStep Nothing { get; } = new([], []);
}

/// <summary>
/// Every move a call can make, without I/O. An input that is not listed for the status changes nothing: it came late or twice.
/// <code>
/// New --arrived--> Routing --route found--> Ringing --first answer--> Talking --hang up--> Ended
///                     |                        |                          |
///                     +--nobody, broke---------+--refused, cancelled,     +--lost, restart---> Ended
///                                                 timed out, restart,     |
///                                                 media gone              +--media gone: they move
/// </code>
/// </summary>
public static class CallMachine
{
    public static CallStep On(Call call, CallInput input, DateTimeOffset at) => (call.Status, input) switch
    {
        (New, CallArrived i) => new([new CallStarted(i.Caller, i.Dialled, i.Device, i.SipCallId, at)], []),
        (Routing, NobodyFound) => new([new CallRouted(RouteKind.Nowhere, null, "unknown_number", at),
            .. End(call, CallOutcome.Failed, EndedBy.System, "unknown_number", 404, at)], [new RefuseCaller(404)]),
        (Routing, RouteFound i) => Offer(call, i, at),

        (Ringing, LegProgressed i) when call.Find(i.Leg) is { Status: LegStatus.Offered } =>
            new([new LegRinging(i.Leg, at)], call.Waiting.Any(leg => leg.Status == LegStatus.Ringing) ? [] : [new RingCaller()]),
        (Ringing, LegAccepted i) when call.Waiting.Any(leg => leg.Number == i.Leg) => Answer(call, i.Leg, at),
        (Ringing, LegRefused i) when call.Waiting.Any(leg => leg.Number == i.Leg) => Refuse(call, i, at),
        (Ringing, RingTimedOut) => Stop(call, CallOutcome.NoAnswer, EndedBy.System, "no_answer", 480, at),
        (Routing or Ringing, CallerCancelled) => Stop(call, CallOutcome.Cancelled, EndedBy.Caller, "cancelled", 487, at),
        (Routing or Ringing, CallBroke i) => Stop(call, CallOutcome.Failed, EndedBy.System, i.Reason, i.Status, at),
        (Routing or Ringing, SiloRestarted) => Stop(call, CallOutcome.Failed, EndedBy.System, "restart", 503, at),

        (Talking, PartyHungUp i) when IsTalking(call, i.Leg) =>
            HangUp(call, i.Leg, i.Leg == 0 ? EndedBy.Caller : EndedBy.Callee, "hangup", at),
        (Talking, PartyLost i) when IsTalking(call, i.Leg) => HangUp(call, null, EndedBy.System, i.Reason, at), // with a BYE to the lost one too: it may hear that
        (Talking, CallBroke i) => HangUp(call, null, EndedBy.System, i.Reason, at),
        (Talking, MediaGone) => new([], [new MoveMedia()]),
        (Routing or Ringing, MediaGone) => Stop(call, CallOutcome.Failed, EndedBy.System, "media_lost", 503, at),
        (Talking, SiloRestarted) => HangUp(call, null, EndedBy.System, "restart", at),
        (Ringing or Talking, KeyPressed i) when IsLive(call, i.Leg) => new([new DigitPressed(i.Leg, i.Digit, i.DurationMs, at)], []),
        (Ringing or Talking, QualityMeasured i) when IsLive(call, i.Leg) => new([new QualitySampled(i.Leg, i.Quality, at)], []),
        _ => CallStep.Nothing,
    };

    private static bool IsLive(Call call, int leg) => call.Find(leg) is { Status: not LegStatus.Ended };

    private static bool IsTalking(Call call, int leg) => call.Find(leg) is { Status: LegStatus.Answered };

    private static CallStep Offer(Call call, RouteFound route, DateTimeOffset at)
    {
        ImmutableArray<CallEvent> routed =
        [
            new CallRouted(RouteKind.Extension, route.Callee, "extension", at),
            .. route.Skipped.Select(skip => new LegSkipped(route.Callee, skip.Device, skip.Reason, at)),
            .. route.Targets.Select((target, i) => new LegOffered(i + 1, route.Callee, target.Device, target.UserAgent, at)),
        ];
        return route.Targets.IsEmpty
            ? new([.. routed, .. End(call, CallOutcome.NoAnswer, EndedBy.System, "offline", 480, at)], [new RefuseCaller(480)])
            : new(routed, [.. route.Targets.Select((_, i) => new OfferLeg(i + 1)), new StartRingTimer()]);
    }

    private static CallStep Answer(Call call, int leg, DateTimeOffset at)
    {
        var others = call.Waiting.Where(other => other.Number != leg).ToList();
        return new(
            [new LegAnswered(leg, at), .. others.Select(other => new LegEnded(other.Number, EndedBy.System, 487, Q850.NonSelected, "answered_elsewhere", null, at))],
            [new StopRingTimer(), new AnswerCaller(leg), .. others.Select(other => new CancelLeg(other.Number, "answered_elsewhere"))]);
    }

    /// <summary>One device less. A 6xx speaks for the user and stops them all (RFC 3261 §16.7); when the last one is gone, the caller gets the best of their statuses.</summary>
    private static CallStep Refuse(Call call, LegRefused refused, DateTimeOffset at)
    {
        var ended = new LegEnded(refused.Leg, EndedBy.Callee, refused.Status, Q850.FromSip(refused.Status), Refusal.Reason(refused.Status), null, at);
        var others = call.Waiting.Where(other => other.Number != refused.Leg).ToList();
        if (refused.Status < 600 && others.Count > 0) return new([ended], []);

        var after = call.After(ended);
        var (outcome, status, reason) = Refusal.ForCaller(after);
        var by = outcome is CallOutcome.Busy or CallOutcome.Declined ? EndedBy.Callee : EndedBy.System;
        return new(
            [ended, .. End(after, outcome, by, reason, status, at)],
            [new StopRingTimer(), .. others.Select(other => new CancelLeg(other.Number, reason)), new RefuseCaller(status)]);
    }

    private static CallStep Stop(Call call, CallOutcome outcome, EndedBy by, string reason, int status, DateTimeOffset at) => new(
        End(call, outcome, by, reason, status, at),
        [new StopRingTimer(), .. call.Waiting.Select(leg => new CancelLeg(leg.Number, reason)), new RefuseCaller(status, status == 488 ? reason : null)]);

    /// <param name="leg">The leg that went by itself; null: we end both.</param>
    private static CallStep HangUp(Call call, int? leg, EndedBy by, string reason, DateTimeOffset at) => new(
        [.. call.Live.Select(live => new LegEnded(live.Number, by, null, Q850.For(reason), reason, null, at)), new CallEnded(CallOutcome.Answered, by, reason, at)],
        [.. call.Live.Where(live => live.Number != leg).Select(live => new HangUpLeg(live.Number))]);

    private static ImmutableArray<CallEvent> End(Call call, CallOutcome outcome, EndedBy by, string reason, int status, DateTimeOffset at) =>
    [
        .. call.Live.Reverse().Select(leg => new LegEnded(leg.Number, by, leg.Number == 0 ? status : 487, Q850.For(reason), reason, null, at)),
        new CallEnded(outcome, by, reason, at),
    ];
}
