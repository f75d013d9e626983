using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>
/// Requests within a call that go on to the other party: an offer of a change in a re-INVITE, an UPDATE or a PRACK (RFC 3264; hold, other codecs, another address), one at
/// a time for the two dialogs together (RFC 3261 §14.2, else 491), and INFO. An UPDATE goes on as one to a party that takes it, else as a re-INVITE. One that changes
/// nothing, as a session refresh does, is answered here.
/// </summary>
/// <param name="locate">Finds a leg's peer again, whose connection may be another one by now.</param>
/// <param name="outdate">Told of a leg whose peer agreed to what the other party has not: it needs another offer.</param>
internal sealed class Renegotiation(CallSignalling sip, Func<ValueTask> saveSnapshot, Func<int, ValueTask> locate, Action<int> outdate)
{
    private readonly Dictionary<string, Exchange> _infos = []; // by our client transaction
    private readonly Dictionary<string, Exchange> _abandoned = []; // re-INVITEs that we cancelled, until their final response
    private Exchange? _change;

    /// <summary>The change that is under way, for the snapshot.</summary>
    public Exchange? Change => _change;

    public bool IsFrom(string serverTransaction) => _change?.Input.Transaction == serverTransaction;

    /// <summary>
    /// After a restart, or when the media were lost: a change that was under way is refused and taken back, as if the other party had refused it. One whose answer was to come in the ACK, which nobody
    /// heard, is answered by what is known, and the party that asked is offered that.
    /// </summary>
    public async ValueTask GiveUp(Exchange change)
    {
        if (change.GoesByInvite) sip.RestoreInvite(change.To, change.Transaction, change.Request);
        if (!change.IsAnswered)
        {
            if (change.AsksByInvite) sip.Restore(change.From, change.Input);
            if (change.GoesByInvite) Abandon(change);
            await Refused(change, 500);
        }
        else if (change.OfferIsLate)
        {
            _change = null;
            var answer = await sip.CreateAnswer(change.To, change.From);
            sip.Acknowledge(change.To, change.Transaction, change.Request.CSeq.Number, answer.Sdp);
            outdate(change.From);
        }
    }

    /// <summary>Takes a request of one party to the other.</summary>
    /// <param name="isEarly">The call is not answered: a re-INVITE can't go on.</param>
    public async ValueTask Request(int from, int to, SipRequestReceived input, bool isEarly = false)
    {
        await locate(to);
        if (input.Request.Method == SipMethod.Info)
        {
            var (name, info) = sip.Next(to, SipMethod.Info, input.Request.Body, input.Request.ContentType ?? SessionDescription.Type);
            _infos[name] = new Exchange(from, to, input, name, info);
            await saveSnapshot();
            sip.Send(to, name, info);
            return;
        }

        var byUpdate = input.Request.Method != SipMethod.Invite && sip.Legs[to].AllowsUpdate;
        if (isEarly && !byUpdate)
        {
            sip.Respond(from, input, 488);
            return;
        }

        if (_change is null && sip.IsUnchanged(from, input.Request.Sdp()) && await sip.CreateAnswer(from, to) is { Error: MediaError.None } same)
        {
            if (input.Request.Method == SipMethod.Invite) _change = new Exchange(from, to, input, "", input.Request) { IsAnswered = true };
            sip.Claim(input, from);
            sip.Respond(from, input, 200, same.Sdp);
            await saveSnapshot(); // its session timer
            return;
        }

        if (_change is not null || !sip.Legs[to].Session.MayOffer(byUpdate ? SessionMessage.Update : SessionMessage.Invite))
        {
            sip.Respond(from, input, 491);
            return;
        }

        var offer = default(MediaDescription);
        if (!input.Request.Sdp().IsEmpty)
        {
            var error = await sip.SetOffer(from, input.Request.Sdp());
            if (error is MediaError.None)
            {
                offer = await sip.CreateOffer(to, from);
                error = offer.Error;
            }

            if (error is not MediaError.None)
            {
                await sip.Rollback(from);
                sip.Respond(from, input, 488, warning: MediaRefusal.Warning(error, sip.Domain));
                return;
            }
        }

        var (transaction, request) = sip.Next(to, byUpdate ? SipMethod.Update : SipMethod.Invite, offer.Sdp);
        _change = new Exchange(from, to, input, transaction, request);
        sip.Claim(input, from);
        await saveSnapshot();
        sip.Send(to, transaction, request);
    }

    /// <summary>The other party's response, on its way back.</summary>
    /// <returns>What became of the call, when the response says that the party is gone, or can't be used.</returns>
    public async ValueTask<CallInput?> Answered(int leg, SipResponseReceived input)
    {
        var status = input.Response.Status;
        if (status < 200) return null;

        if (_infos.Remove(input.Transaction, out var info))
        {
            sip.Respond(info.From, info.Input, status);
        }
        else if (_change is { IsAnswered: false } change && change.Transaction == input.Transaction)
        {
            var placement = sip.Took(leg, change.Request, input.Response);
            if (status >= 300) await Refused(change, status);
            else if (placement.Remedy is not SessionRemedy.None || !await Accepted(change, input.Response)) return await Unusable(change);
        }
        else if (_abandoned.Remove(input.Transaction, out var abandoned))
        {
            var placement = sip.Took(leg, abandoned.Request, input.Response);
            if (status < 300) return await Crossed(abandoned, input.Response, placement);
        }
        else
        {
            return null; // it answers a BYE
        }

        return status is 481 or 408 ? new PartyLost(leg, "timeout") : null; // RFC 3261 §12.2.1.2
    }

    /// <summary>An ACK, when it belongs to a re-INVITE. A late offer's answer goes on to the other party now.</summary>
    /// <returns>Whether it does, and what became of the call when it brings no answer.</returns>
    public async ValueTask<(bool IsMine, CallInput? Broken)> Acknowledged(SipAckReceived input)
    {
        if (_change is not { } change || change.Input.Transaction != input.Transaction) return (false, null);

        _change = null;
        var asker = sip.Legs[change.From];
        var placement = asker.Session.On(DialogSide.Peer, SessionMessage.Ack, !input.Ack.Sdp().IsEmpty);
        sip.Set(asker with { Session = placement.Next });
        if (!change.OfferIsLate) return (true, null);

        var answer = default(MediaDescription);
        var error = placement.IsAllowed ? await sip.SetRemote(change.From, input.Ack.Sdp()) : MediaError.BadDescription;
        if (error is MediaError.None) answer = await sip.CreateAnswer(change.To, change.From);
        sip.Acknowledge(change.To, change.Transaction, change.Request.CSeq.Number, answer.Sdp);
        await saveSnapshot();
        return (true, error is MediaError.None && answer.Error is MediaError.None ? null : new CallBroke(488, "bad_description"));
    }

    /// <summary>The party that asked gave up: the other one is asked no more.</summary>
    public async ValueTask Cancelled()
    {
        if (_change is not { IsAnswered: false } change) return;

        Abandon(change);
        await Refused(change, 487);
    }

    private void Abandon(Exchange change)
    {
        sip.Cancel(change.To, change.Transaction);
        _abandoned[change.Transaction] = change;
    }

    /// <returns>False when the description in it can't be used.</returns>
    private async ValueTask<bool> Accepted(Exchange change, SipResponse response)
    {
        var error = change.OfferIsLate ? await sip.SetOffer(change.To, response.Sdp()) : await sip.SetRemote(change.To, response.Sdp());
        if (error is not MediaError.None) return false;

        var description = change.OfferIsLate ? await sip.CreateOffer(change.From, change.To) : await sip.CreateAnswer(change.From, change.To);
        if (description.Error is not MediaError.None) return false;

        if (!change.OfferIsLate) sip.Settle(change.From, change.Input.Request.Sdp());
        if (!change.OfferIsLate && change.GoesByInvite) sip.Acknowledge(change.To, change.Transaction, change.Request.CSeq.Number, default);
        _change = change.AsksByInvite ? change with { IsAnswered = true } : null;
        sip.Respond(change.From, change.Input, 200, description.Sdp);
        await saveSnapshot();
        return true;
    }

    /// <summary>A 2xx that crossed our CANCEL of a re-INVITE (RFC 3261 §9.1): the party has agreed to what is not wanted any more, and needs another offer.</summary>
    private async ValueTask<CallInput?> Crossed(Exchange abandoned, SipResponse response, Placement placement)
    {
        var error = placement.Remedy is not SessionRemedy.None ? MediaError.BadDescription
            : abandoned.OfferIsLate ? await sip.SetOffer(abandoned.To, response.Sdp()) : await sip.SetRemote(abandoned.To, response.Sdp());
        var answer = default(MediaDescription);
        if (error is MediaError.None && abandoned.OfferIsLate) answer = await sip.CreateAnswer(abandoned.To, abandoned.From);
        else outdate(abandoned.To);
        sip.Acknowledge(abandoned.To, abandoned.Transaction, abandoned.Request.CSeq.Number, answer.Sdp);
        return error is MediaError.None && answer.Error is MediaError.None ? null : new CallBroke(488, "bad_description");
    }

    /// <summary>The session is what it was before (RFC 3261 §14.1).</summary>
    private async ValueTask Refused(Exchange change, int status)
    {
        _change = null;
        await sip.Rollback(change.From);
        await sip.Rollback(change.To);
        sip.Respond(change.From, change.Input, status);
        await saveSnapshot();
    }

    /// <summary>A 2xx without a description that can be used (RFC 3261 §13.2.2.4).</summary>
    private async ValueTask<CallInput> Unusable(Exchange change)
    {
        if (change.GoesByInvite) sip.Acknowledge(change.To, change.Transaction, change.Request.CSeq.Number, default);
        await Refused(change, 488);
        return new CallBroke(488, "bad_description");
    }
}
