using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Sessions;

/// <summary>The called side of reliable provisional responses (RFC 3262 §3).</summary>
public class ReliableResponsesTests
{
    private static readonly SipRequest Offer = Request(Invite(cseq: 7));

    private static SipResponse Response(int status, bool isReliable = false, bool hasSession = false)
    {
        var response = SipResponse.For(Offer, status, toTag: "bt");
        if (isReliable) response.Add("Require", "100rel");
        if (hasSession) response.Body("v=0"u8.ToArray(), "application/sdp");
        return response.Build();
    }

    [Fact]
    public void The_numbers_follow_one_another()
    {
        var state = ReliableResponses.After(41).Respond(Response(180, isReliable: true), out var first);
        state = state.Acknowledge(new(42, 7, SipMethod.Invite), out _)!.Respond(Response(183, isReliable: true), out var second);

        Assert.Equal(("42", "43"), (first[0].Header("RSeq"), second[0].Header("RSeq")));
        Assert.Equal(new RAck(43, 7, SipMethod.Invite), state.Unacknowledged);
    }

    [Fact]
    public void A_second_one_waits_for_the_PRACK_of_the_first()
    {
        var state = ReliableResponses.After(0).Respond(Response(180, isReliable: true), out _);

        state = state.Respond(Response(183, isReliable: true), out var held);
        state = state.Acknowledge(new(1, 7, SipMethod.Invite), out var released)!;

        Assert.Empty(held);
        Assert.Equal((183, "2"), (Assert.Single(released).Status, released[0].Header("RSeq")));
        Assert.NotNull(state.Unacknowledged);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void A_2xx_is_held_back_when_an_offer_or_answer_has_no_PRACK_yet(bool hasSession, int sent)
    {
        var state = ReliableResponses.After(0).Respond(Response(183, isReliable: true, hasSession), out _).Respond(Response(200), out var send);

        Assert.Equal(sent, send.Length);
        Assert.Equal(hasSession, state.HoldsSuccess);
        var after = state.Acknowledge(new(1, 7, SipMethod.Invite), out var released);
        Assert.NotNull(after); // a late PRACK is taken after the 2xx too
        Assert.Equal(1 - sent, released.Length);
    }

    [Fact]
    public void A_failure_waits_for_nothing_and_drops_what_waits()
    {
        var state = ReliableResponses.After(0).Respond(Response(183, isReliable: true, hasSession: true), out _).Respond(Response(200), out _);

        state = state.Respond(Response(486), out var send);

        Assert.Equal(486, Assert.Single(send).Status);
        Assert.False(state.HoldsSuccess);
    }

    [Theory]
    [InlineData(2, 7)]
    [InlineData(1, 8)]
    public void A_PRACK_that_matches_nothing_is_told_apart(uint rseq, uint cseq)
    {
        var state = ReliableResponses.After(0).Respond(Response(180, isReliable: true), out _);

        Assert.Null(state.Acknowledge(new(rseq, cseq, SipMethod.Invite), out _));
    }

    [Theory]
    [InlineData("776656 1 INVITE", true)]
    [InlineData("1\t2  INVITE", true)]
    [InlineData("0 1 INVITE", false)]
    [InlineData("1 INVITE", false)]
    [InlineData("-1 1 INVITE", false)]
    [InlineData("4294967296 1 INVITE", false)]
    [InlineData("1 1 IN(VITE", false)]
    [InlineData("", false)]
    public void A_RAck_is_two_numbers_and_a_method(string value, bool isGood) => Assert.Equal(isGood, RAck.TryParse(value, out _));
}
