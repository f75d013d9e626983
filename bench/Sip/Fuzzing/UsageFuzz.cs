using System.Collections.Immutable;

namespace Telephony.Sip.Fuzzing;

/// <summary>Puts what was received through the rules of every usage, and writes what they want sent.</summary>
internal static class UsageFuzz
{
    private const string Contact = "<sip:us@192.0.2.9>";
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly NotifierRules Notifiers = NotifierRules.For(new NotifierPackage("talk", ["text/plain"]), new NotifierPackage("refer", [SipFragment.ContentType]));
    private static readonly PublicationRules Publications = PublicationRules.For("talk", "text/plain", "application/sdp");
    private static readonly SipCapabilities Capabilities = new([SipMethod.Invite, SipMethod.Refer], ["application/sdp"], ["timer"], ["talk"], ["x"]);
    private static readonly ImmutableArray<PartyIdentity> Own = [new("sip:alice@example.com"), new("tel:+441632960083")];

    public static void Receive(SipRequest request)
    {
        Send(request, Capabilities.Refuse(request));
        Capabilities.AnswerOptions(request).Build();
        _ = SipCapabilities.MethodsOf(request).Count + SipCapabilities.TagsOf(request, "Supported").Count;

        var dialog = Dialog.FromRequest(request, "us");
        Notify(request, NotifierDialog.Begin(request, "us", Contact, Notifiers, Now));
        Refer(request, Referral.Begin(dialog, request, Contact, TimeSpan.FromMinutes(1), Now));
        _ = Referral.Named(request, [dialog]);
        _ = ReplacesRules.Match(request, [new(dialog, ReplaceableStatus.Confirmed, IsOurs: true)]);

        var first = Compositor.Apply([], request, "t1", Publications, Now);
        Send(request, first.Answer);
        Send(request, Compositor.Apply(first.Publications, request, "t2", Publications, Now.AddMinutes(2)).Answer);
        Send(request, InfoRules.Receive(request, ["x"]).Answer);
        PageMessage.Receive(request, ["text/plain"], 1000, Now, out var answer)?.Write(Plain(), Now).Build();
        Send(request, answer);

        var outside = new Dialog(request.CallId, request.To.Tag ?? "s", "", "<sip:us@h>", "<sip:them@h>", "sip:them@h", 0, null, []);
        var subscribed = Subscriber.Begin(outside, new("talk"), Contact, "text/plain", 60, Now);
        var step = Subscriber.Notified(subscribed.Next, request, Now);
        Send(request, step.Answer);
        Subscriber.Elapsed(step.Next, Now.AddMinutes(1)).Subscribe?.Build();
        _ = new OutgoingReferral(93).Notified(request, out _);
        _ = RemoteControl.Of(request);
        _ = MessageSummary.TryParse(request.Body.Span, out var summary) ? summary.ToString().Length : 0;

        var privacy = Privacy.Of(request);
        Small(request, message => PrivacyRules.Apply(message, privacy, isTrusted: false));
        Small(request, message => IdentityRules.Write(message.ToBuilder(), IdentityRules.Received(message, isTrusted: true), isTrusted: true));
        Small(request, message => IdentityRules.Write(message.ToBuilder(), IdentityRules.Chosen(message, Own), isTrusted: false));
    }

    public static void Receive(SipResponse response)
    {
        var subscribed = Subscriber.Begin(new("c", "s", "", "<sip:us@h>", "<sip:them@h>", "sip:them@h", 0, null, []), new("talk"), Contact, "", 60, Now);
        Subscriber.Answered(subscribed.Next, response, Now).Subscribe?.Build();
        _ = new OutgoingReferral(1).Answered(response);

        var redirection = Redirection.Of("sip:first@h").Redirected(Plain().Build(), response, null, RedirectLimits.Default, Now);
        while (redirection.Take(Now, out redirection) is { } target) Redirection.Request(Plain().Build(), target, addDiversion: true).Build();
    }

    private static void Notify(SipRequest request, NotifierDialogStep step)
    {
        Send(request, step.Answer);
        foreach (var notify in step.Notifies) notify.Request.Build();
        if (step.Next is not { } next) return;

        Send(request, next.Receive(request, Contact, Notifiers, Now).Answer);
        foreach (var notify in next.End("giveup", Now, TimeSpan.FromSeconds(5)).Notifies) notify.Request.Build();
    }

    private static void Refer(SipRequest request, ReferralStep step)
    {
        Send(request, step.Answer);
        if (step.Next is not { } referral) return;

        step.Notify?.Build();
        Referral.Progress(step.Dialog, referral with { Subscription = referral.Subscription is { } live ? live with { IsInFlight = false } : null }, 486, null, Now).Notify?.Build();
    }

    private static void Send(SipRequest request, SipAnswer? answer) => answer?.Respond(request, "us").Build();

    // one that is about full may have no room for more
    private static void Small(SipRequest request, Func<SipRequest, SipRequestBuilder> write)
    {
        if (request.Fields.Length < SipParser.MaxFields / 2 && request.Wire.Length < SipParser.MaxMessage / 4) write(request).Build();
    }

    private static SipRequestBuilder Plain() => SipRequest.Create(SipMethod.Invite, "sip:first@h").Add("From", "<sip:us@h>;tag=1").Add("To", "<sip:first@h>")
        .Add("Call-ID", "c").CSeq(1).Add("Supported", "histinfo");
}
