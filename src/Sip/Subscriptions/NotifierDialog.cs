using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>A dialog that SUBSCRIBEs made, with all subscriptions in it (RFC 6665 §4.5.1): phones put several into one, told apart by package and id. Plain data.</summary>
[GenerateSerializer, Immutable]
public sealed record NotifierDialog([property: Id(0)] Dialog Dialog, [property: Id(1)] ImmutableArray<NotifierSubscription> Subscriptions)
{
    /// <summary>When <see cref="Elapsed"/> is to be called next.</summary>
    public DateTimeOffset WakeAt => Subscriptions.IsEmpty ? DateTimeOffset.MaxValue : Subscriptions.Min(subscription => subscription.WakeAt);

    /// <summary>A SUBSCRIBE without a tag of ours, that may do this.</summary>
    public static NotifierDialogStep Begin(SipRequest subscribe, string localTag, string contact, NotifierRules rules, DateTimeOffset now, bool isPending = false)
    {
        var dialog = Dialog.FromRequest(subscribe, localTag);
        return new NotifierDialog(dialog, []).After(null, Notifier.Begin(dialog, subscribe, contact, rules, now, isPending));
    }

    /// <summary>A SUBSCRIBE within the dialog: a refresh, or another subscription. 481 and 500 as the dialog wants (RFC 3261 §12.2.2).</summary>
    public NotifierDialogStep Receive(SipRequest subscribe, string contact, NotifierRules rules, DateTimeOffset now)
    {
        var match = Dialog.Receive(subscribe, out var dialog);
        if (match != DialogMatch.InOrder) return new(this, SipAnswer.Of(match == DialogMatch.OutOfOrder ? 500 : 481), []);

        var known = subscribe.Header<EventPackage>() is { } wanted ? Find(wanted) : null;
        if (known is null && Subscriptions.Length >= rules.MaxPerDialog) return new(this with { Dialog = dialog }, SipAnswer.Of(403), []);

        return After(known, known is null ? Notifier.Begin(dialog, subscribe, contact, rules, now) : Notifier.Refresh(dialog, known, subscribe, rules, now));
    }

    /// <summary>What subscriptions to this package are about has changed.</summary>
    public NotifierDialogStep Changed(string package, DateTimeOffset now) =>
        Each(subscription => subscription.Event.Package == package, (dialog, subscription) => Notifier.Changed(dialog, subscription, now));

    /// <summary>The answer to a NOTIFY.</summary>
    /// <param name="notified">The event of its <see cref="NotifyOut"/>.</param>
    public NotifierDialogStep Answered(EventPackage notified, SipResponse response, DateTimeOffset now) =>
        Each(subscription => subscription.Event.IsSameAs(notified), (dialog, subscription) => Notifier.Answered(dialog, subscription, response, now));

    /// <summary>Pending ones of this package are allowed.</summary>
    public NotifierDialogStep Approve(string package, DateTimeOffset now) =>
        Each(subscription => subscription.Event.Package == package, (dialog, subscription) => Notifier.Approve(dialog, subscription, now));

    /// <summary>We end all of them; see <see cref="Notifier.End"/>.</summary>
    public NotifierDialogStep End(string reason, DateTimeOffset now, TimeSpan? retryAfter = null) =>
        Each(_ => true, (dialog, subscription) => Notifier.End(dialog, subscription, reason, now, retryAfter));

    /// <summary>It was stored, and is used again after a stop; see <see cref="Notifier.Restored"/>.</summary>
    public NotifierDialogStep Restored(DateTimeOffset now) => Each(_ => true, (dialog, subscription) => Notifier.Restored(dialog, subscription, now));

    public NotifierDialogStep Elapsed(DateTimeOffset now) => Each(_ => true, (dialog, subscription) => Notifier.Elapsed(dialog, subscription, now));

    private NotifierSubscription? Find(EventPackage wanted) => Subscriptions.FirstOrDefault(subscription => subscription.Event.IsSameAs(wanted));

    private NotifierDialogStep Each(Func<NotifierSubscription, bool> concerns, Func<Dialog, NotifierSubscription, NotifierStep> move)
    {
        var next = this;
        var notifies = ImmutableArray.CreateBuilder<NotifyOut>();
        foreach (var subscription in Subscriptions.Where(concerns))
        {
            var step = move(next.Dialog, subscription);
            next = next.With(subscription, step);
            if (step.Notify is { } notify) notifies.Add(notify);
        }

        return new(next.Subscriptions.IsEmpty ? null : next, null, notifies.ToImmutable());
    }

    private NotifierDialogStep After(NotifierSubscription? old, NotifierStep step)
    {
        var next = With(old, step);
        return new(next.Subscriptions.IsEmpty ? null : next, step.Answer, step.Notify is { } notify ? [notify] : []);
    }

    private NotifierDialog With(NotifierSubscription? old, NotifierStep step) => new(step.Dialog, (old, step.Next) switch
    {
        (null, { } added) => Subscriptions.Add(added),
        (null, null) => Subscriptions,
        (_, null) => Subscriptions.Remove(old),
        (_, { } changed) => Subscriptions.Replace(old, changed),
    });
}
