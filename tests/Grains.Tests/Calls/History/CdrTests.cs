using Telephony.Grains.Calls;
using Telephony.Grains.Calls.History;

namespace Telephony.Grains.Tests.Calls.History;

public sealed class CdrTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 9, 30, 0, TimeSpan.Zero);
    private static readonly Guid Id = new("01900000-0000-7000-8000-000000000001");

    [Fact, Trait("Feature", "CDR-17"), Trait("Feature", "CDR-18"), Trait("Feature", "CDR-19")]
    public void An_answered_call_rings_from_the_first_18x_and_talks_from_the_answer()
    {
        var cdr = Fold(CallStory.AnsweredCall(Start));

        Assert.Equal((1200, 3476, 4676), (cdr.RingMs, cdr.TalkMs, cdr.TotalMs));
        Assert.Equal((CallOutcome.Answered, EndedBy.Callee, "hangup"), (cdr.Outcome, cdr.EndedBy, cdr.Reason));
        Assert.Equal("a84b4c76e66710", cdr.SipCallId);
    }

    [Fact]
    public void Each_leg_has_its_own_times_and_its_own_end()
    {
        var cdr = Fold(CallStory.AnsweredCall(Start));

        Assert.Equal([0, 1, 2], cdr.Legs.Select(l => l.Leg));
        Assert.Equal((Start.AddMilliseconds(1305), Start.AddMilliseconds(4781)), (cdr.Legs[0].AnsweredAt, cdr.Legs[0].EndedAt));
        Assert.Equal((null, 487, 26, "answered_elsewhere"), (cdr.Legs[1].AnsweredAt, cdr.Legs[1].SipStatus, cdr.Legs[1].Q850, cdr.Legs[1].Reason));
        Assert.Equal((Start.AddMilliseconds(105), Start.AddMilliseconds(1305)), (cdr.Legs[2].RingingAt, cdr.Legs[2].AnsweredAt));
        Assert.Equal(new LegMedia(170, 29_240, 171, 29_412), cdr.Legs[2].Media);
    }

    [Fact, Trait("Feature", "CDR-03"), Trait("Feature", "CDR-04"), Trait("Feature", "CDR-15")]
    public void The_caller_sees_an_outbound_call_and_the_one_who_answers_an_inbound_one()
    {
        var cdr = Fold(CallStory.AnsweredCall(Start));

        Assert.Equal([("101", CallDirection.Outbound), ("102", CallDirection.Inbound)], cdr.Participants);
        var (outbound, inbound) = (cdr.Row(Id, CallDirection.Outbound, flagged: false), cdr.Row(Id, CallDirection.Inbound, flagged: true));
        Assert.Equal(("102", "Bob", "Support", "101", false), (outbound.Number, outbound.Name, outbound.Department, outbound.LineUsed, outbound.Flagged));
        Assert.Equal(("101", "Alice", "Sales", "102", true), (inbound.Number, inbound.Name, inbound.Department, inbound.LineUsed, inbound.Flagged));
    }

    [Theory]
    [InlineData(CallOutcome.Busy, EndedBy.Callee, "busy", 486)]
    [InlineData(CallOutcome.Declined, EndedBy.Callee, "declined", 603)]
    [InlineData(CallOutcome.NoAnswer, EndedBy.System, "no_answer", 480)]
    [InlineData(CallOutcome.Cancelled, EndedBy.Caller, "cancelled", 487)]
    [InlineData(CallOutcome.Failed, EndedBy.System, "restart", 503)]
    public void A_call_that_nobody_answers_only_rings_and_is_missed(CallOutcome outcome, EndedBy by, string reason, int status)
    {
        var cdr = Fold(new CallStory(Start).Started().RoutedToBob().Offered(1, "102").After(30).Ringing(1).After(4000)
            .LegEnds(1, by, reason, status).LegEnds(0, by, reason, status).Ends(outcome, by, reason));

        Assert.Equal((4000, 0, 4000), (cdr.RingMs, cdr.TalkMs, cdr.TotalMs));
        Assert.Equal((outcome, by, reason), (cdr.Outcome, cdr.EndedBy, cdr.Reason));
        Assert.Equal([("101", CallDirection.Outbound), ("102", CallDirection.Missed)], cdr.Participants);
        Assert.Equal(status, cdr.Legs[1].SipStatus);
    }

    [Fact]
    public void A_call_that_is_answered_without_ringing_has_no_ring_time()
    {
        var cdr = Fold(new CallStory(Start).Started().RoutedToBob().Offered(1, "102").After(500).Answered(1).After(1000).Ends(CallOutcome.Answered, EndedBy.Caller, "hangup"));

        Assert.Equal((0, 1000), (cdr.RingMs, cdr.TalkMs));
    }

    [Fact, Trait("Feature", "CDR-24")]
    public void A_legs_quality_is_summed_up_over_all_its_minutes()
    {
        var cdr = Fold(new CallStory(Start).Started().RoutedToBob().Offered(1, "102").Answered(1).Sampled(1, 440, 420).Sampled(0, 430).Sampled(1, 0, 100)
            .Ends(CallOutcome.Answered, EndedBy.Caller, "hangup"));

        Assert.Equal((3.2, 1.0, 2.0), (cdr.Legs[1].Quality!.MosAverage, cdr.Legs[1].Quality!.MosMinimum, cdr.Legs[1].Quality!.LossPercent));
        Assert.Equal((4.3, 4.3), (cdr.Legs[0].Quality!.MosAverage, cdr.Legs[0].Quality!.MosMinimum));
    }

    [Fact]
    public void A_leg_of_which_nothing_was_heard_has_no_mos()
    {
        var cdr = Fold(new CallStory(Start).Started().RoutedToBob().Offered(1, "102").Answered(1).Sampled(1, 0).Ends(CallOutcome.Answered, EndedBy.Caller, "hangup"));

        Assert.Null(cdr.Legs[0].Quality);
        Assert.Equal((null, null, 0.0), (cdr.Legs[1].Quality!.MosAverage, cdr.Legs[1].Quality!.MosMinimum, cdr.Legs[1].Quality!.LossPercent));
    }

    [Fact]
    public void Nobody_but_the_caller_sees_a_call_to_an_unknown_number()
    {
        var cdr = Fold(new CallStory(Start).Started("999").RoutedNowhere().LegEnds(0, EndedBy.System, "unknown_number", 404, 1).Ends(CallOutcome.Failed, EndedBy.System, "unknown_number"));

        Assert.Equal([("101", CallDirection.Outbound)], cdr.Participants);
        Assert.Equal(("999", null), (cdr.Row(Id, CallDirection.Outbound, false).Number, cdr.Row(Id, CallDirection.Outbound, false).Name));
        Assert.Equal(0, cdr.TotalMs);
    }

    [Fact]
    public void An_extension_whose_devices_are_all_offline_missed_the_call()
    {
        var cdr = Fold(new CallStory(Start).Started().RoutedToBob().Skipped("102", SkipReason.Offline).Ends(CallOutcome.NoAnswer, EndedBy.System, "offline"));

        Assert.Equal([("101", CallDirection.Outbound), ("102", CallDirection.Missed)], cdr.Participants);
        Assert.Equal("Bob", cdr.Row(Id, CallDirection.Outbound, false).Name);
    }

    [Fact]
    public void Of_two_devices_that_answer_at_once_one_wins()
    {
        var carol = new Party("103", "Carol", "103");
        var cdr = Fold(new CallStory(Start).Started().RoutedToBob().Offered(1, "102").Offered(2, "103", carol).After(10).Ringing(1).Ringing(2)
            .After(1000).Answered(2).After(3).Answered(1).After(1).LegEnds(1, EndedBy.System, "answered_elsewhere").After(500).Ends(CallOutcome.Answered, EndedBy.Caller, "hangup"));

        Assert.Equal((2, Start.AddMilliseconds(1010), 504), (cdr.AnsweredLeg, cdr.AnsweredAt, cdr.TalkMs));
        Assert.Equal([("101", CallDirection.Outbound), ("102", CallDirection.Missed), ("103", CallDirection.Inbound)], cdr.Participants);
        Assert.Equal("Carol", cdr.Row(Id, CallDirection.Outbound, false).Name);
    }

    [Fact]
    public void A_call_to_ones_own_extension_is_one_outbound_call()
    {
        var cdr = Fold(new CallStory(Start).Started("101").Offered(1, "101-desk", CallStory.Alice).Answered(1).Ends(CallOutcome.Answered, EndedBy.Caller, "hangup"));

        Assert.Equal([("101", CallDirection.Outbound)], cdr.Participants);
    }

    [Fact]
    public void Events_that_come_twice_or_belong_to_no_leg_change_nothing()
    {
        var story = CallStory.AnsweredCall(Start);
        var cdr = Fold(story);

        var again = Assert.IsType<Cdr>(Cdr.Fold([.. story.Events, .. story.Events, new LegRinging(7, Start), new LegAnswered(8, Start), new LegRinging(0, Start)]));

        Assert.Equal(cdr with { Legs = [] }, again with { Legs = [] });
        Assert.Equal(cdr.Legs.AsEnumerable(), again.Legs);
    }

    [Fact]
    public void A_clock_that_was_set_back_counts_as_no_time()
    {
        var cdr = Fold(new CallStory(Start).Started().Offered(1, "102", CallStory.Bob).Ringing(1).After(-5000).Answered(1).After(-5000).Ends(CallOutcome.Answered, EndedBy.Caller, "hangup"));

        Assert.Equal((0, 0), (cdr.RingMs, cdr.TalkMs));
    }

    [Fact]
    public void Without_its_beginning_there_is_no_record() => Assert.Null(Cdr.Fold(CallStory.AnsweredCall(Start).Events.Skip(1)));

    private static Cdr Fold(CallStory story) => Assert.IsType<Cdr>(Cdr.Fold(story.Events));
}
