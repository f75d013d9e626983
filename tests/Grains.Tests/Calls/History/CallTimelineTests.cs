using Telephony.Grains.Calls;
using Telephony.Grains.Calls.History;

namespace Telephony.Grains.Tests.Calls.History;

[Trait("Feature", "CDR-21")]
public sealed class CallTimelineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void An_answered_call_tells_who_called_what_rang_what_did_not_who_answered_and_who_ended_it()
    {
        Assert.Equal(
            [
                "0 called Alice Bob [101]  ",
                "5 skipped Bob  [102-mobile] offline ",
                "105 rang Bob Alice [102,102-desk]  ",
                "1305 answered Bob Alice [102-desk]  1200",
                "1305 not_answered Bob  [102] answered_elsewhere 1180",
                "4781 ended Bob  [] hangup 3476",
            ],
            Tell(CallStory.AnsweredCall(Start)));
    }

    [Fact]
    public void A_device_that_refuses_without_ringing_says_why_it_did_not_ring()
    {
        var story = new CallStory(Start).Started().RoutedToBob().Offered(1, "102").After(40)
            .LegEnds(1, EndedBy.Callee, "busy", 486, 17).LegEnds(0, EndedBy.Callee, "busy", 486, 17).Ends(CallOutcome.Busy, EndedBy.Callee, "busy");

        Assert.Equal(["0 called Alice Bob [101]  ", "40 skipped Bob  [102] busy ", "40 ended Bob  [] busy "], Tell(story));
        Assert.Equal((486, 17), CallTimeline.Of(story.Events)[^1] is var end ? (end.SipStatus, end.Q850) : default);
    }

    [Fact]
    public void A_call_to_an_unknown_number_says_so()
    {
        var story = new CallStory(Start).Started("999").RoutedNowhere().LegEnds(0, EndedBy.System, "unknown_number", 404, 1).Ends(CallOutcome.Failed, EndedBy.System, "unknown_number");

        Assert.Equal(["0 called Alice 999 [101]  ", "0 unknown_number  999 [] unknown_number ", "0 ended   [] unknown_number "], Tell(story));
    }

    [Fact]
    public void A_call_that_the_caller_gives_up_tells_how_long_each_device_rang()
    {
        var story = new CallStory(Start).Started().RoutedToBob().Offered(1, "102").After(50).Ringing(1).After(2500)
            .LegEnds(1, EndedBy.Caller, "cancelled", 487).LegEnds(0, EndedBy.Caller, "cancelled", 487).Ends(CallOutcome.Cancelled, EndedBy.Caller, "cancelled");

        Assert.Equal(["0 called Alice Bob [101]  ", "50 rang Bob Alice [102]  ", "2550 not_answered Bob  [102] cancelled 2500", "2550 ended Alice  [] cancelled "], Tell(story));
    }

    [Fact]
    public void Devices_that_are_offered_the_call_later_ring_in_an_entry_of_their_own()
    {
        var story = new CallStory(Start).Started().RoutedToBob().Offered(1, "102").After(50).Ringing(1).After(10_000).Offered(2, "102-desk").After(50).Ringing(2);

        Assert.Equal(["50 rang Bob Alice [102]  ", "10100 rang Bob Alice [102-desk]  "], Tell(story)[1..]);
    }

    private static string[] Tell(CallStory story) =>
        [.. CallTimeline.Of(story.Events).Select(e =>
            $"{(e.At - Start).TotalMilliseconds} {e.Kind} {e.Actor?.Name} {e.Other?.Name ?? e.Other?.Number} [{string.Join(',', e.Devices)}] {e.Reason} {e.Ms}")];
}
