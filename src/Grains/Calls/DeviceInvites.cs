using System.Globalization;
using Telephony.Grains.Extensions;
using Telephony.Grains.Signalling;
using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>The INVITEs to the callee's devices: how each is made, and made again, and the dialogs that its responses make, of which one is the leg's.</summary>
internal sealed class DeviceInvites(CallSignalling sip, CallServices services)
{
    private const int MaxInvites = 8;

    private readonly Dictionary<int, DialogSet> _forks = []; // by leg

    /// <summary>Makes the leg's media and its INVITE, and sends nothing yet: first the snapshot is written.</summary>
    /// <param name="offers">Whether it offers what the caller offered, or leaves the offer to the device.</param>
    /// <param name="mayBeReliable">Whether the device may answer or offer in a reliable 18x.</param>
    public async ValueTask<MediaError> Prepare(int number, RingTarget target, Party caller, string dialled, bool offers, bool mayBeReliable)
    {
        var address = sip.AddressOf(number);
        var (tag, media) = (address.ToTag(services.Tags), address.ToOwner());
        var error = await sip.CreateMedia(media, target.Flow, target.Device);
        if (error is not MediaError.None) return error;

        var offer = default(MediaDescription);
        if (offers) offer = await sip.CreateOffer(media, 0);
        if (offer.Error is not MediaError.None) return offer.Error;

        var invite = SipRequest.Create(SipMethod.Invite, SipUri.Parse(target.Contact).WithoutHeaders())
            .Add("From", NameAddress.Format(caller.Name, $"sip:{SipUri.EscapeUser(caller.Number)}@{sip.Domain}", tag))
            .Add("To", $"<sip:{SipUri.EscapeUser(dialled)}@{sip.Domain}>")
            .Add("Call-ID", $"{address.Call}-{number.ToString(CultureInfo.InvariantCulture)}")
            .Add("CSeq", "1 INVITE")
            .Add("Contact", sip.Contact(target.Flow))
            .Add("Allow", Abilities.Allow)
            .Add("User-Agent", services.UserAgent);
        if (!target.Path.IsDefaultOrEmpty) invite.Add("Route", string.Join(", ", target.Path));
        if (mayBeReliable) invite.Add("Supported", "100rel");
        sip.AskForTimer(invite, null, default);
        if (!offer.Sdp.IsEmpty) invite.Body(offer.Sdp, SessionDescription.Type);
        sip.Set(new SipLeg(number, tag, media, target.Flow, sip.NextTransaction(number), invite.Build(), null) { Others = target.Others });
        return MediaError.None;
    }

    public void Offer(int number)
    {
        var leg = sip.Legs[number];
        _forks[number] = DialogSet.Of(leg.Invite, hasOffer: !leg.Invite.Body.IsEmpty);
        sip.SendInvite(number);
    }

    /// <summary>Makes the INVITE again for the next flow to the same phone, when this one failed before anybody was there. <see cref="Offer"/> sends it, once the snapshot is written.</summary>
    public bool TryNextFlow(int number, int status)
    {
        var leg = sip.Legs[number];
        if (!FlowChoice.IsFlowFailure(status) || leg.Dialog is not null || leg.Others.IsEmpty) return false;

        var target = leg.Others[0];
        var invite = leg.Invite.ToBuilder().RequestUri(SipUri.Parse(target.Contact).WithoutHeaders())
            .CSeq(leg.Invite.CSeq.Number + 1).Set("Contact", sip.Contact(target.Flow)).Remove("Route");
        if (!target.Path.IsDefaultOrEmpty) invite.Add("Route", string.Join(", ", target.Path));
        sip.Set(leg with { Flow = target.Flow, Transaction = sip.NextTransaction(number), Invite = invite.Build(), Others = leg.Others.RemoveAt(0) });
        return true;
    }

    /// <summary>A device found the session timer too short (422, RFC 4028 §7.4): makes its INVITE again, to be sent by <see cref="Offer"/>.</summary>
    /// <returns>False when that was asked for before.</returns>
    public bool AskForLonger(int number, SipResponse response)
    {
        var leg = sip.Legs[number];
        var sequence = leg.Invite.CSeq.Number + 1;
        if (response.Status != 422 || sequence > MaxInvites || response.Header<MinSe>()?.Interval is not { } minimum || minimum <= leg.Invite.Header<MinSe>()?.Interval) return false;

        var invite = leg.Invite.ToBuilder().CSeq(sequence)
            .Set(services.SessionTimers.Ask(minimum: minimum)).Set(new MinSe(minimum)).Build();
        sip.Set(leg with { Invite = invite, Transaction = sip.NextTransaction(number), Dialog = null, Session = OfferAnswer.None });
        return true;
    }

    /// <summary>Takes in a response that makes or moves a dialog: the leg has that dialog now.</summary>
    /// <returns>What it is, and its PRACK, to be sent by <see cref="Prack"/>.</returns>
    public ForkedStep Take(int number, SipResponse response)
    {
        var leg = sip.Legs[number];
        var step = Forks(leg).Receive(response, !response.Sdp().IsEmpty);
        _forks[number] = step.Next;
        if (step is { Kind: ForkedResponse.Progress or ForkedResponse.DialogEnded or ForkedResponse.Confirmed, Dialog: { } dialog })
        {
            sip.Set((leg with { Dialog = dialog.Dialog, Session = dialog.Session }).Knowing(response));
        }

        return step;
    }

    /// <summary>An early dialog of the leg is over: it goes on with the one that was last (RFC 6228).</summary>
    public void GoBack(int number)
    {
        var current = _forks[number].Current;
        sip.Set(sip.Legs[number] with { Dialog = current?.Dialog, Session = current?.Session ?? OfferAnswer.None });
    }

    /// <summary>Acknowledges a reliable provisional response in the leg's dialog (RFC 3262 §4).</summary>
    public void Prack(int number, RAck rack, ReadOnlyMemory<byte> sdp)
    {
        var (transaction, prack) = sip.Next(number, SipMethod.Prack, sdp, rack: rack);
        sip.Send(number, transaction, prack);
    }

    public void Cancel(int number) => sip.Cancel(number, sip.Legs[number].Transaction);

    /// <summary>Sends an ACK and a BYE in the dialog of an answer that nobody wants any more.</summary>
    public void Drop(int number, SipResponseReceived answer)
    {
        var kept = sip.Legs[number];
        if (Dialog.FromResponse(kept.Invite, answer.Response) is not { } made || sip.IsOver(number, made.RemoteTag)) return;

        // after a restart nobody knows how many PRACKs there were
        var dialog = !_forks.ContainsKey(number) ? made.WithLocalSequenceAtLeast(made.LocalSequence + 100)
            : Forks(kept).Find(made.RemoteTag) is { } known ? made with { LocalSequence = known.Dialog.LocalSequence }
            : made;
        sip.Set(kept with { Flow = answer.Flow ?? kept.Flow, Dialog = dialog, Session = OfferAnswer.None });
        sip.Acknowledge(number, kept.Transaction, kept.Invite.CSeq.Number, default);
        sip.HangUp(number);
        if (kept.Dialog is { } own && own.RemoteTag != dialog.RemoteTag) sip.Set(kept); // the leg talks with somebody else
    }

    /// <summary>The dialogs of a leg's INVITE; the leg's own as it is there, where requests move it on.</summary>
    private DialogSet Forks(SipLeg leg)
    {
        var forks = _forks.GetValueOrDefault(leg.Number) ?? DialogSet.Of(leg.Invite, !leg.Invite.Body.IsEmpty);
        return leg.Dialog is { } own && forks.Find(own.RemoteTag) is { } known ? forks.With(known with { Dialog = own, Session = leg.Session }) : forks;
    }
}
