using static Telephony.Sip.SubscriberStatus;

namespace Telephony.Sip;

/// <summary>
/// The subscriber's rules (RFC 6665 §4.1), without I/O: each input gives the subscription after it, and what to send.
/// <code>
/// --Begin--> Waiting --NOTIFY--> Pending, Active --NOTIFY terminated, refused, expired--> Ended
///               |                      |                                                    ^
///               +--refused, Timer N----+--Unsubscribe, then NOTIFY or Timer N---------------+
/// </code>
/// </summary>
public static class Subscriber
{
    private const uint MaxExpires = 24 * 3600;

    /// <summary>64*T1 with T1 at 500 ms: how long a NOTIFY may take (§4.1.2.4).</summary>
    private static readonly TimeSpan TimerN = TimeSpan.FromSeconds(32);

    private static readonly TimeSpan Later = TimeSpan.FromMinutes(1);

    /// <summary>Starts one.</summary>
    /// <param name="outside">Whom to ask, as a dialog that is not made: an own Call-ID and tag, no remote tag (<c>""</c>), routes if the way is known.</param>
    /// <param name="expires">Seconds to ask for; 0 asks for the state once (§4.4.3).</param>
    public static SubscriberStep Begin(Dialog outside, EventPackage package, string contact, string accept, uint expires, DateTimeOffset now)
    {
        var far = now + TimeSpan.FromSeconds(Math.Max(expires, 60));
        return Ask(new(outside, package, contact, accept, expires, Waiting, far, far, null, false), now);
    }

    /// <summary>
    /// The final response to our SUBSCRIBE, 408 when none came. A challenge is answered by who sends (<see cref="DigestClient"/>), and told here only when given up; the dialog's
    /// CSeq is then moved on with <see cref="Dialog.WithLocalSequenceAtLeast"/>.
    /// </summary>
    public static SubscriberStep Answered(SubscriberSubscription subscription, SipResponse response, DateTimeOffset now)
    {
        if (response.IsProvisional || subscription.Status == Ended) return new(subscription);

        var next = subscription with { IsInFlight = false };
        if (response.IsSuccess) return new(Granted(next, response, now));
        if (response.Status == 423 && response.MinExpires is { } least && least > next.Wanted && least <= MaxExpires && next.Wanted > 0) return Ask(next with { Wanted = least }, now);

        var retry = response.Header<RetryAfter>()?.Time;
        if (next.Status == Waiting) return Over(next, new("refused", IsForGood(response.Status) ? null : retry ?? Later, response.Status));
        if (response.Status == 481) return Over(next, new("refused", TimeSpan.Zero, 481)); // it is not known there any more: §4.1.2.2
        if (IsForGood(response.Status)) return Over(next, new("refused", retry, response.Status));

        // a refresh that failed takes nothing away before its time (§4.1.2.2)
        var left = next.ExpiresAt - now;
        return new(next with { RefreshAt = now + (retry ?? (left / 2 > Later ? Later : left / 2)) });
    }

    /// <summary>A NOTIFY with our tag (§4.1.3). The first makes the dialog when it overtakes the 2xx; those of other forks are refused (§4.1.4).</summary>
    public static SubscriberStep Notified(SubscriberSubscription subscription, SipRequest notify, DateTimeOffset now)
    {
        SubscriberStep Refuse(int status) => new(subscription, Answer: SipAnswer.Of(status));

        if (subscription.Status == Ended) return Refuse(481);
        if (notify.Header<EventPackage>() is not { } package) return Refuse(notify.Header("Event") is null ? 489 : 400);
        if (!package.IsSameAs(subscription.Event)) return Refuse(481);

        var dialog = subscription.Dialog.RemoteTag.Length == 0 && notify.From.Tag is { Length: > 0 } tag
            ? Made(subscription.Dialog, notify, tag, notify.Headers("Record-Route"))
            : subscription.Dialog;
        var match = dialog.Receive(notify, out dialog);
        if (match != DialogMatch.InOrder) return Refuse(match == DialogMatch.OutOfOrder ? 500 : 481);
        if (notify.Header<SubscriptionState>() is not { } state) return new(subscription with { Dialog = dialog }, Answer: SipAnswer.Of(400));

        var next = subscription with { Dialog = dialog, NotifyBy = subscription.Wanted == 0 ? subscription.NotifyBy : null };
        var answer = SipAnswer.Of(200);
        if (state.IsTerminated) return Over(next, subscription.Wanted == 0 ? new("done", null) : WhyEnded(state)) with { Answer = answer, HasState = true };

        next = next with { Status = state.IsPending ? Pending : Active };
        if (state.Expires is { } seconds && next.Wanted > 0) next = Lasting(next, Math.Min(seconds, next.Wanted), now);
        return new(next, Answer: answer, HasState: true);
    }

    /// <summary>We want no more; it ends with the notifier's last NOTIFY (§4.1.2.3).</summary>
    public static SubscriberStep Unsubscribe(SubscriberSubscription subscription, DateTimeOffset now) =>
        subscription.Status == Ended || subscription.Wanted == 0 ? new(subscription) : Ask(subscription with { Wanted = 0 }, now);

    /// <summary>Time has passed: it is refreshed before it ends, and is over when nobody spoke.</summary>
    public static SubscriberStep Elapsed(SubscriberSubscription subscription, DateTimeOffset now)
    {
        if (subscription.Status == Ended) return new(subscription);
        if (now >= subscription.NotifyBy) return Over(subscription, subscription.Wanted == 0 ? new("done", null) : new("silent", Later));
        if (now >= subscription.ExpiresAt) return Over(subscription, new("timeout", Later));

        return now >= subscription.RefreshAt && !subscription.IsInFlight && subscription.Wanted > 0 ? Ask(subscription, now) : new(subscription);
    }

    /// <summary>It was stored, and is used again after a stop: the answer to a SUBSCRIBE that was on its way will not come, so it is asked again.</summary>
    public static SubscriberStep Restored(SubscriberSubscription subscription, DateTimeOffset now) =>
        subscription.IsInFlight && subscription.Status != Ended ? Ask(subscription, now) : Elapsed(subscription, now);

    private static SubscriberStep Ask(SubscriberSubscription subscription, DateTimeOffset now)
    {
        var subscribe = subscription.Dialog.Next(SipMethod.Subscribe, out var dialog)
            .Add("Contact", subscription.Contact).Add(subscription.Event)
            .Add("Expires", subscription.Wanted.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (subscription.Accept.Length > 0) subscribe.Add("Accept", subscription.Accept);

        var waits = subscription.Status == Waiting || subscription.Wanted == 0;
        return new(subscription with { Dialog = dialog, IsInFlight = true, NotifyBy = waits ? now + TimerN : null }, subscribe);
    }

    private static SubscriberSubscription Granted(SubscriberSubscription subscription, SipResponse response, DateTimeOffset now)
    {
        if (subscription.Dialog.RemoteTag.Length == 0 && response.To.Tag is { Length: > 0 } tag)
        {
            subscription = subscription with { Dialog = Made(subscription.Dialog, response, tag, response.Headers("Record-Route").Reverse()) };
        }

        // no Expires in a 2xx is against §4.2.1.1, and was seen: then it is what we asked for
        return subscription.Wanted == 0 ? subscription : Lasting(subscription, Math.Min(response.Expires ?? subscription.Wanted, subscription.Wanted), now);
    }

    // well before the end: a quarter of the time, ten seconds at least and five minutes at most; but a notifier that grants next to nothing is not asked all the time
    private static SubscriberSubscription Lasting(SubscriberSubscription subscription, uint seconds, DateTimeOffset now) => subscription with
    {
        ExpiresAt = now + TimeSpan.FromSeconds(seconds),
        RefreshAt = now + TimeSpan.FromSeconds(Math.Max(Math.Max(5, seconds / 2.0), seconds - Math.Clamp(seconds / 4.0, 10, 300))),
    };

    private static Dialog Made(Dialog dialog, SipMessage by, string remoteTag, IEnumerable<string> routes) => dialog with
    {
        RemoteTag = remoteTag,
        RemoteTarget = by.Contacts is [var contact, ..] ? contact.Uri.WithoutHeaders() : dialog.RemoteTarget,
        RouteSet = [.. routes],
    };

    private static SubscriberEnd WhyEnded(SubscriptionState state)
    {
        TimeSpan? told = state.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        return state.Reason switch
        {
            "deactivated" or "timeout" => new(state.Reason, TimeSpan.Zero),
            "rejected" or "noresource" or "invariant" => new(state.Reason, null),
            "probation" or "giveup" => new(state.Reason, told ?? Later),
            _ => new(state.Reason ?? "timeout", told ?? Later),
        };
    }

    private static SubscriberStep Over(SubscriberSubscription subscription, SubscriberEnd end) =>
        new(subscription with { Status = Ended, IsInFlight = false, NotifyBy = null }, End: end);

    // what speaks against the subscription, not against the moment (RFC 5057 §5.1)
    private static bool IsForGood(int status) => status is 403 or 404 or 405 or 410 or 416 or (>= 480 and <= 485) or 489 or 501 or 603 or 604;
}
