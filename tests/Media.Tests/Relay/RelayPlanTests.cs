using Telephony.Media.Sdp;
using static Telephony.Media.Relay.Agreements;

namespace Telephony.Media.Relay;

/// <summary>Whether packets can go from one peer to another as they are, and which payload type becomes which.</summary>
public sealed class RelayPlanTests
{
    private static readonly AgreedFormat Pcmu = Format("PCMU", 0), Pcma = Format("PCMA", 8), Opus = Format("opus", 111, 48000, 2), Events = Format("telephone-event", 101);

    [Fact]
    public void The_same_codec_by_another_number_is_renumbered()
    {
        var plan = RelayPlan.TryMake(Of(Opus, Format("telephone-event", 110, 48000)), Of(Format("OPUS", 96, 48000, 2), Format("telephone-event", 97, 48000)))!;

        Assert.Equal(48000, plan.Clock);
        Assert.Equal((true, 96, false), Map(plan, 111));
        Assert.Equal((true, 97, true), Map(plan, 110));
        Assert.False(Map(plan, 0).Found);
    }

    [Fact] // RFC 3264 §5.1
    public void Each_side_may_have_a_number_of_its_own_for_a_direction()
    {
        var plan = RelayPlan.TryMake(Of(Format("opus", 96, 48000, 2, receive: 111)), Of(Format("opus", 97, 48000, 2, receive: 112)))!;

        Assert.Equal((true, 97, false), Map(plan, 111)); // what we told the sender, what the listener told us
    }

    [Fact]
    public void Another_codec_must_be_decoded()
    {
        Assert.Null(RelayPlan.TryMake(Of(Opus), Of(Pcmu)));
        Assert.Null(RelayPlan.TryMake(Of(Format("L16", 96, 16000)), Of(Format("L16", 96, 8000))));
    }

    [Fact]
    public void The_preferred_format_decides_and_what_the_listener_lacks_is_not_passed()
    {
        var plan = RelayPlan.TryMake(Of(Pcmu, Opus), Of(Pcma, Pcmu))!;

        Assert.Equal((true, 0, false), Map(plan, 0));
        Assert.False(Map(plan, 111).Found);
        Assert.Null(RelayPlan.TryMake(Of(Opus, Pcmu), Of(Pcma, Pcmu)));
    }

    [Fact]
    public void Keys_must_be_made_tones_for_who_takes_no_telephone_events() // RFC 4733
    {
        Assert.Null(RelayPlan.TryMake(Of(Pcmu, Events), Of(Pcmu)));
        Assert.NotNull(RelayPlan.TryMake(Of(Pcmu), Of(Pcmu, Events)));
        Assert.NotNull(RelayPlan.TryMake(Of(Pcmu, Events, Format("telephone-event", 110, 48000)), Of(Pcmu, Events))); // a clock that is not in use
    }

    [Fact]
    public void A_codec_that_is_unknown_here_passes_when_its_parameters_are_the_same()
    {
        Assert.NotNull(RelayPlan.TryMake(Of(Format("AMR", 96, parameters: "octet-align=1")), Of(Format("AMR", 97, parameters: "octet-align=1"))));
        Assert.Null(RelayPlan.TryMake(Of(Format("AMR", 96, parameters: "octet-align=1")), Of(Format("AMR", 97))));
        Assert.NotNull(RelayPlan.TryMake(Of(Format("opus", 96, 48000, 2, "useinbandfec=1")), Of(Opus)));
    }

    [Fact]
    public void Calls_with_the_same_plan_share_it() => Assert.Same(RelayPlan.TryMake(Of(Pcmu, Events), Of(Pcmu, Events)), RelayPlan.TryMake(Of(Pcmu, Events), Of(Pcmu, Events)));

    private static (bool Found, byte Type, bool IsEvent) Map(RelayPlan plan, byte payloadType) => (plan.TryMap(payloadType, out var mapped, out var isEvent), mapped, isEvent);
}
