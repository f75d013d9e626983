using System.Globalization;

namespace Telephony.Sip;

/// <summary>
/// The rules of who receives a REFER (RFC 3515 §2.4, RFC 7647; without a subscription: RFC 4488), without I/O. 202, a NOTIFY of 100 at once, one for each progress, one for the
/// end. Whether its sender may do this is decided before: within a dialog it is the peer's right, outside of one a Target-Dialog can show it (<see cref="Named"/>).
/// </summary>
public static class Referral
{
    /// <summary>Takes a REFER in.</summary>
    /// <param name="dialog">The one that it came in, after it took it in; or the one that it makes (<see cref="Dialog.FromRequest"/>).</param>
    /// <param name="contact">Our Contact, as <c>&lt;sip:192.0.2.1:5060&gt;</c>.</param>
    /// <param name="lifetime">How long it may take; its subscription ends then.</param>
    public static ReferralStep Begin(Dialog dialog, SipRequest refer, string contact, TimeSpan lifetime, DateTimeOffset now)
    {
        ReferralStep Refuse(int status, string? reason = null) => new(dialog, null, SipAnswer.Of(status) with { Reason = reason });

        if (refer.Wire.Length > Notifier.MaxRequest) return Refuse(513);
        if (refer.Headers("Refer-To").Count != 1) return Refuse(400, "Refer-To Is Needed Once"); // §2.4.2
        if (refer.Header<ReferTo>() is not { } target) return Refuse(400, "Bad Refer-To");
        if (!SipUri.TryParse(target.Uri, out var uri) || !uri.IsSip && uri.Scheme != "tel") return Refuse(416);
        if (target.Method != SipMethod.Invite) return Refuse(501);
        if (target.IsAttended && target.Replaces is null) return Refuse(400, "Bad Replaces In Refer-To");

        var referral = new IncomingReferral(target, refer.Header<ReferredBy>(), null, SipFragment.Of(100));
        if (IsSilent(refer)) return new(dialog, referral, SipAnswer.Of(200, ("Refer-Sub", "false"), ("Supported", "norefersub"), ("Contact", contact)));

        var id = refer.CSeq.Number.ToString(CultureInfo.InvariantCulture); // §2.4.6
        return With(referral, Notifier.BeginImplicit(dialog, new("refer", id), SipFragment.ContentType, contact, lifetime, now)) with
        {
            Answer = SipAnswer.Of(202, ("Contact", contact)),
        };
    }

    /// <summary>The call that it asked for has come further, or to its end: a final status ends the subscription (§2.4.7).</summary>
    public static ReferralStep Progress(Dialog dialog, IncomingReferral referral, int status, string? reason, DateTimeOffset now)
    {
        if (referral.Last.IsFinal) return new(dialog, referral);

        var next = referral with { Last = SipFragment.Of(status, reason) };
        if (next.Subscription is not { } subscription) return new(dialog, next);
        return With(next, next.Last.IsFinal ? Notifier.End(dialog, subscription, "noresource", now) : Notifier.Changed(dialog, subscription, now));
    }

    /// <summary>The final response to its NOTIFY. When its sender hears us no more, the call goes on without.</summary>
    public static ReferralStep Answered(Dialog dialog, IncomingReferral referral, SipResponse response, DateTimeOffset now) =>
        referral.Subscription is { } subscription ? With(referral, Notifier.Answered(dialog, subscription, response, now)) : new(dialog, referral);

    /// <summary>Time has passed (see <see cref="NotifierSubscription.WakeAt"/>).</summary>
    public static ReferralStep Elapsed(Dialog dialog, IncomingReferral referral, DateTimeOffset now) =>
        referral.Subscription is { } subscription ? With(referral, Notifier.Elapsed(dialog, subscription, now)) : new(dialog, referral);

    /// <summary>It was stored, and is used again after a stop; see <see cref="Notifier.Restored"/>.</summary>
    public static ReferralStep Restored(Dialog dialog, IncomingReferral referral, DateTimeOffset now) =>
        referral.Subscription is { } subscription ? With(referral, Notifier.Restored(dialog, subscription, now)) : new(dialog, referral);

    /// <summary>A SUBSCRIBE that refreshes or ends its subscription (§2.4.4). The dialog took it in.</summary>
    public static ReferralStep Refresh(Dialog dialog, IncomingReferral referral, SipRequest subscribe, NotifierRules rules, DateTimeOffset now)
    {
        if (referral.Subscription is not { } subscription || subscribe.Header<EventPackage>()?.IsSameAs(subscription.Event) != true)
        {
            return new(dialog, referral, SipAnswer.Of(481));
        }

        var step = Notifier.Refresh(dialog, subscription, subscribe, rules, now);
        return With(referral, step) with { Answer = step.Answer };
    }

    /// <summary>The dialog that a request outside of it names in Target-Dialog (RFC 4538 §3): its sender is a party of it. Null when it names none of these.</summary>
    public static Dialog? Named(SipRequest refer, IEnumerable<Dialog> dialogs) => refer.Header<TargetDialog>() is { } named ? dialogs.FirstOrDefault(named.Names) : null;

    // RFC 4488 §4: who asks for it says that it is known, too
    private static bool IsSilent(SipRequest refer) =>
        refer.Header("Refer-Sub") is { } wish && ValueText.TrySplit(wish, out var value, out _) && value.Equals("false", StringComparison.OrdinalIgnoreCase);

    private static ReferralStep With(IncomingReferral referral, NotifierStep step) =>
        new(step.Dialog, referral with { Subscription = step.Next }, Notify: step.Notify?.Request.Body(referral.Last.ToBody(), SipFragment.ContentType));
}
