using Telephony.Grains.Calls;

namespace Telephony.Grains.Tests.Calls.History;

/// <summary>Writes a call's events down as a story: each step happens some milliseconds after the one before.</summary>
internal sealed class CallStory(DateTimeOffset start)
{
    public static readonly Party Alice = new("101", "Alice", "101", "Sales");
    public static readonly Party Bob = new("102", "Bob", "102", "Support");

    private DateTimeOffset _at = start;

    public List<CallEvent> Events { get; } = [];

    public CallStory Started(string dialled = "102") => Add(at => new CallStarted(Alice, dialled, "101", "a84b4c76e66710", at));
    public CallStory After(int milliseconds)
    {
        _at = _at.AddMilliseconds(milliseconds);
        return this;
    }

    public CallStory RoutedToBob() => Add(at => new CallRouted(RouteKind.Extension, Bob, "extension", at));
    public CallStory RoutedNowhere() => Add(at => new CallRouted(RouteKind.Nowhere, null, "unknown_number", at));
    public CallStory Offered(int leg, string device, Party? to = null) => Add(at => new LegOffered(leg, to ?? Bob, device, "Yealink", at));
    public CallStory Skipped(string device, SkipReason reason) => Add(at => new LegSkipped(Bob, device, reason, at));
    public CallStory Ringing(int leg) => Add(at => new LegRinging(leg, at));
    public CallStory Answered(int leg) => Add(at => new LegAnswered(leg, at));
    public CallStory LegEnds(int leg, EndedBy by, string reason, int? status = null, int q850 = 16, LegMedia? media = null) =>
        Add(at => new LegEnded(leg, by, status, q850, reason, media, at));

    public CallStory Sampled(int leg, params int[] mos) => Add(at => new QualitySampled(leg, Series(at.AddSeconds(-mos.Length), mos), at));

    public CallStory Ends(CallOutcome outcome, EndedBy by, string reason) => Add(at => new CallEnded(outcome, by, reason, at));

    /// <summary>Rings Bob for 1.2 s, then Alice and he talk for 3.476 s, until he hangs up.</summary>
    public static CallStory AnsweredCall(DateTimeOffset start) => new CallStory(start)
        .Started().After(5).RoutedToBob().Skipped("102-mobile", SkipReason.Offline).Offered(1, "102").Offered(2, "102-desk")
        .After(100).Ringing(2).After(20).Ringing(1)
        .After(1180).Answered(2).LegEnds(1, EndedBy.System, "answered_elsewhere", 487, 26)
        .After(3476).LegEnds(2, EndedBy.Callee, "hangup", media: new(170, 29_240, 171, 29_412)).LegEnds(0, EndedBy.Callee, "hangup")
        .Ends(CallOutcome.Answered, EndedBy.Callee, "hangup");

    private static LegQualitySeries Series(DateTimeOffset from, int[] mos) => new(from)
    {
        ReceivedPackets = [.. mos.Select(m => m == 0 ? 0 : 49)],
        Lost = [.. mos.Select(m => m == 0 ? 0 : 1)],
        Mos = [.. mos],
    };

    private CallStory Add(Func<DateTimeOffset, CallEvent> e)
    {
        Events.Add(e(_at));
        return this;
    }
}
