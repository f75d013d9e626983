using static Telephony.Sip.SessionMessage;

namespace Telephony.Sip.Tests.Sessions;

/// <summary>Where offers and answers may travel (RFC 3261 §13.2.1, RFC 3262 §5, RFC 3311 §5, RFC 6337).</summary>
public class OfferAnswerTests
{
    private const DialogSide Us = DialogSide.Us;
    private const DialogSide Peer = DialogSide.Peer;

    // each step: who, what, with a description (*) or not
    private static OfferAnswer After(params (DialogSide From, SessionMessage Message, bool HasBody)[] steps)
    {
        var state = OfferAnswer.None;
        foreach (var (from, message, hasBody) in steps)
        {
            var placement = state.On(from, message, hasBody);
            Assert.True(placement.IsAllowed, $"{from} {message}: {placement.Remedy}");
            state = placement.Next;
        }

        return state;
    }

    private static OfferAnswer Established => After((Us, Invite, true), (Peer, Success, true), (Us, Ack, false));

    public static TheoryData<string, (DialogSide, SessionMessage)[], (DialogSide, SessionMessage), (DialogSide, SessionMessage)> Table1() => new()
    {
        { "1", [], (Us, Invite), (Peer, Success) },
        { "2", [(Us, Invite)], (Peer, Success), (Us, Ack) },
        { "3", [], (Us, Invite), (Peer, ReliableProvisional) },
        { "4", [(Us, Invite)], (Peer, ReliableProvisional), (Us, Prack) },
    };

    [Theory]
    [MemberData(nameof(Table1))]
    [Trait("RFC", "6337 §2.1, table 1")]
    public void The_first_exchange_travels_in_one_of_four_ways(
        string row, (DialogSide, SessionMessage)[] before, (DialogSide, SessionMessage) offer, (DialogSide, SessionMessage) answer)
    {
        var state = After([.. before.Select(step => (step.Item1, step.Item2, false))]);

        var offered = state.On(offer.Item1, offer.Item2, hasBody: true);
        var answered = offered.Next.On(answer.Item1, answer.Item2, hasBody: true);

        Assert.Equal((BodyRole.Offer, offer.Item1), (offered.Role, offered.Next.OfferBy));
        Assert.Equal((BodyRole.Answer, DialogSide.Nobody, true), (answered.Role, answered.Next.OfferBy, answered.Next.IsEstablished));
        Assert.NotEmpty(row);
    }

    [Theory]
    [InlineData(DialogSide.Us)]
    [InlineData(DialogSide.Peer)]
    [Trait("RFC", "6337 §2.1, table 1 rows 5 and 6")]
    public void Later_exchanges_travel_in_PRACK_and_UPDATE_too(DialogSide from)
    {
        var other = from == Us ? Peer : Us;
        var early = After((from, Invite, true), (other, ReliableProvisional, true));

        foreach (var (request, answer, by) in new[] { (Prack, PrackSuccess, from), (Update, UpdateSuccess, from), (Update, UpdateSuccess, other) })
        {
            var offered = early.On(by, request, hasBody: true);
            var answered = offered.Next.On(by == Us ? Peer : Us, answer, hasBody: true);
            Assert.Equal((BodyRole.Offer, BodyRole.Answer), (offered.Role, answered.Role));
            Assert.Equal(DialogSide.Nobody, answered.Next.OfferBy);
        }
    }

    [Fact]
    [Trait("RFC", "6337 §3.1.1")]
    public void An_answer_in_an_unreliable_response_is_a_preview_and_the_2xx_has_it_again()
    {
        var ringing = After((Us, Invite, true)).On(Peer, Provisional, hasBody: true);
        var answered = ringing.Next.On(Peer, Success, hasBody: true);

        Assert.Equal((BodyRole.Preview, false), (ringing.Role, ringing.Next.IsEstablished));
        Assert.Equal(BodyRole.Answer, answered.Role);
    }

    [Fact]
    [Trait("RFC", "3261 §13.2.1")]
    public void What_follows_the_answer_in_the_INVITEs_responses_is_ignored()
    {
        var answered = After((Us, Invite, true), (Peer, ReliableProvisional, true), (Us, Prack, false), (Peer, PrackSuccess, false));

        Assert.Equal(BodyRole.Ignored, answered.On(Peer, Provisional, hasBody: true).Role);
        Assert.Equal(BodyRole.Ignored, answered.On(Peer, ReliableProvisional, hasBody: true).Role);
        Assert.Equal(BodyRole.Ignored, answered.On(Peer, Success, hasBody: true).Role);
    }

    public static TheoryData<string, (DialogSide, SessionMessage, bool)[], (DialogSide, SessionMessage, bool), SessionRemedy> Forbidden() => new()
    {
        { "3261 §14.2: a second INVITE before the first one's final response", [(Peer, Invite, true)], (Peer, Invite, true), SessionRemedy.RetryLater },
        { "3261 §14.2: an INVITE while ours is under way", [(Us, Invite, true)], (Peer, Invite, true), SessionRemedy.Pending },
        { "3261 §14.1: our INVITE before the peer's ACK", [(Peer, Invite, true), (Us, Success, true)], (Us, Invite, true), SessionRemedy.Pending },
        { "3261 §13.2.2.4: a 2xx without the answer", [(Us, Invite, true)], (Peer, Success, false), SessionRemedy.HangUp },
        { "3261 §13.2.1: a 2xx without the offer", [(Us, Invite, false)], (Peer, Success, false), SessionRemedy.HangUp },
        { "3261 §13.2.1: an ACK without the answer", [(Peer, Invite, false), (Us, Success, true)], (Peer, Ack, false), SessionRemedy.HangUp },
        { "3262 §5: a PRACK without the answer", [(Peer, Invite, false), (Us, ReliableProvisional, true)], (Peer, Prack, false), SessionRemedy.BadRequest },
        { "3262 §5: an offer in PRACK before there is a session", [(Peer, Invite, true), (Us, ReliableProvisional, false)], (Peer, Prack, true), SessionRemedy.RetryLater },
        { "3262 §3: a PRACK of an INVITE that is over", [(Peer, Invite, true), (Us, Failure, false)], (Peer, Prack, false), SessionRemedy.NotThere },
        { "3311 §5.2: UPDATE while our offer is open", [(Us, Invite, true)], (Peer, Update, true), SessionRemedy.Pending },
        { "3311 §5.2: UPDATE while the peer's offer is open", [(Peer, Invite, true)], (Peer, Update, true), SessionRemedy.RetryLater },
        { "3311 §5.2: UPDATE after UPDATE", [(Us, Invite, true), (Peer, Success, true), (Us, Ack, false), (Peer, Update, true)], (Peer, Update, true), SessionRemedy.RetryLater },
        { "3311 §5.2: UPDATEs that cross", [(Us, Invite, true), (Peer, Success, true), (Us, Ack, false), (Us, Update, true)], (Peer, Update, true), SessionRemedy.Pending },
        { "3311 §5.1: UPDATE before the late offer", [(Peer, Invite, false)], (Peer, Update, true), SessionRemedy.RetryLater },
        { "6337 §5: re-INVITE while an UPDATE is open", [(Us, Invite, true), (Peer, Success, true), (Us, Ack, false), (Us, Update, true)], (Peer, Invite, true), SessionRemedy.Pending },
        { "3311 §5.2: a 2xx to UPDATE without the answer", [(Us, Invite, true), (Peer, Success, true), (Us, Ack, false), (Us, Update, true)], (Peer, UpdateSuccess, false), SessionRemedy.HangUp },
    };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void What_is_forbidden_has_its_remedy(
        string rule, (DialogSide, SessionMessage, bool)[] before, (DialogSide, SessionMessage, bool) step, SessionRemedy remedy)
    {
        var placement = After(before).On(step.Item1, step.Item2, step.Item3);

        Assert.True(remedy == placement.Remedy, $"{rule}: {placement.Remedy}");
        Assert.Equal(remedy is SessionRemedy.HangUp ? 0 : (int)remedy, placement.Status);
    }

    [Fact]
    [Trait("RFC", "3311 §5.1")]
    public void An_UPDATE_without_an_offer_may_always_come()
    {
        Assert.True(After((Peer, Invite, true)).On(Peer, Update, hasBody: false).IsAllowed);
        Assert.True(After((Us, Invite, false)).On(Us, Update, hasBody: false).IsAllowed);
    }

    [Fact]
    [Trait("RFC", "3261 §14.1")]
    public void A_refused_reINVITE_leaves_the_session_and_the_next_one_may_come()
    {
        var refused = Established.On(Us, Invite, hasBody: true).Next.On(Peer, Failure, hasBody: false);

        Assert.Equal(Established, refused.Next);
        Assert.Equal(BodyRole.None, refused.Role);
    }

    [Fact]
    [Trait("RFC", "6141 §3")]
    public void A_reINVITE_that_fails_after_its_answer_is_undone()
    {
        var answered = Established.On(Us, Invite, true).Next.On(Peer, ReliableProvisional, true).Next;

        Assert.Equal(BodyRole.Undo, answered.On(Peer, Failure, false).Role);
        Assert.Equal(Established, answered.On(Peer, Failure, false).Next);
        Assert.Equal(BodyRole.None, answered.On(Us, Update, true).Next.On(Peer, UpdateSuccess, true).Next.On(Peer, Failure, false).Role);
    }

    [Fact]
    [Trait("RFC", "3311 §5.2")]
    public void A_refused_UPDATE_leaves_the_session() =>
        Assert.Equal(Established, Established.On(Us, Update, true).Next.On(Peer, UpdateFailure, false).Next);

    [Fact]
    [Trait("RFC", "6026 §7.1")]
    public void A_reINVITE_of_the_peer_whose_ACK_was_lost_is_taken() =>
        Assert.Equal(BodyRole.Offer, After((Peer, Invite, true), (Us, Success, true)).On(Peer, Invite, true).Role);
}
