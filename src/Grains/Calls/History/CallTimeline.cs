using System.Collections.Immutable;

namespace Telephony.Grains.Calls.History;

/// <summary>Tells a call's events as people would (CDR-21).</summary>
public static class CallTimeline
{
    private static readonly TimeSpan Simultaneous = TimeSpan.FromSeconds(1);

    /// <summary>The entries by time. Devices of one extension that were offered the call together are one <c>rang</c>; each that did not ring says why.</summary>
    public static ImmutableArray<TimelineEntry> Of(IReadOnlyList<CallEvent> events)
    {
        if (Cdr.Fold(events) is not { } cdr) return [];

        var entries = events.SelectMany(e => Of(e, cdr)).Concat(Rang(cdr));
        return [.. entries.OrderBy(entry => entry.At).ThenBy(entry => Order(entry.Kind))];
    }

    private static IEnumerable<TimelineEntry> Of(CallEvent e, Cdr cdr) => e switch
    {
        CallStarted started => [new(e.At, "called", cdr.Caller, cdr.Callee ?? new Party(started.Dialled, null), [started.Device], null, null, null, null)],
        CallRouted { Kind: RouteKind.Nowhere } routed =>
            [new(e.At, "unknown_number", null, new Party(cdr.Dialled, null), [], routed.Reason, null, cdr.Leg(0)!.SipStatus, cdr.Leg(0)!.Q850)],
        LegSkipped skipped => [new(e.At, "skipped", skipped.To, null, [skipped.Device], SnakeCase.Of(skipped.Reason), null, null, null)],
        LegAnswered answered when answered.Leg == cdr.AnsweredLeg && answered.At == cdr.AnsweredAt =>
            [new(e.At, "answered", cdr.Leg(answered.Leg)!.Party, cdr.Caller, [cdr.Leg(answered.Leg)!.Device], null, cdr.RingMs, null, null)],
        LegEnded { Leg: > 0 } ended when cdr.Leg(ended.Leg) is { AnsweredAt: null } leg && ended.At == leg.EndedAt => [Unanswered(leg)],
        CallEnded ended when ended.At == cdr.EndedAt => [Ended(ended, cdr)],
        _ => [],
    };

    private static TimelineEntry Unanswered(CallLeg leg) => new(
        leg.EndedAt!.Value, leg.RingingAt is null ? "skipped" : "not_answered", leg.Party, null, [leg.Device], leg.Reason,
        leg.RingingAt is { } rang ? Math.Max(0, (leg.EndedAt.Value - rang).Ticks / TimeSpan.TicksPerMillisecond) : null, leg.SipStatus, leg.Q850);

    private static TimelineEntry Ended(CallEnded ended, Cdr cdr)
    {
        var actor = ended.By switch
        {
            EndedBy.Caller => cdr.Caller,
            EndedBy.Callee => cdr.OtherParty,
            _ => null,
        };
        return new(
            ended.At, "ended", actor, null, [], ended.Reason, cdr.AnsweredAt is null ? null : cdr.TalkMs, cdr.Leg(0)!.SipStatus, cdr.Leg(0)!.Q850);
    }

    private static IEnumerable<TimelineEntry> Rang(Cdr cdr)
    {
        for (var left = cdr.Legs.Where(leg => leg.Leg > 0).ToList(); left.Count > 0;)
        {
            var together = left.FindAll(leg => leg.Party == left[0].Party && leg.OfferedAt - left[0].OfferedAt < Simultaneous);
            left.RemoveAll(together.Contains);
            var rang = together.FindAll(leg => leg.RingingAt is not null);
            if (rang.Count > 0) yield return new(rang.Min(leg => leg.RingingAt!.Value), "rang", rang[0].Party, cdr.Caller, [.. rang.Select(leg => leg.Device)], null, null, null, null);
        }
    }

    // Of what has one time: first what was done, then what came of it.
    private static int Order(string kind) => kind switch
    {
        "called" => 0,
        "unknown_number" => 1,
        "rang" => 2,
        "skipped" => 3,
        "answered" => 4,
        "not_answered" => 5,
        _ => 6,
    };
}
