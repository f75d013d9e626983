using System.Collections.Immutable;

namespace Telephony.Grains.Calls.History;

/// <summary>
/// The call detail record: a call as folded from its events, with one leg a device. The same events in the same order give the same record. Times that run backwards
/// (a clock that was set) count as no time.
/// </summary>
public sealed record Cdr
{
    public required Party Caller { get; init; }

    /// <summary>Whom the call was for; null while or when that is nobody.</summary>
    public Party? Callee { get; init; }

    public required string Dialled { get; init; }
    public required string Device { get; init; }
    public required string SipCallId { get; init; }

    /// <summary>Where it went and why: <c>extension</c>, <c>unknown_number</c>.</summary>
    public string? RouteReason { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The first 18x of any device.</summary>
    public DateTimeOffset? RingingAt { get; init; }

    /// <summary>The first answer: of devices that answer in the same moment, one wins.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
    public CallOutcome Outcome { get; init; }
    public EndedBy EndedBy { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>By number; the caller's, 0, first.</summary>
    public ImmutableArray<CallLeg> Legs { get; init; } = [];

    /// <summary>The leg whose answer won.</summary>
    public int? AnsweredLeg { get; init; }

    public long RingMs => RingingAt is { } rang && (AnsweredAt ?? EndedAt) is { } until ? Milliseconds(rang, until) : 0;
    public long TalkMs => AnsweredAt is { } answered && EndedAt is { } ended ? Milliseconds(answered, ended) : 0;
    public long TotalMs => RingMs + TalkMs;

    /// <summary>The party that was talked to; without an answer, the one that was called.</summary>
    public Party? OtherParty => AnsweredLeg is { } leg ? Leg(leg)!.Party : Callee;

    /// <summary>
    /// Whose history has the call, and as what: the caller's, that of each extension that a device of was offered it, and that of the one it was for, who missed it
    /// even if no device of theirs was online.
    /// </summary>
    public IEnumerable<(string Extension, CallDirection Direction)> Participants
    {
        get
        {
            var seen = new HashSet<string>();
            if (Caller.Extension is { } caller && seen.Add(caller)) yield return (caller, CallDirection.Outbound);
            foreach (var leg in Legs)
            {
                if (leg.Leg == 0 || leg.Party.Extension is not { } callee || !seen.Add(callee)) continue;

                yield return (callee, AnsweredLeg is { } answered && Leg(answered)!.Party.Extension == callee ? CallDirection.Inbound : CallDirection.Missed);
            }

            if (Callee?.Extension is { } called && seen.Add(called)) yield return (called, CallDirection.Missed);
        }
    }

    /// <summary>The record after all these events; null when they do not begin with <see cref="CallStarted"/>.</summary>
    public static Cdr? Fold(IEnumerable<CallEvent> events)
    {
        Cdr? cdr = null;
        foreach (var e in events) cdr = cdr is null ? Begin(e) : cdr.After(e);

        return cdr;
    }

    /// <summary>The record of a call that just began; null for any other event.</summary>
    public static Cdr? Begin(CallEvent e) => e is not CallStarted started ? null : new Cdr
    {
        Caller = started.Caller,
        Dialled = started.Dialled,
        Device = started.Device,
        SipCallId = started.SipCallId,
        StartedAt = started.At,
        Legs = [new(0, started.Caller, started.Device, started.At, null, null, null, null, null, null, null)],
    };

    /// <summary>An event that tells nothing new, or of a leg that is not known, changes nothing.</summary>
    public Cdr After(CallEvent e) => e switch
    {
        CallRouted routed => this with { Callee = routed.To, RouteReason = routed.Reason },
        LegOffered offered when Leg(offered.Leg) is null =>
            this with { Legs = Legs.Add(new(offered.Leg, offered.To, offered.Device, offered.At, null, null, null, null, null, null, null)) },
        LegRinging ringing when ringing.Leg > 0 && Leg(ringing.Leg) is not null => With(ringing.Leg, leg => leg with { RingingAt = leg.RingingAt ?? ringing.At }) with { RingingAt = RingingAt ?? ringing.At },
        LegAnswered answered => Answered(answered),
        QualitySampled sampled => With(sampled.Leg, leg => leg with { Quality = (leg.Quality ?? LegQuality.None).With(sampled.Quality) }),
        LegEnded ended => With(ended.Leg, leg => leg with
        {
            EndedAt = leg.EndedAt ?? ended.At,
            SipStatus = leg.SipStatus ?? ended.SipStatus,
            Q850 = leg.Q850 ?? ended.Q850,
            Reason = leg.Reason ?? ended.Reason,
            Media = leg.Media ?? ended.Media,
        }),
        CallEnded ended when EndedAt is null => this with { EndedAt = ended.At, Outcome = ended.Outcome, EndedBy = ended.By, Reason = ended.Reason },
        _ => this,
    };

    /// <summary>The call as one of its participants sees it.</summary>
    public CallRow Row(Guid id, CallDirection direction, bool flagged)
    {
        var isCaller = direction == CallDirection.Outbound;
        var other = isCaller ? OtherParty : Caller;
        return new(
            id, direction, other?.Number ?? Dialled, other?.Name, other?.Department, isCaller ? Caller.Number : Dialled,
            StartedAt, RingMs, TalkMs, TotalMs, Outcome, EndedBy, Reason, flagged);
    }

    public CallLeg? Leg(int number)
    {
        foreach (var leg in Legs) if (leg.Leg == number) return leg;

        return null;
    }

    private Cdr Answered(LegAnswered answered)
    {
        if (answered.Leg == 0 || Leg(answered.Leg) is null) return this;

        var after = With(answered.Leg, leg => leg with { AnsweredAt = leg.AnsweredAt ?? answered.At });
        return AnsweredAt is not null
            ? after
            : after.With(0, leg => leg with { AnsweredAt = answered.At }) with { AnsweredAt = answered.At, AnsweredLeg = answered.Leg };
    }

    private Cdr With(int number, Func<CallLeg, CallLeg> change) =>
        Leg(number) is { } leg ? this with { Legs = Legs.Replace(leg, change(leg)) } : this;

    private static long Milliseconds(DateTimeOffset from, DateTimeOffset to) => Math.Max(0, (to - from).Ticks / TimeSpan.TicksPerMillisecond);
}
