using System.Globalization;
using static Telephony.Sip.NotifierStatus;

namespace Telephony.Sip;

/// <summary>
/// The notifier's rules (RFC 6665 §4.2), without I/O: each input gives the subscription after it, and what to send. A NOTIFY follows each SUBSCRIBE at once; one at most is on
/// its way; what changes meanwhile goes with the next.
/// <code>
/// --SUBSCRIBE--> Pending --Approve--> Active --Expires: 0, expired, End--> over --the NOTIFY before it is answered--> (gone)
///                   |                   |
///                   +-------------------+--NOTIFY answered 481, timed out, refused------------------------------------> (gone)
/// </code>
/// </summary>
public static class Notifier
{
    /// <summary>What is kept of a SUBSCRIBE or REFER, and comes back in each NOTIFY, is no larger than this.</summary>
    internal const int MaxRequest = 16 * 1024;

    /// <summary>A SUBSCRIBE for something that this dialog has no subscription of yet. Its sender was authenticated, and may do this.</summary>
    /// <param name="dialog">The one that it makes (<see cref="Dialog.FromRequest"/>), or that took it in.</param>
    /// <param name="contact">Our Contact, as <c>&lt;sip:192.0.2.1:5060&gt;</c>.</param>
    /// <param name="isPending">Somebody has still to allow it (§4.2.2).</param>
    public static NotifierStep Begin(Dialog dialog, SipRequest subscribe, string contact, NotifierRules rules, DateTimeOffset now, bool isPending = false)
    {
        NotifierStep Refuse(int status, params ReadOnlySpan<(string, string)> headers) => new(dialog, null, SipAnswer.Of(status, headers));

        if (subscribe.Wire.Length > MaxRequest) return Refuse(513);
        if (subscribe.Header<EventPackage>() is not { } wanted) return subscribe.Header("Event") is null ? Refuse(489, ("Allow-Events", rules.AllowEvents)) : Refuse(400);
        if (rules.Packages.FirstOrDefault(package => package.Name == wanted.Package) is not { } offered) return Refuse(489, ("Allow-Events", rules.AllowEvents));
        if (AcceptRange.Choose(subscribe, offered.ContentTypes) is not { } contentType) return Refuse(406, ("Accept", string.Join(", ", offered.ContentTypes)));
        if (subscribe.Contacts.Count != 1) return Refuse(400);
        if (Granted(subscribe, rules) is not { } granted) return Refuse(423, ("Min-Expires", SipAnswer.Seconds(rules.MinExpires)));

        var subscription = new NotifierSubscription(
            wanted with { Parameters = "" }, contentType, contact, isPending ? Pending : Active, now + granted, Interval(wanted, rules), IsDue: true, NotBefore: now);
        return Advance(dialog, granted == TimeSpan.Zero ? Over(subscription, "timeout") : subscription, now) with { Answer = Accept(granted, contact) };
    }

    /// <summary>A SUBSCRIBE of this subscription's dialog and event: it lives on, or ends with Expires 0 (§4.2.1.4). The dialog took it in.</summary>
    public static NotifierStep Refresh(Dialog dialog, NotifierSubscription subscription, SipRequest subscribe, NotifierRules rules, DateTimeOffset now)
    {
        if (subscription.End is not null) return new(dialog, subscription, SipAnswer.Of(481));
        if (Granted(subscribe, rules) is not { } granted) return new(dialog, subscription, SipAnswer.Of(423, ("Min-Expires", SipAnswer.Seconds(rules.MinExpires))));

        var next = granted == TimeSpan.Zero ? Over(subscription, "timeout") : subscription with { ExpiresAt = now + granted, IsDue = true, NotBefore = now };
        return Advance(dialog, next, now) with { Answer = Accept(granted, subscription.Contact) };
    }

    /// <summary>What it is about has changed.</summary>
    public static NotifierStep Changed(Dialog dialog, NotifierSubscription subscription, DateTimeOffset now) =>
        Advance(dialog, subscription.End is not null ? subscription : subscription with { IsDue = true }, now);

    /// <summary>A pending one is allowed.</summary>
    public static NotifierStep Approve(Dialog dialog, NotifierSubscription subscription, DateTimeOffset now) =>
        subscription.Status == Pending ? Advance(dialog, subscription with { Status = Active, IsDue = true, NotBefore = now }, now) : new(dialog, subscription);

    /// <summary>We end it, with a last NOTIFY.</summary>
    /// <param name="reason">Of §4.1.3: <c>deactivated</c> (subscribe again), <c>probation</c>, <c>rejected</c>, <c>giveup</c>, <c>noresource</c>, <c>invariant</c>.</param>
    /// <param name="retryAfter">When the subscriber may try again; for probation and giveup.</param>
    public static NotifierStep End(Dialog dialog, NotifierSubscription subscription, string reason, DateTimeOffset now, TimeSpan? retryAfter = null) =>
        Advance(dialog, Over(subscription, reason, retryAfter), now);

    /// <summary>
    /// The final response to its NOTIFY, 408 when none came. 481, silence and refusals end it; with Retry-After the NOTIFY is made up for (§4.2.2). A challenge is answered by who
    /// sends (<see cref="DigestClient"/>), and told here only when given up.
    /// </summary>
    public static NotifierStep Answered(Dialog dialog, NotifierSubscription subscription, SipResponse response, DateTimeOffset now)
    {
        if (response.IsProvisional) return new(dialog, subscription);
        if (response.IsSuccess) return Advance(dialog, subscription with { IsInFlight = false }, now);
        if (response.Status is 408 or 481 || response.Header<RetryAfter>() is not { } retry) return new(dialog, null);

        return Advance(dialog, subscription with { IsInFlight = false, IsDue = true, NotBefore = now + retry.Time }, now);
    }

    /// <summary>Time has passed: what waited is sent, and one that was not refreshed ends (§4.2.2).</summary>
    public static NotifierStep Elapsed(Dialog dialog, NotifierSubscription subscription, DateTimeOffset now) =>
        Advance(dialog, now >= subscription.ExpiresAt ? Over(subscription, "timeout") : subscription, now);

    /// <summary>It was stored, and is used again after a stop: what became of a NOTIFY that was on its way nobody knows, so another follows.</summary>
    /// <param name="dialog">With a CSeq that was not used yet (<see cref="Dialog.WithLocalSequenceAtLeast"/>).</param>
    public static NotifierStep Restored(Dialog dialog, NotifierSubscription subscription, DateTimeOffset now) =>
        Elapsed(dialog, subscription with { IsInFlight = false, IsDue = true, NotBefore = now }, now);

    /// <summary>One that a request made without a SUBSCRIBE: a REFER (RFC 3515 §2.4.4).</summary>
    internal static NotifierStep BeginImplicit(Dialog dialog, EventPackage refer, string contentType, string contact, TimeSpan lifetime, DateTimeOffset now) =>
        Advance(dialog, new(refer, contentType, contact, Active, now + lifetime, TimeSpan.Zero, IsDue: true, NotBefore: now), now);

    private static NotifierSubscription Over(NotifierSubscription subscription, string reason, TimeSpan? retryAfter = null) => subscription.End is not null
        ? subscription
        : subscription with { End = new("terminated", reason, RetryAfter: retryAfter is { } time ? (uint)Math.Ceiling(time.TotalSeconds) : null) };

    // the one place where a NOTIFY is made
    private static NotifierStep Advance(Dialog dialog, NotifierSubscription subscription, DateTimeOffset now)
    {
        var isLast = subscription.End is not null;
        if (subscription.IsInFlight || !isLast && (!subscription.IsDue || now < subscription.NotBefore)) return new(dialog, subscription);

        var state = subscription.End ?? new SubscriptionState(
            subscription.Status == Pending ? "pending" : "active", Expires: (uint)Math.Max(0, Math.Ceiling((subscription.ExpiresAt - now).TotalSeconds)));
        var notify = dialog.Next(SipMethod.Notify, out var after).Add("Contact", subscription.Contact).Add(subscription.Event).Add(state);
        var shows = subscription.Status == Active && state.Reason is not ("rejected" or "giveup" or "probation");
        var next = subscription with
        {
            NextVersion = subscription.NextVersion + 1,
            IsInFlight = true,
            IsDue = false,
            NotBefore = now + subscription.MinInterval,
        };
        return new(after, isLast ? null : next, Notify: new(notify, subscription.Event, subscription.NextVersion, subscription.ContentType, shows));
    }

    // null when it is too short
    private static TimeSpan? Granted(SipRequest subscribe, NotifierRules rules)
    {
        var wish = subscribe.Expires is { } seconds ? TimeSpan.FromSeconds(seconds) : rules.DefaultExpires;
        return wish > TimeSpan.Zero && wish < rules.MinExpires ? null : wish < rules.MaxExpires ? wish : rules.MaxExpires;
    }

    // a subscriber may want fewer (RFC 6446 §5.2)
    private static TimeSpan Interval(EventPackage wanted, NotifierRules rules)
    {
        var wish = new SipParameters(System.Text.Encoding.UTF8.GetBytes(wanted.Parameters))["max-rate"];
        if (!double.TryParse(wish, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) || rate <= 0) return rules.MinInterval;

        var interval = TimeSpan.FromSeconds(Math.Min(1 / rate, 3600));
        return interval > rules.MinInterval ? interval : rules.MinInterval;
    }

    private static SipAnswer Accept(TimeSpan granted, string contact) => SipAnswer.Of(200, ("Expires", SipAnswer.Seconds(granted)), ("Contact", contact));
}
