using System.Text;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Referrals;

/// <summary>REFER at who receives it (RFC 3515 §2.4) and at who sends it.</summary>
public class ReferralTests
{
    private const string Contact = "<sip:pbx@192.0.2.9>";
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(3);

    private static SipRequest Refer(string headers, int cseq = 93809823) => Request(Invite(method: "REFER", cseq: cseq, more: headers + "\n"));

    private static ReferralStep Begin(string headers) => Begin(Refer(headers));

    private static ReferralStep Begin(SipRequest refer) => Referral.Begin(Dialog.FromRequest(refer, "b1"), refer, Contact, Lifetime, Now);

    private static ReferralStep Answered(ReferralStep step, int status = 200) =>
        Referral.Answered(step.Dialog, step.Next!, SipResponse.For(step.Notify!.Build(), status).Build(), Now);

    private static (string? State, string Body) Said(ReferralStep step)
    {
        var notify = step.Notify!.Build();
        Assert.Equal("message/sipfrag;version=2.0", notify.ContentType);
        return (notify.Header("Subscription-State"), Encoding.ASCII.GetString(notify.Body.Span));
    }

    /// <summary>RFC 3515 §4.1, messages F1 to F5.</summary>
    [Fact]
    public void A_transfer_is_accepted_told_and_ended()
    {
        var step = Begin("Refer-To: <sips:agentd@example.com>\nReferred-By: <sips:agentb@atlanta.example.com>");

        Assert.Equal((202, Contact), (step.Answer!.Status, step.Answer["Contact"]));
        Assert.Equal(("sips:agentd@example.com", "sips:agentb@atlanta.example.com"), (step.Next!.Target.Uri, step.Next.By!.Uri));
        Assert.Equal(("active;expires=180", "SIP/2.0 100 Trying\r\n"), Said(step));
        Assert.Equal("refer;id=93809823", step.Notify!.Build().Header("Event"));

        step = Answered(step);
        Assert.Null(step.Notify);
        step = Referral.Progress(step.Dialog, step.Next!, 200, null, Now.AddSeconds(5));
        Assert.Equal(("terminated;reason=noresource", "SIP/2.0 200 OK\r\n"), Said(step));
        Assert.Equal((null, true), (step.Next!.Subscription, step.Next.Last.IsFinal));
        Assert.Null(Referral.Progress(step.Dialog, step.Next, 486, null, Now).Notify);
    }

    [Fact]
    public void Only_the_newest_progress_is_told()
    {
        var step = Begin("Refer-To: <sip:d@h>");
        var trying = step.Notify!;
        step = Referral.Progress(step.Dialog, step.Next!, 180, null, Now);
        Assert.Null(step.Notify);
        step = Referral.Progress(step.Dialog, step.Next!, 486, "Busy Line", Now);
        Assert.Null(step.Notify);

        step = Referral.Answered(step.Dialog, step.Next!, SipResponse.For(trying.Build(), 200).Build(), Now);
        Assert.Equal(("terminated;reason=noresource", "SIP/2.0 486 Busy Line\r\n"), Said(step));
    }

    [Theory]
    [InlineData("Subject: x", 400)]
    [InlineData("Refer-To: <sip:a@h>, <sip:b@h>", 400)]
    [InlineData("Refer-To: agentd", 400)]
    [InlineData("Refer-To: <http://h/page>", 416)]
    [InlineData("Refer-To: <sip:a@h;method=BYE>", 501)]
    [InlineData("Refer-To: <sip:a@h?Replaces=nonsense>", 400)]
    public void What_can_not_be_done_is_refused(string headers, int status)
    {
        var step = Begin(headers);

        Assert.Equal((status, null, null), (step.Answer!.Status, step.Next, step.Notify));
        Assert.Equal(status, step.Answer.Respond(Refer(headers)).Build().Status);
    }

    [Fact]
    public void One_that_would_be_long_to_keep_is_refused() => Assert.Equal(513, Begin($"Refer-To: <sip:{new string('x', 16_384)}@h>").Answer!.Status);

    [Fact]
    public void Two_refer_to_fields_are_no_message() =>
        Assert.False(SipRequest.TryParse(Bytes(Invite(method: "REFER", more: "Refer-To: <sip:a@h>\nr: <sip:b@h>\n")), out _, out _));

    /// <summary>RFC 4488 §4.</summary>
    [Theory]
    [InlineData("false")]
    [InlineData("False;x=y")]
    public void Who_wants_no_subscription_gets_none(string wish)
    {
        var step = Begin($"Refer-To: <sip:d@h>\nRefer-Sub: {wish}");

        Assert.Equal((200, "false", null), (step.Answer!.Status, step.Answer["Refer-Sub"], step.Notify));
        step = Referral.Progress(step.Dialog, step.Next!, 200, null, Now);
        Assert.Equal((null, 200), (step.Notify, step.Next!.Last.Status));
    }

    [Theory]
    [InlineData(481)]
    [InlineData(408)]
    public void The_call_goes_on_when_nobody_wants_to_hear_of_it(int status)
    {
        var step = Answered(Begin("Refer-To: <sip:d@h>"), status);

        Assert.Null(step.Next!.Subscription);
        Assert.Null(Referral.Progress(step.Dialog, step.Next, 200, null, Now).Notify);
    }

    [Fact]
    public void After_a_stop_it_is_told_again_how_far_it_has_come()
    {
        var step = Begin("Refer-To: <sip:d@h>");

        Assert.Equal("SIP/2.0 100 Trying\r\n", Said(Referral.Restored(step.Dialog, step.Next!, Now.AddSeconds(1))).Body);
    }

    [Fact]
    public void It_ends_in_its_time_and_can_be_unsubscribed_from()
    {
        var step = Answered(Begin("Refer-To: <sip:d@h>"));
        var late = Referral.Elapsed(step.Dialog, step.Next!, Now + Lifetime);
        Assert.Equal(("terminated;reason=timeout", "SIP/2.0 100 Trying\r\n"), Said(late));

        var subscribe = Request(Invite(method: "SUBSCRIBE", more: "Event: refer;id=93809823\nExpires: 0\n"));
        var gone = Referral.Refresh(step.Dialog, step.Next!, subscribe, NotifierRules.For(), Now);
        Assert.Equal((200, null), (gone.Answer!.Status, gone.Next!.Subscription));
        Assert.Equal(481, Referral.Refresh(step.Dialog, step.Next!, Request(Invite(method: "SUBSCRIBE", more: "Event: refer;id=1\n")), NotifierRules.For(), Now).Answer!.Status);
    }

    /// <summary>RFC 4538 §3: the peer's local tag is our remote one.</summary>
    [Fact]
    public void A_request_outside_of_the_dialog_names_it()
    {
        var dialog = Dialog.FromRequest(Request(Invite(callId: "c7")), "b1");

        Assert.Equal(dialog, Referral.Named(Refer("Target-Dialog: c7;local-tag=a1;remote-tag=b1"), [dialog]));
        Assert.Null(Referral.Named(Refer("Target-Dialog: c7;local-tag=b1;remote-tag=a1"), [dialog]));
        Assert.Null(Referral.Named(Refer("X: y"), [dialog]));
        Assert.Equal(dialog, Referral.Named(Refer($"Target-Dialog: {TargetDialog.Of(Mirror(dialog))}"), [dialog]));
    }

    [Fact]
    public void Our_own_refer_names_target_and_replaced_dialog()
    {
        var dialog = Dialog.FromRequest(Request(Invite()), "b1");
        var consulted = new Dialog("c8", "l8", "r8", "<sip:us@h>", "<sip:t@h>", "sip:t@192.0.2.8", 1, null, []);
        OutgoingReferral.Begin(dialog, ReferTo.Attended("sip:t@h", Replaces.Of(consulted)), new("sip:us@h"), Contact, isSilent: true, out var after, out var builder);

        var refer = builder.Build();
        Assert.Equal((1u, 1u), (refer.CSeq.Number, after.LocalSequence));
        Assert.Equal(new Replaces("c8", "r8", "l8"), refer.Header<ReferTo>()!.Replaces);
        Assert.Equal(("<sip:us@h>", "false"), (refer.Header("Referred-By"), refer.Header("Refer-Sub")));
    }

    [Theory]
    [InlineData("active;expires=60", "SIP/2.0 180 Ringing", ReferralStatus.Accepted)]
    [InlineData("active;expires=60", "SIP/2.0 200 OK\r\nTo: <sip:x@y>\r\n", ReferralStatus.Succeeded)]
    [InlineData("terminated;reason=noresource", "SIP/2.0 200 OK", ReferralStatus.Succeeded)]
    [InlineData("terminated;reason=noresource", "SIP/2.0 503 Service Unavailable", ReferralStatus.Failed)]
    [InlineData("terminated;reason=noresource", "", ReferralStatus.Failed)]
    [InlineData("terminated;reason=timeout", "SIP/2.0 100 Trying", ReferralStatus.Failed)]
    public void A_notify_tells_what_became_of_it(string state, string body, ReferralStatus expected)
    {
        var notify = Request(Invite(method: "NOTIFY", more: $"Event: refer;id=7\nSubscription-State: {state}\n")).ToBuilder().Body(body, "message/sipfrag;version=2.0").Build();
        var referral = new OutgoingReferral(7);

        Assert.True(referral.Concerns(notify));
        Assert.False(new OutgoingReferral(8).Concerns(notify));
        referral = referral.Notified(notify, out var answer);
        Assert.Equal((200, expected), (answer.Status, referral.Status));
        if (referral.IsOver) Assert.Equal((referral, 481), (referral.Notified(notify, out answer), answer.Status));
    }

    [Fact]
    public void The_answer_tells_whether_it_is_tried()
    {
        var refer = Refer("Refer-To: <sip:d@h>");
        var sent = new OutgoingReferral(7);

        Assert.Equal(ReferralStatus.Accepted, sent.Answered(SipResponse.For(refer, 202).Build()).Status);
        Assert.Equal(ReferralStatus.Succeeded, sent.Answered(SipResponse.For(refer, 200).Add("Refer-Sub", "false").Build()).Status);
        Assert.Equal(ReferralStatus.Failed, sent.Answered(SipResponse.For(refer, 603).Build()).Status);
        Assert.Equal(ReferralStatus.Sent, sent.Answered(SipResponse.For(refer, 100).Build()).Status);
    }

    [Theory]
    [InlineData("SIP/2.0 100 Trying\r\n", 100, "Trying")]
    [InlineData("sip/2.0 200", 200, "")]
    [InlineData("SIP/2.0 603 Declined by user\nX: y", 603, "Declined by user")]
    public void A_fragment_gives_its_status(string body, int status, string reason)
    {
        Assert.True(SipFragment.TryParse(Encoding.ASCII.GetBytes(body), out var fragment));
        Assert.Equal((status, reason), (fragment.Status, fragment.Reason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SIP/2.0 ")]
    [InlineData("SIP/2.0 20")]
    [InlineData("SIP/2.0 2000 OK")]
    [InlineData("SIP/2.0 099 No")]
    [InlineData("SIP/3.0 200 OK")]
    [InlineData("INVITE sip:a@b SIP/2.0")]
    public void What_is_no_status_line_is_no_fragment(string body) => Assert.False(SipFragment.TryParse(Encoding.ASCII.GetBytes(body), out _));

    private static Dialog Mirror(Dialog dialog) => dialog with { LocalTag = dialog.RemoteTag, RemoteTag = dialog.LocalTag };
}
