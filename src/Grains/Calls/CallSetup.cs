using Telephony.Grains.Extensions;
using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>
/// A call from its INVITE to its answer: the caller's INVITE and its responses, the INVITEs to the callees' devices and theirs, and the one offer and answer between
/// them. Early media of the first device that has some goes to the caller.
/// <code>
///     caller's INVITE     the caller gets                                  the device gets
///     with an offer       183 with a preview, or with the answer if 100rel PRACK
///                         200 with the answer, unless a 183 had it         ACK
///     without             183 with the device's offer, if both have 100rel the caller's answer in PRACK
///                         200 with the device's offer                      the caller's answer in ACK
/// </code>
/// </summary>
internal sealed class CallSetup(CallSignalling sip, DeviceInvites devices, CallServices services)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(32);

    private readonly CallerResponses _responses = new(sip, services);
    private bool _isConfirmed; // the caller's ACK is here
    private int? _early; // the leg whose early media the caller hears
    private bool _earlyIsUnsent;
    private bool _earlyIsBinding; // nobody else can answer
    private RAck? _lateOffer; // what the early leg's PRACK will acknowledge, with the caller's answer in it
    private bool _offerIsLate;
    private ReadOnlyMemory<byte> _forCaller; // the description that the caller's next response carries
    private ReadOnlyMemory<byte> _promised; // the one that a reliable response carried

    /// <summary>The caller's 200 waits for a PRACK: the call is answered, and the caller does not know it yet.</summary>
    public bool HoldsAnswer => _responses.HoldsSuccess;

    /// <summary>The device that was answered has another session than the caller was told of: the caller needs an offer.</summary>
    public bool MustOfferAgain { get; private set; }

    /// <summary>What a restart must know.</summary>
    public SetupSnapshot ToSnapshot() => new(_early, IsReliable: _responses.IsRequired || (_early is not null && _responses.IsSupported), _isConfirmed ? default : _forCaller) { IsConfirmed = _isConfirmed };

    /// <summary>Goes on after a restart, which lost the INVITE's transactions with it.</summary>
    public void Restore(SetupSnapshot snapshot)
    {
        (_early, _forCaller, _isConfirmed) = (snapshot.Early, snapshot.ForCaller, snapshot.IsConfirmed);
        _offerIsLate = !_isConfirmed && sip.Caller.Invite.Sdp().IsEmpty;
    }

    /// <summary>
    /// After a restart: says again what may not have left, that it rings or that it is answered. An answer only while the caller still waits for it or would acknowledge it once
    /// more (64*T1), or may have had to wait for a PRACK; one who does not is not lost by that.
    /// </summary>
    public void SayAgain(Call call)
    {
        var answered = call.Live.FirstOrDefault(leg => leg is { Number: > 0, Status: LegStatus.Answered });
        if (answered is null)
        {
            if (call.Waiting.Any(leg => leg.Status is LegStatus.Ringing)) RingCaller();
        }
        else if (!_isConfirmed && (_responses.IsRequired || _early is not null || services.Clock.GetUtcNow() - call.Since < Patience))
        {
            SaysAgain = true;
            var leg = sip.Legs[answered.Number];
            sip.RestoreCaller();
            sip.Set(sip.Caller with { Session = OfferAnswer.Begin(DialogSide.Peer, !_offerIsLate) });
            sip.RestoreInvite(leg.Number, leg.Transaction, leg.Invite);
            AnswerCaller(leg.Number);
        }
        else
        {
            (_isConfirmed, _offerIsLate) = (true, false);
        }
    }

    /// <summary>The caller was answered once more, and may have acknowledged the first time.</summary>
    public bool SaysAgain { get; private set; }

    /// <summary>Whom a leg has early media with; null: nobody.</summary>
    public int? EarlyPartner(int leg) => leg == 0 ? _early : leg == _early ? 0 : null;

    // ---- the caller's leg

    /// <summary>Takes the caller's INVITE: its dialog, and its offer if it has one.</summary>
    public async ValueTask<MediaError> AddCaller(SipRequestReceived input, string domain, string device)
    {
        sip.Begin(domain);
        var address = sip.AddressOf(0);
        var (tag, invite) = (address.ToTag(services.Tags), input.Request);
        _offerIsLate = invite.Sdp().IsEmpty;
        var caller = sip.Set(new SipLeg(0, tag, address.ToOwner(), input.Flow, input.Transaction, invite, Dialog.FromRequest(invite, tag))
        {
            Session = OfferAnswer.Begin(DialogSide.Peer, !_offerIsLate),
        }.Knowing(invite));
        var error = await sip.CreateMedia(caller.MediaLeg, caller.Flow, device);
        return error is MediaError.None && !_offerIsLate ? await sip.SetRemote(0, invite.Sdp()) : error;
    }

    public void RingCaller()
    {
        if (_early is null) _responses.Respond(180);
    }

    public void AnswerCaller(int number)
    {
        var leg = sip.Legs[number];
        _responses.Respond(200, _forCaller);
        // with a late offer the callee's ACK carries the answer, which comes with the caller's
        if (!_offerIsLate) sip.Acknowledge(number, leg.Transaction, leg.Invite.CSeq.Number, default);
    }

    /// <summary>The call ends before it has events: the caller gets a final response, and all ports are freed.</summary>
    public async ValueTask Abandon(int status)
    {
        if (sip.Legs.IsEmpty) return;

        _responses.Respond(status);
        foreach (var leg in sip.Legs) await sip.ReleaseMedia(leg.Number);
    }

    public void RefuseCaller(int status, string? reason = null) => _responses.Respond(status, warning: MediaRefusal.Warning(reason, sip.Domain));

    /// <summary>Ends a leg that was answered; a caller whose 200 still waits is refused.</summary>
    public void HangUp(int number)
    {
        if (number == 0 && HoldsAnswer) _responses.Respond(480);
        else sip.HangUp(number);
    }

    /// <summary>The caller's ACK: with a late offer it brings the answer, which goes on to the callee in theirs.</summary>
    public async ValueTask<MediaError> AcknowledgedByCaller(SipRequest ack, int callee)
    {
        var caller = sip.Caller;
        sip.Set(caller with { Session = caller.Session.On(DialogSide.Peer, SessionMessage.Ack, !ack.Sdp().IsEmpty).Next });
        _isConfirmed = true;
        if (!_offerIsLate) return MediaError.None;

        _offerIsLate = false;
        var leg = sip.Legs[callee];
        var error = await sip.SetRemote(0, ack.Sdp());
        var answer = await sip.CreateAnswer(callee, 0);
        sip.Acknowledge(callee, leg.Transaction, leg.Invite.CSeq.Number, answer.Sdp);
        return error is MediaError.None ? answer.Error : error;
    }

    /// <summary>The caller's PRACK (RFC 3262 §3): lets what waited go; with a late offer it brings the answer, which goes on to the device in theirs. It is answered here.</summary>
    /// <param name="relay">Takes an offer in it to the early leg's device.</param>
    public async ValueTask<MediaError> AcknowledgedEarly(SipRequestReceived input, Func<int, ValueTask> relay)
    {
        if (!_responses.TryAcknowledge(input.Request, out var released))
        {
            sip.Respond(0, input, 481);
            return MediaError.None;
        }

        var caller = sip.Caller;
        var placement = caller.Session.On(DialogSide.Peer, SessionMessage.Prack, !input.Request.Sdp().IsEmpty);
        sip.Set(caller with { Session = placement.Next });
        var error = placement.Remedy is SessionRemedy.BadRequest ? MediaError.BadDescription : MediaError.None;
        if (placement.Role is BodyRole.Answer && _lateOffer is { } rack && _early is { } number)
        {
            (_lateOffer, _offerIsLate, _forCaller) = (null, false, default);
            error = await sip.SetRemote(0, input.Request.Sdp());
            var answer = await sip.CreateAnswer(number, 0);
            if (error is MediaError.None) error = answer.Error;
            if (error is MediaError.None) devices.Prack(number, rack, answer.Sdp);
            sip.Respond(0, input, error is MediaError.None ? 200 : 488, warning: MediaRefusal.Warning(error, sip.Domain));
        }
        else if (placement.Role is BodyRole.Offer)
        {
            if (_early is { } early) await relay(early);
            else sip.Respond(0, input, 488);
        }
        else
        {
            sip.Respond(0, input, placement.IsAllowed ? 200 : placement.Status);
        }

        _responses.Send(released);
        return error;
    }

    // ---- the callees' legs

    /// <summary>Makes a device's leg and its INVITE.</summary>
    /// <param name="isOnly">Nobody else is rung.</param>
    public ValueTask<MediaError> Prepare(int number, RingTarget target, Party caller, string dialled, bool isOnly)
    {
        // a device's early offer needs an answer at once, which only a caller with 100rel can give, and one device at a time
        var mayBeReliable = !_offerIsLate || (isOnly && _responses.IsSupported);
        return devices.Prepare(number, target, caller, dialled, offers: !_offerIsLate, mayBeReliable);
    }

    /// <summary>A provisional response of a device: its PRACK, and with a description the way for early media, of the first leg that has one.</summary>
    /// <param name="isOnly">No other device can still answer: what the caller is told reliably of this one holds.</param>
    /// <returns>Whether the device alerts its user now, and what makes the leg useless.</returns>
    public async ValueTask<(bool Alerts, MediaError Error)> Progressed(int number, SipResponse response, bool isOnly)
    {
        var step = devices.Take(number, response);
        if (step.Kind is ForkedResponse.NoDialog) return (response.To.Tag is null, MediaError.None);
        if (step.Kind is not (ForkedResponse.Progress or ForkedResponse.DialogEnded)) return (false, MediaError.None);

        if (step.RAck is { } rack && step.Role is not BodyRole.Offer) devices.Prack(number, rack, default);
        if (step.Kind is ForkedResponse.DialogEnded)
        {
            devices.GoBack(number);
            return (false, MediaError.None);
        }

        var leg = sip.Legs[number];
        return (true, step.Role switch
        {
            BodyRole.Offer => await OfferedEarly(leg, response, step.RAck!, isOnly),
            BodyRole.Answer => await AnsweredEarly(leg, response, isOnly, isBinding: true),
            BodyRole.Preview when _early is null => await AnsweredEarly(leg, response, isOnly, isBinding: false),
            _ => MediaError.None,
        });
    }

    /// <summary>Tells the caller of early media that <see cref="Progressed"/> found.</summary>
    public void PassEarlyMedia()
    {
        if (!_earlyIsUnsent) return;

        _earlyIsUnsent = false;
        _responses.Respond(183, _forCaller, _earlyIsBinding);
        if (_responses.IsSupported && _earlyIsBinding && _lateOffer is null) _promised = _forCaller;
    }

    /// <summary>A callee's first 2xx: their dialog, and their answer (or, when the caller made none, their offer).</summary>
    public async ValueTask<MediaError> Accepted(int number, SipResponseReceived input)
    {
        var response = input.Response;
        var asked = sip.Legs[number].Invite.Header<SessionExpires>() ?? services.SessionTimers.Ask();
        var step = devices.Take(number, response);
        if (step.Kind is not ForkedResponse.Confirmed) return MediaError.BadDescription;

        var leg = sip.Legs[number];
        leg = sip.Set(leg with { Flow = input.Flow ?? leg.Flow, Timer = SessionTimerRules.Agreed(asked, response, services.Clock.GetUtcNow()) });
        if (step.Remedy is not SessionRemedy.None) return MediaError.BadDescription;

        if (step.Role is BodyRole.Answer or BodyRole.Offer && await sip.SetRemote(number, response.Sdp()) is not MediaError.None and var error) return error;

        _forCaller = default;
        if (step.Role is not (BodyRole.Answer or BodyRole.Offer) && (!_promised.IsEmpty || sip.Caller.Session.IsEstablished)) return await sip.Connect(leg); // all was agreed before

        var description = _offerIsLate ? await sip.CreateOffer(0, number) : await sip.CreateAnswer(0, number);
        MustOfferAgain = !_promised.IsEmpty && !_promised.Span.SequenceEqual(description.Sdp.Span);
        if (_promised.IsEmpty) _forCaller = description.Sdp;
        return description.Error is MediaError.None ? await sip.Connect(leg) : description.Error;
    }

    private async ValueTask<MediaError> OfferedEarly(SipLeg leg, SipResponse response, RAck rack, bool isOnly)
    {
        if (!isOnly || !_responses.IsSupported || _early is not null) return MediaError.BadDescription; // it was not told that it may

        var error = await sip.SetRemote(leg.Number, response.Sdp());
        if (error is not MediaError.None) return error;

        var offer = await sip.CreateOffer(0, leg.Number);
        if (offer.Error is not MediaError.None) return offer.Error;

        (_early, _earlyIsUnsent, _earlyIsBinding, _lateOffer, _forCaller) = (leg.Number, true, true, rack, offer.Sdp);
        return await sip.Connect(leg);
    }

    private async ValueTask<MediaError> AnsweredEarly(SipLeg leg, SipResponse response, bool isOnly, bool isBinding)
    {
        var error = await sip.SetRemote(leg.Number, response.Sdp());
        if (error is not MediaError.None) return isBinding ? error : MediaError.None;
        // what is told reliably can't be told otherwise later: with 100rel, of one device alone
        if (_early is not null || (!isOnly && _responses.IsRequired)) return MediaError.None;

        var answer = await sip.CreateAnswer(0, leg.Number);
        if (answer.Error is not MediaError.None) return isBinding ? answer.Error : MediaError.None;

        (_early, _earlyIsUnsent, _earlyIsBinding, _forCaller) = (leg.Number, true, isOnly, answer.Sdp);
        return await sip.Connect(leg);
    }
}
