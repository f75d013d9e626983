using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Sessions;

/// <summary>The dialogs of a forked INVITE (RFC 3261 §13.2.2.4), and which responses get a PRACK (RFC 3262 §4).</summary>
public class DialogSetTests
{
    private static readonly SipRequest Offer = Request(Invite(cseq: 7));

    private static SipResponse Answer(int status, string tag, uint rseq = 0, string contact = "sip:bob@192.0.2.2") => Of(
        SipResponse.For(Offer, status, toTag: tag).Add("Contact", $"<{contact}>"), rseq);

    private static SipResponse Of(SipResponseBuilder response, uint rseq) => rseq == 0 ? response.Build() : response.Add("Require", "100rel").Add("RSeq", $"{rseq}").Build();

    private static DialogSet Started => DialogSet.Of(Offer, hasOffer: true);

    [Fact]
    public void Each_tag_is_an_early_dialog_of_its_own()
    {
        var set = Started.Receive(Answer(180, "one"), false).Next.Receive(Answer(183, "two"), true).Next;

        Assert.Equal(["one", "two"], set.Dialogs.Select(dialog => dialog.Dialog.RemoteTag));
        Assert.Equal(ForkedResponse.NoDialog, set.Receive(SipResponse.For(Offer, 100).Build(), false).Kind);
    }

    [Fact]
    public void The_first_2xx_wins_and_the_others_are_unwanted()
    {
        var won = Started.Receive(Answer(180, "one"), false).Next.Receive(Answer(200, "two"), true);
        var lost = won.Next.Receive(Answer(200, "one"), true);

        Assert.Equal((ForkedResponse.Confirmed, "two"), (won.Kind, won.Next.Confirmed));
        Assert.Equal((ForkedResponse.Unwanted, "one"), (lost.Kind, lost.Dialog!.Dialog.RemoteTag));
        Assert.Equal("two", lost.Next.Current!.Dialog.RemoteTag);
    }

    [Fact]
    [Trait("RFC", "3262 §4")]
    public void A_reliable_response_is_acknowledged_once_and_in_order_in_each_dialog()
    {
        var first = Started.Receive(Answer(183, "one", rseq: 5), true);
        var again = first.Next.Receive(Answer(183, "one", rseq: 5), true);
        var early = first.Next.Receive(Answer(180, "one", rseq: 7), false);
        var next = first.Next.Receive(Answer(180, "one", rseq: 6), false);
        var other = first.Next.Receive(Answer(183, "two", rseq: 9), true);

        Assert.Equal(new RAck(5, 7, SipMethod.Invite), first.RAck);
        Assert.Equal((ForkedResponse.Repeated, null), (again.Kind, again.RAck));
        Assert.Equal((ForkedResponse.OutOfOrder, null), (early.Kind, early.RAck));
        Assert.Equal((6u, 9u), (next.RAck!.RSeq, other.RAck!.RSeq));
        Assert.Equal((BodyRole.Answer, BodyRole.Answer), (first.Role, other.Role)); // the one offer has an answer in each
    }

    [Fact]
    [Trait("RFC", "6228 §4")]
    public void A_199_ends_its_own_early_dialog()
    {
        var set = Started.Receive(Answer(180, "one"), false).Next.Receive(Answer(180, "two"), false).Next;

        var ended = set.Receive(Answer(199, "one"), false);

        Assert.Equal(ForkedResponse.DialogEnded, ended.Kind);
        Assert.Equal("two", Assert.Single(ended.Next.Dialogs).Dialog.RemoteTag);
    }

    [Fact]
    [Trait("RFC", "3261 §12.1.2")]
    public void A_later_response_moves_its_dialogs_target_alone()
    {
        var set = Started.Receive(Answer(180, "one"), false).Next.Receive(Answer(180, "two"), false).Next;

        set = set.Receive(Answer(183, "one", contact: "sip:bob@192.0.2.9"), false).Next;

        Assert.Equal(("sip:bob@192.0.2.9", "sip:bob@192.0.2.2"), (set.Find("one")!.Dialog.RemoteTarget, set.Find("two")!.Dialog.RemoteTarget));
    }

    [Fact]
    public void The_confirmed_dialog_goes_on_counting_after_its_PRACKs()
    {
        var early = Started.Receive(Answer(183, "one", rseq: 5), true);
        early.Dialog!.Dialog.Next(SipMethod.Prack, out var after);

        var confirmed = early.Next.With(early.Dialog with { Dialog = after }).Receive(Answer(200, "one"), false);

        Assert.Equal(8u, confirmed.Dialog!.Dialog.LocalSequence);
        Assert.Equal(7u, confirmed.Dialog.Dialog.Ack(7).Build().CSeq.Number);
    }

    [Fact]
    public void A_failure_ends_all_and_a_2xx_without_an_answer_is_hung_up()
    {
        var set = Started.Receive(Answer(180, "one"), false).Next;

        Assert.Empty(set.Receive(Answer(486, "two"), false).Next.Dialogs);
        Assert.Equal(SessionRemedy.HangUp, set.Receive(Answer(200, "one"), hasBody: false).Remedy);
    }

    [Fact]
    public void Early_dialogs_are_bounded()
    {
        var set = Started;
        for (var i = 0; i < 40; i++) set = set.Receive(Answer(180, $"t{i}"), false).Next;

        Assert.Equal(DialogSet.MaxDialogs, set.Dialogs.Length);
    }
}
