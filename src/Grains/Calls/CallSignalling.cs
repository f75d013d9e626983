using System.Collections.Immutable;
using System.Globalization;
using Telephony.Grains.Extensions;
using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>
/// The SIP and media of one call: it turns what the machine decided into requests, responses and media commands, and decides nothing itself.
/// Belongs to one CallGrain and runs in its turns.
/// </summary>
internal sealed class CallSignalling(string tenant, CallId call, CallServices services)
{
    private const string Sdp = "application/sdp";
    private const string Allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO";

    private readonly Dictionary<string, int> _pending = []; // client transactions without a final response yet, and their legs
    private readonly HashSet<(int Leg, string Tag)> _over = []; // dialogs that had their BYE, from either side
    private IMediaNode _media = null!;
    private string _domain = "";
    private int _transactions;
    private int? _early; // the leg whose early media the caller hears
    private bool _earlyIsUnsent;
    private bool _offerIsLate;
    private ReadOnlyMemory<byte> _forCaller; // the description that the caller's next response carries

    public ImmutableList<SipLeg> Legs { get; private set; } = [];

    public SipLeg Caller => Legs[0];

    /// <summary>No client transaction waits for a final response.</summary>
    public bool IsQuiet => _pending.Count == 0;

    public SipLeg? Find(int leg) => leg >= 0 && leg < Legs.Count ? Legs[leg] : null;

    public CallSnapshot ToSnapshot(Call current) => new(current, _domain, _media.Id, [.. Legs], _transactions);

    /// <summary>Takes over the legs of an earlier start. Their ports are gone; their dialogs and transactions are not.</summary>
    public void Restore(CallSnapshot snapshot)
    {
        (_domain, _transactions) = (snapshot.Domain, snapshot.Transactions);
        _media = services.MediaNodes.Get(snapshot.MediaNode);
        Legs = [.. snapshot.Legs];
        if (snapshot.Call.Status is CallStatus.Talking) return;

        services.Edges.Get(Caller.Flow.Edge).RestoreServer(Caller.Transaction, Caller.Invite, Caller.Flow, Address(Caller));
        foreach (var waiting in snapshot.Call.Waiting)
        {
            var leg = Legs[waiting.Number];
            _pending[leg.Transaction] = leg.Number;
            services.Edges.Get(leg.Flow.Edge).RestoreClient(leg.Transaction, leg.Invite, leg.Flow, Address(leg));
        }
    }

    // ---- the caller's leg

    /// <summary>Takes the caller's INVITE: its dialog, and its offer if it has one.</summary>
    public async ValueTask<MediaError> AddCaller(SipRequestReceived input, string domain)
    {
        _domain = domain;
        _media = services.MediaNodes.Choose();
        var address = new LegAddress(tenant, call, 0);
        var tag = address.ToTag(services.Tags);
        Legs = [new SipLeg(0, tag, address.ToOwner(), input.Flow, input.Transaction, input.Request, Dialog.FromRequest(input.Request, tag))];
        _offerIsLate = input.Request.Sdp().IsEmpty;
        var error = await _media.CreateLeg(Caller.MediaLeg, Owner);
        return error is MediaError.None && !_offerIsLate ? await _media.SetRemote(Caller.MediaLeg, services.Epoch, input.Request.Sdp()) : error;
    }

    public void RingCaller()
    {
        if (_early is null) RespondToCaller(180, default);
    }

    public void AnswerCaller(int number)
    {
        var leg = Legs[number];
        RespondToCaller(200, _forCaller);
        // with a late offer the callee's ACK carries the answer, which comes with the caller's
        if (!_offerIsLate) Acknowledge(number, leg.Transaction, leg.Invite.CSeq.Number, default);
    }

    /// <summary>The call ends before it has events: the caller gets a final response, and all ports are freed.</summary>
    public async ValueTask Abandon(int status)
    {
        if (Legs.IsEmpty) return;

        RespondToCaller(status, default);
        foreach (var leg in Legs) await _media.Release(leg.MediaLeg, services.Epoch);
    }

    public void RefuseCaller(int status) => RespondToCaller(status, default);

    /// <summary>The caller's ACK: with a late offer it brings the answer, which goes on to the callee in theirs.</summary>
    public async ValueTask<MediaError> AcknowledgedByCaller(SipRequest ack, int callee)
    {
        if (!_offerIsLate) return MediaError.None;

        _offerIsLate = false;
        var leg = Legs[callee];
        var error = await _media.SetRemote(Caller.MediaLeg, services.Epoch, ack.Sdp());
        var answer = await _media.CreateAnswer(leg.MediaLeg, services.Epoch, Caller.MediaLeg);
        Acknowledge(callee, leg.Transaction, leg.Invite.CSeq.Number, answer.Sdp);
        return error is MediaError.None ? answer.Error : error;
    }

    // ---- the callees' legs

    /// <summary>Makes the leg's media and its INVITE, and sends nothing yet: first the snapshot is written.</summary>
    public async ValueTask<MediaError> Prepare(int number, RingTarget target, Party caller, string dialled)
    {
        var address = new LegAddress(tenant, call, number);
        var (tag, media) = (address.ToTag(services.Tags), address.ToOwner());
        var error = await _media.CreateLeg(media, Owner);
        if (error is not MediaError.None) return error;

        var offer = default(MediaDescription);
        if (!_offerIsLate) offer = await _media.CreateOffer(media, services.Epoch, Caller.MediaLeg);
        if (offer.Error is not MediaError.None) return offer.Error;

        var invite = SipRequest.Create(SipMethod.Invite, SipUri.Parse(target.Contact).WithoutHeaders())

            .Add("From", NameAddress.Format(caller.Name, $"sip:{SipUri.EscapeUser(caller.Number)}@{_domain}", tag))
            .Add("To", $"<sip:{SipUri.EscapeUser(dialled)}@{_domain}>")
            .Add("Call-ID", $"{call}-{number.ToString(CultureInfo.InvariantCulture)}")
            .Add("CSeq", "1 INVITE")
            .Add("Contact", Contact(target.Flow))
            .Add("Allow", Allow)
            .Add("User-Agent", services.UserAgent);
        foreach (var route in target.Path) invite.Add("Route", route);
        if (!offer.Sdp.IsEmpty) invite.Body(offer.Sdp, Sdp);
        Legs = Legs.Add(new SipLeg(number, tag, media, target.Flow, NextTransaction(number), invite.Build(), null) { Others = target.Others });
        return MediaError.None;
    }

    public void Offer(int number)
    {
        var leg = Legs[number];
        _pending[leg.Transaction] = number;
        services.Edges.Get(leg.Flow.Edge).Send(leg.Transaction, leg.Invite, leg.Flow, Address(leg));
    }

    /// <summary>Makes the INVITE again for the next flow to the same phone, when this one failed before anybody was there. <see cref="Offer"/> sends it, once the snapshot is written.</summary>
    public bool TryNextFlow(int number, int status)
    {
        var leg = Legs[number];
        if (!FlowChoice.IsFlowFailure(status) || leg.Dialog is not null || leg.Others.IsEmpty) return false;

        var target = leg.Others[0];
        var invite = leg.Invite.ToBuilder().RequestUri(SipUri.Parse(target.Contact).WithoutHeaders())
            .CSeq(leg.Invite.CSeq.Number + 1).Set("Contact", Contact(target.Flow)).Remove("Route");
        foreach (var route in target.Path) invite.Add("Route", route);
        Set(leg with { Flow = target.Flow, Transaction = NextTransaction(number), Invite = invite.Build(), Others = leg.Others.RemoveAt(0) });
        return true;
    }

    /// <summary>A provisional response of a callee: with a description it opens the way for early media, of the first leg that has one.</summary>
    public async ValueTask Progressed(int number, SipResponse response)
    {
        var leg = Legs[number];
        if (leg.Dialog is null && response.To.Tag is not null) leg = Set(leg with { Dialog = Dialog.FromResponse(leg.Invite, response) });
        if (response.Sdp().IsEmpty || _offerIsLate || _early is not null) return;
        if (await _media.SetRemote(leg.MediaLeg, services.Epoch, response.Sdp()) is not MediaError.None) return;

        var answer = await _media.CreateAnswer(Caller.MediaLeg, services.Epoch, leg.MediaLeg);
        if (answer.Error is not MediaError.None) return;

        (_early, _earlyIsUnsent, _forCaller) = (number, true, answer.Sdp);
        await Connect(leg);
    }

    /// <summary>Tells the caller of early media that <see cref="Progressed"/> found.</summary>
    public void PassEarlyMedia()
    {
        if (!_earlyIsUnsent) return;

        _earlyIsUnsent = false;
        RespondToCaller(183, _forCaller);
    }

    /// <summary>A callee's 2xx: their dialog, and their answer (or, when the caller made none, their offer).</summary>
    public async ValueTask<MediaError> Accepted(int number, SipResponseReceived input)
    {
        var leg = Legs[number];
        leg = Set(leg with { Dialog = Dialog.FromResponse(leg.Invite, input.Response), Flow = input.Flow ?? leg.Flow });
        var error = await _media.SetRemote(leg.MediaLeg, services.Epoch, input.Response.Sdp());
        if (error is not MediaError.None) return error;

        var description = _offerIsLate ? await CreateOffer(0, number) : await CreateAnswer(0, number);
        _forCaller = description.Sdp;
        return description.Error is MediaError.None ? await Connect(leg) : description.Error;
    }

    public void CancelTransaction(int number, string transaction) => services.Edges.Get(Legs[number].Flow.Edge).Cancel(transaction);

    public void RefreshTarget(int number, SipResponse response) => Set(Legs[number] with { Dialog = Legs[number].Dialog!.Receive(response) });

    public void Cancel(int number) => services.Edges.Get(Legs[number].Flow.Edge).Cancel(Legs[number].Transaction);

    /// <summary>Sends an ACK and a BYE in the dialog of an answer that nobody wants any more.</summary>
    public void Drop(int number, SipResponseReceived answer)
    {
        var leg = Legs[number] with { Flow = answer.Flow ?? Legs[number].Flow };
        if (Dialog.FromResponse(leg.Invite, answer.Response) is not { } dialog || _over.Contains((number, dialog.RemoteTag))) return;

        var kept = Legs[number];
        Set(leg with { Dialog = dialog });
        Acknowledge(number, leg.Transaction, leg.Invite.CSeq.Number, default);
        HangUp(number);
        if (kept.Dialog is { } own && own.RemoteTag != dialog.RemoteTag) Set(kept); // the leg talks with somebody else
    }

    public void HangUp(int number)
    {
        if (Legs[number].Dialog is not { } dialog || !_over.Add((number, dialog.RemoteTag))) return;

        var (transaction, bye) = Next(number, SipMethod.Bye, null, default);
        Send(number, transaction, bye);
    }

    // ---- within a dialog

    /// <summary>Checks a request against its leg's dialog and takes note of it. False: it is answered.</summary>
    public bool Receive(int number, SipRequestReceived input)
    {
        if (Find(number) is not { Dialog: { } dialog } leg)
        {
            Respond(input, 481);
            return false;
        }

        var match = dialog.Receive(input.Request, out var next);
        if (match is not DialogMatch.InOrder)
        {
            Respond(input, match is DialogMatch.OutOfOrder ? 500 : 481);
            return false;
        }

        if (input.Request.Method == SipMethod.Bye) _over.Add((number, dialog.RemoteTag));
        Set(leg with { Dialog = next, Flow = input.Flow });
        return true;
    }

    public void Respond(SipRequestReceived input, int status, ReadOnlyMemory<byte> sdp = default)
    {
        var response = SipResponse.For(input.Request, status).Add("Allow", Allow);
        if (!sdp.IsEmpty) response.Add("Contact", Contact(input.Flow)).Body(sdp, Sdp);
        services.Edges.Get(input.Edge).Respond(input.Transaction, response.Build());
    }

    /// <summary>Makes a request within a leg's dialog. It is sent by <see cref="Send"/>, once the snapshot with its CSeq is written.</summary>
    public (string Transaction, SipRequest Request) Next(int number, SipMethod method, string? contentType, ReadOnlyMemory<byte> body)
    {
        var leg = Legs[number];
        var builder = leg.Dialog!.Next(method, out var next).Add("User-Agent", services.UserAgent);
        if (method == SipMethod.Invite) builder.Add("Contact", Contact(leg.Flow)).Add("Allow", Allow);
        if (!body.IsEmpty) builder.Body(body, contentType ?? Sdp);
        Set(leg with { Dialog = next });
        return (NextTransaction(number), builder.Build());
    }

    public void Send(int number, string transaction, SipRequest request)
    {
        var leg = Legs[number];
        _pending[transaction] = number;
        services.Edges.Get(leg.Flow.Edge).Send(transaction, request, FlowChoice.Toward(leg.Dialog!, leg.Flow), Address(leg));
    }

    public void Acknowledge(int number, string transaction, uint inviteCSeq, ReadOnlyMemory<byte> sdp)
    {
        var leg = Legs[number];
        var ack = leg.Dialog!.Ack(inviteCSeq);
        if (!sdp.IsEmpty) ack.Body(sdp, Sdp);
        services.Edges.Get(leg.Flow.Edge).Acknowledge(transaction, ack.Build(), FlowChoice.Toward(leg.Dialog, leg.Flow));
    }

    /// <summary>The final response of a client transaction is here.</summary>
    public void Finished(string transaction) => _pending.Remove(transaction);

    public void Claim(SipRequestReceived input, int number) => services.Edges.Get(input.Edge).Claim(input.Transaction, Address(Legs[number]));

    // ---- media

    public ValueTask<MediaError> SetRemote(int number, ReadOnlyMemory<byte> sdp) => _media.SetRemote(Legs[number].MediaLeg, services.Epoch, sdp);

    public ValueTask<MediaError> SetOffer(int number, ReadOnlyMemory<byte> sdp) => _media.SetOffer(Legs[number].MediaLeg, services.Epoch, sdp);

    public async ValueTask Rollback(int number) => await _media.Rollback(Legs[number].MediaLeg, services.Epoch);

    public ValueTask<MediaDescription> CreateOffer(int number, int like) =>
        _media.CreateOffer(Legs[number].MediaLeg, services.Epoch, Legs[like].MediaLeg);

    public ValueTask<MediaDescription> CreateAnswer(int number, int like) =>
        _media.CreateAnswer(Legs[number].MediaLeg, services.Epoch, Legs[like].MediaLeg);

    /// <summary>Frees the ports of a leg. Null: it had none, or they are gone.</summary>
    public async ValueTask<LegMedia?> ReleaseMedia(int number)
    {
        if (Find(number) is not { } leg || await _media.Release(leg.MediaLeg, services.Epoch) is not { } used) return null;

        return new LegMedia(used.PacketsReceived, used.BytesReceived, used.PacketsSent, used.BytesSent);
    }

    private ValueTask<MediaError> Connect(SipLeg leg) =>
        _media.Connect(services.Epoch, [new MediaPath(Caller.MediaLeg, leg.MediaLeg), new MediaPath(leg.MediaLeg, Caller.MediaLeg)]);

    private void RespondToCaller(int status, ReadOnlyMemory<byte> sdp)
    {
        var response = SipResponse.For(Caller.Invite, status, toTag: Caller.Tag);
        if (status < 300) response.Add("Contact", Contact(Caller.Flow)).Add("Allow", Allow);
        if (!sdp.IsEmpty) response.Body(sdp, Sdp);
        services.Edges.Get(Caller.Flow.Edge).Respond(Caller.Transaction, response.Build());
    }

    private MediaOwner Owner => new(services.Silo, services.Epoch, call.ToString());

    private string Contact(SipFlow flow)
    {
        var transport = flow.Transport switch
        {
            SipTransport.Udp => "",
            SipTransport.Tcp => ";transport=tcp",
            SipTransport.Tls => ";transport=tls",
            _ => ";transport=ws", // of either kind (RFC 7118 §5.2)
        };
        return $"<sip:{services.Edges.Get(flow.Edge).Address(flow.Transport)}{transport}>";
    }

    private string Address(SipLeg leg) => new LegAddress(tenant, call, leg.Number).ToOwner();

    private string NextTransaction(int leg) => string.Create(CultureInfo.InvariantCulture, $"{call}.{leg}.{++_transactions}");

    private SipLeg Set(SipLeg leg)
    {
        Legs = Legs.SetItem(leg.Number, leg);
        return leg;
    }
}
