using System.Collections.Immutable;

namespace Telephony.Grains.Calls;

public enum CallStatus { New, Routing, Ringing, Talking, Ended }

public enum LegStatus { Offered, Ringing, Answered, Ended }

/// <summary>One party's side of a call. Number 0 is the caller's.</summary>
/// <param name="Refused">The final status it ended with, when it was not answered.</param>
public sealed record Leg(int Number, Party Party, string Device, LegStatus Status, int? Refused = null);

/// <summary>A call as folded from its events: who takes part and how far it is. Nothing of SIP or media.</summary>
public sealed record Call(CallStatus Status, Party? Callee, ImmutableArray<Leg> Legs, long Version)
{
    public static Call None { get; } = new(CallStatus.New, null, [], 0);

    /// <summary>When <see cref="Status"/> began.</summary>
    public DateTimeOffset Since { get; init; }

    public Leg Caller => Legs[0];

    /// <summary>The callee's legs that still ring.</summary>
    public IEnumerable<Leg> Waiting => Legs.Skip(1).Where(leg => leg.Status is LegStatus.Offered or LegStatus.Ringing);

    public IEnumerable<Leg> Live => Legs.Where(leg => leg.Status != LegStatus.Ended);

    public Leg? Find(int number) => number >= 0 && number < Legs.Length ? Legs[number] : null;

    /// <summary>The only place where a call's or a leg's status changes.</summary>
    public Call After(CallEvent e)
    {
        var next = this with { Version = Version + 1 };
        return e switch
        {
            CallStarted s => next with { Status = CallStatus.Routing, Since = s.At, Legs = [new Leg(0, s.Caller, s.Device, LegStatus.Offered)] },
            CallRouted r => next with { Status = CallStatus.Ringing, Since = r.At, Callee = r.To },
            LegOffered o => next with { Legs = Legs.Add(new Leg(o.Leg, o.To, o.Device, LegStatus.Offered)) },
            LegRinging r => next.With(r.Leg, LegStatus.Ringing),
            LegAnswered a => (next with { Status = CallStatus.Talking, Since = a.At }).With(0, LegStatus.Answered).With(a.Leg, LegStatus.Answered),
            LegEnded gone => next with { Legs = Legs.SetItem(gone.Leg, Legs[gone.Leg] with { Status = LegStatus.Ended, Refused = gone.SipStatus }) },
            CallEnded ended => next with { Status = CallStatus.Ended, Since = ended.At },
            _ => next,
        };
    }

    private Call With(int leg, LegStatus status) => this with { Legs = Legs.SetItem(leg, Legs[leg] with { Status = status }) };
}
