using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

// What comes from the phones, to whom it concerns: the setup of the call, a change of its sessions, or the machine.
internal sealed partial class CallGrain
{
    public async Task RequestReceived(int leg, SipRequestReceived input)
    {
        if (!_sip.Receive(leg, input)) return;

        var method = input.Request.Method;
        if (method == SipMethod.Bye)
        {
            _sip.Respond(leg, input, 200);
            if (leg == 0 && _setup.HoldsAnswer) await HangUpUnanswered();
            else await Raise(_call.Status is CallStatus.Routing or CallStatus.Ringing && leg == 0 ? new CallerCancelled() : new PartyHungUp(leg));
        }
        else if (method == SipMethod.Options)
        {
            _sip.Respond(leg, input, 200);
        }
        else if (_call.Find(leg) is not { Status: not LegStatus.Ended })
        {
            _sip.Respond(leg, input, 481);
        }
        else if (method == SipMethod.Prack)
        {
            await PrackReceived(leg, input);
        }
        else if (method == SipMethod.Update && input.Request.Sdp().IsEmpty)
        {
            _sip.Respond(leg, input, 200);
            await SaveSnapshot(); // its session timer
        }
        else if (method != SipMethod.Invite && method != SipMethod.Update && method != SipMethod.Info)
        {
            _sip.Respond(leg, input, 405);
        }
        else if (_call.Status == CallStatus.Talking && _call.Find(leg) is { Status: LegStatus.Answered })
        {
            if (method != SipMethod.Info || !await PassedKey(leg, input)) await _renegotiation.Request(leg, Other(leg), input);
        }
        else if (method == SipMethod.Update && _setup.EarlyPartner(leg) is { } partner)
        {
            await _renegotiation.Request(leg, partner, input, isEarly: true);
        }
        else
        {
            _sip.Respond(leg, input, 491);
        }

        WatchSessions();
    }

    private async ValueTask PrackReceived(int leg, SipRequestReceived input)
    {
        if (leg != 0) _sip.Respond(leg, input, 481); // only the caller's INVITE gets reliable responses
        else if (MediaRefusal.Broken(await _setup.AcknowledgedEarly(input, to => _renegotiation.Request(0, to, input, isEarly: true))) is { } broken) await Raise(broken);
    }

    public async Task ResponseReceived(int leg, SipResponseReceived input)
    {
        if (_sip.Find(leg) is not { } sipLeg) return;

        var status = input.Response.Status;
        if (status >= 200) _sip.Finished(input.Transaction);
        if (input.Transaction == sipLeg.Transaction) await InviteAnswered(leg, sipLeg, input);
        else if (input.Response.CSeq.Method != SipMethod.Prack
            && await (_refresh.IsMine(input.Transaction) ? _refresh.Answered(input) : _renegotiation.Answered(leg, input)) is { } lost) await Raise(OfSilence(lost));
        await SessionDue();
        await LeaveWhenDone();
    }

    public async Task CancelReceived(SipCancelReceived input)
    {
        if (_renegotiation.IsFrom(input.Transaction)) await _renegotiation.Cancelled();
        else if (_setup.HoldsAnswer) await HangUpUnanswered();
        else await Raise(new CallerCancelled());
    }

    public async Task AckReceived(int leg, SipAckReceived input)
    {
        var (isRenegotiation, lost) = await _renegotiation.Acknowledged(input);
        if (lost is not null) await Raise(lost);
        if (isRenegotiation || leg != 0 || _call.Status != CallStatus.Talking || input.Transaction != _sip.Caller.Transaction) return;

        if (MediaRefusal.Broken(await _setup.AcknowledgedByCaller(input.Ack, Other(0))) is { } broken) await Raise(broken);
        if (_setup.MustOfferAgain) _refresh.Outdate(0);
        await SessionDue();
    }

    public Task AckTimedOut(int leg, SipAckTimedOut input) =>
        _setup.SaysAgain && input.Transaction == _sip.Caller.Transaction ? Task.CompletedTask : Raise(new PartyLost(leg, "ack_timeout")).AsTask();

    public Task PrackTimedOut(int leg, SipPrackTimedOut input) =>
        Raise(_setup.HoldsAnswer ? new PartyLost(leg, "prack_timeout") : new CallBroke(500, "prack_timeout")).AsTask(); // RFC 3262 §3

    private async ValueTask InviteAnswered(int leg, SipLeg sipLeg, SipResponseReceived input)
    {
        var status = input.Response.Status;
        if (status < 200)
        {
            if (status == 100 || _call.Find(leg) is not { Status: LegStatus.Offered or LegStatus.Ringing }) return;

            var (alerts, error) = await _setup.Progressed(leg, input.Response, isOnly: _call.Waiting.Count() == 1);
            if (error is not MediaError.None)
            {
                _devices.Cancel(leg);
                await Raise(new LegRefused(leg, 488));
            }
            else if (alerts)
            {
                await Raise(new LegProgressed(leg));
                _setup.PassEarlyMedia();
            }
        }
        else if (status >= 300 && _call.Waiting.Any(waiting => waiting.Number == leg) && (_devices.TryNextFlow(leg, status) || _devices.AskForLonger(leg, input.Response)))
        {
            await SaveSnapshot();
            _devices.Offer(leg);
        }
        else if (status >= 300)
        {
            await Raise(new LegRefused(leg, status));
        }
        else if (_call.Waiting.Any(waiting => waiting.Number == leg))
        {
            if (await _setup.Accepted(leg, input) is MediaError.None)
            {
                await Raise(new LegAccepted(leg));
            }
            else
            {
                _devices.Drop(leg, input);
                await Raise(new LegRefused(leg, 488));
            }
        }
        else if (_call.Find(leg) is { Status: LegStatus.Ended } || sipLeg.Dialog?.RemoteTag != input.Response.To.Tag)
        {
            _devices.Drop(leg, input); // it crossed our CANCEL (RFC 3261 §9.1), or another phone behind a proxy answered too (§13.2.2.4)
        }
    }

    /// <summary>The caller gave up while their 200 waited for a PRACK.</summary>
    private async ValueTask HangUpUnanswered()
    {
        await Raise(new PartyHungUp(0));
        _setup.RefuseCaller(487);
    }

    private int Other(int leg) => _call.Live.First(other => other.Number != leg && other.Status == LegStatus.Answered).Number;
}
