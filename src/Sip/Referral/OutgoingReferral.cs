using System.Globalization;

namespace Telephony.Sip;

/// <summary>
/// A REFER that we sent (RFC 3515 §2.4, RFC 4488), as plain data: what becomes of it is told by NOTIFYs in the same dialog, which took them in before they are shown here.
/// </summary>
/// <param name="Sequence">The REFER's CSeq, the id of its event (§2.4.6).</param>
/// <param name="Last">How far it has come, as far as we know.</param>
[GenerateSerializer, Immutable]
public sealed record OutgoingReferral(
    [property: Id(0)] uint Sequence, [property: Id(1)] ReferralStatus Status = ReferralStatus.Sent, [property: Id(2)] SipFragment? Last = null)
{
    public bool IsOver => Status is ReferralStatus.Succeeded or ReferralStatus.Failed;

    /// <summary>Starts one within a dialog. A transfer with consultation has its <see cref="ReferTo.Attended"/>.</summary>
    /// <param name="contact">Our Contact.</param>
    /// <param name="isSilent">We want no NOTIFYs (RFC 4488); a receiver that doesn't know of that sends them all the same.</param>
    public static OutgoingReferral Begin(Dialog dialog, ReferTo target, ReferredBy by, string contact, bool isSilent, out Dialog after, out SipRequestBuilder refer)
    {
        refer = dialog.Next(SipMethod.Refer, out after).Add("Contact", contact).Add(target).Add(by).Add("Supported", "norefersub");
        if (isSilent) refer.Add("Refer-Sub", "false");
        return new(after.LocalSequence);
    }

    /// <summary>The final response to the REFER. Where it makes no subscription, the 2xx is the last that we hear (RFC 4488 §4).</summary>
    public OutgoingReferral Answered(SipResponse response)
    {
        if (response.IsProvisional || Status != ReferralStatus.Sent) return this;
        if (!response.IsSuccess) return this with { Status = ReferralStatus.Failed, Last = SipFragment.Of(response.Status, response.Reason) };

        var isSilent = response.Header("Refer-Sub")?.StartsWith("false", StringComparison.OrdinalIgnoreCase) == true;
        return this with { Status = isSilent ? ReferralStatus.Succeeded : ReferralStatus.Accepted };
    }

    /// <summary>Whether a NOTIFY is of this REFER: its event has our number, or none, as the first of a dialog may (§2.4.6).</summary>
    public bool Concerns(SipRequest notify) =>
        notify.Header<EventPackage>() is { Package: "refer" } package && (package.Id is null || package.Id == Sequence.ToString(CultureInfo.InvariantCulture));

    /// <summary>A NOTIFY that <see cref="Concerns"/> it. It may overtake the 202.</summary>
    /// <param name="answer">To send.</param>
    public OutgoingReferral Notified(SipRequest notify, out SipAnswer answer)
    {
        answer = SipAnswer.Of(IsOver ? 481 : notify.Header<SubscriptionState>() is null ? 400 : 200);
        if (!answer.IsSuccess) return this;

        var known = SipFragment.TryParse(notify.BodyOf("message/sipfrag").Span, out var fragment) ? fragment : Last;
        return this with
        {
            Last = known,
            Status = known is { IsFinal: true } ? known.Status < 300 ? ReferralStatus.Succeeded : ReferralStatus.Failed
                : notify.Header<SubscriptionState>()!.IsTerminated ? ReferralStatus.Failed // it gave up, and does not say why
                : ReferralStatus.Accepted,
        };
    }
}
