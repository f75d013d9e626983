using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>
/// What one INVITE of ours has made: several early dialogs when it forks on its way (RFC 3261 §12.1, §13.2.2.4), of which one is confirmed. Says of each response which
/// dialog it belongs to, what its description is there, and whether a PRACK is due (RFC 3262 §4).
/// </summary>
/// <param name="Confirmed">The To tag of the first 2xx.</param>
[GenerateSerializer, Immutable]
public sealed record DialogSet(
    [property: Id(0)] SipRequest Invite, [property: Id(1)] bool HasOffer, [property: Id(2)] ImmutableArray<EarlyDialog> Dialogs, [property: Id(3)] string? Confirmed)
{
    /// <summary>How many early dialogs one INVITE may make.</summary>
    public const int MaxDialogs = 16;

    public static DialogSet Of(SipRequest invite, bool hasOffer) => new(invite, hasOffer, [], null);

    /// <summary>The dialog that is confirmed, else the newest early one; null before the first.</summary>
    public EarlyDialog? Current => Confirmed is { } tag ? Find(tag) : Dialogs.LastOrDefault();

    public EarlyDialog? Find(string? tag) => Dialogs.FirstOrDefault(dialog => dialog.Dialog.RemoteTag == tag);

    /// <summary>Puts a dialog's new state in the place of its old one.</summary>
    public DialogSet With(EarlyDialog changed)
    {
        var at = IndexOf(changed.Dialog.RemoteTag);
        return this with { Dialogs = at < 0 ? Dialogs.Add(changed) : Dialogs.SetItem(at, changed) };
    }

    /// <summary>Takes in a response to the INVITE.</summary>
    /// <param name="hasBody">Whether it holds a session description.</param>
    public ForkedStep Receive(SipResponse response, bool hasBody)
    {
        if (response.Status >= 300) return new(this with { Dialogs = [] }, ForkedResponse.Failed);
        if (response.Status == 100 || response.To.Tag is not { Length: > 0 } tag) return new(this, ForkedResponse.NoDialog);

        var known = Find(tag);
        if (response.IsSuccess) return Accept(response, hasBody, known, tag);
        if (Confirmed is not null) return new(this, ForkedResponse.NoDialog); // too late: there is a winner
        if (known is null && Dialogs.Length >= MaxDialogs) return new(this, ForkedResponse.TooMany);

        var rack = RAck.Of(response);
        if (known is { LastRSeq: { } last } && rack is { } again && again.RSeq != last + 1)
        {
            return new(this, again.RSeq <= last ? ForkedResponse.Repeated : ForkedResponse.OutOfOrder, known);
        }

        var placement = (known?.Session ?? Begin).On(DialogSide.Peer, rack is null ? SessionMessage.Provisional : SessionMessage.ReliableProvisional, hasBody);
        var dialog = known?.Dialog.Receive(response) ?? Dialog.FromResponse(Invite, response)!;
        var changed = new EarlyDialog(dialog, placement.Next, rack?.RSeq ?? known?.LastRSeq);
        return response.Status == 199
            ? new(this with { Dialogs = Dialogs.RemoveAll(one => one.Dialog.RemoteTag == tag) }, ForkedResponse.DialogEnded, changed, RAck: rack)
            : new(With(changed), ForkedResponse.Progress, changed, placement.Role, placement.Remedy, rack);
    }

    private OfferAnswer Begin => OfferAnswer.Begin(DialogSide.Us, HasOffer);

    private ForkedStep Accept(SipResponse response, bool hasBody, EarlyDialog? known, string tag)
    {
        // the 2xx says anew what the route set is (§13.2.2.4); our own sequence goes on
        var made = Dialog.FromResponse(Invite, response)!;
        var dialog = known is null ? made : made with { LocalSequence = known.Dialog.LocalSequence, RemoteSequence = known.Dialog.RemoteSequence };
        var placement = (known?.Session ?? Begin).On(DialogSide.Peer, SessionMessage.Success, hasBody);
        var changed = new EarlyDialog(dialog, placement.Next, known?.LastRSeq);
        if (Confirmed is not null) return new(this, ForkedResponse.Unwanted, changed);

        return new(With(changed) with { Confirmed = tag }, ForkedResponse.Confirmed, changed, placement.Role, placement.Remedy);
    }

    private int IndexOf(string tag)
    {
        for (var i = 0; i < Dialogs.Length; i++)
        {
            if (Dialogs[i].Dialog.RemoteTag == tag) return i;
        }

        return -1;
    }
}
