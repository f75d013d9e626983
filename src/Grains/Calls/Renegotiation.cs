using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>
/// Requests within a talking call that go on to the other party: a re-INVITE with its offer and answer (RFC 3264; hold, other codecs, another address), one at
/// a time for the two dialogs together (RFC 3261 §14.2, else 491), and INFO.
/// </summary>
internal sealed class Renegotiation(CallSignalling sip, Func<ValueTask> saveSnapshot)
{
    /// <summary>A request that waits for the other party's answer.</summary>
    private sealed record Exchange(int From, int To, SipRequestReceived Input, string Transaction, SipRequest Request)
    {
        public bool OfferIsLate => Input.Request.Sdp().IsEmpty;
        public bool IsAnswered { get; init; }
    }

    private readonly Dictionary<string, Exchange> _infos = []; // by our client transaction
    private Exchange? _invite;

    public bool IsFrom(string serverTransaction) => _invite?.Input.Transaction == serverTransaction;

    /// <summary>Takes an INVITE or INFO of one party to the other.</summary>
    public async ValueTask Request(int from, int to, SipRequestReceived input)
    {
        if (input.Request.Method == SipMethod.Info)
        {
            var (name, info) = sip.Next(to, SipMethod.Info, input.Request.ContentType, input.Request.Body);
            _infos[name] = new Exchange(from, to, input, name, info);
            await saveSnapshot();
            sip.Send(to, name, info);
            return;
        }

        if (_invite is not null)
        {
            sip.Respond(input, 491);
            return;
        }

        var offer = default(MediaDescription);
        if (!input.Request.Sdp().IsEmpty)
        {
            var error = await sip.SetOffer(from, input.Request.Sdp());
            if (error is MediaError.None) offer = await sip.CreateOffer(to, from);
            if (error is not MediaError.None || offer.Error is not MediaError.None)
            {
                await sip.Rollback(from);
                sip.Respond(input, 488);
                return;
            }
        }

        var (transaction, request) = sip.Next(to, SipMethod.Invite, null, offer.Sdp);
        _invite = new Exchange(from, to, input, transaction, request);
        sip.Claim(input, from);
        await saveSnapshot();
        sip.Send(to, transaction, request);
    }

    /// <summary>The other party's response, on its way back.</summary>
    /// <returns>What became of the call, when the response says that the party is gone.</returns>
    public async ValueTask<PartyLost?> Answered(int leg, SipResponseReceived input)
    {
        var status = input.Response.Status;
        if (status < 200) return null;

        if (_infos.Remove(input.Transaction, out var info))
        {
            sip.Respond(info.Input, status);
        }
        else if (_invite is { IsAnswered: false } invite && invite.Transaction == input.Transaction)
        {
            if (status < 300) await Accepted(invite, input.Response);
            else await Refused(invite, status);
        }
        else
        {
            // a 2xx that crossed our CANCEL of a re-INVITE must be acknowledged all the same; anything else here answers a BYE
            if (status < 300 && input.Response.CSeq.Method == SipMethod.Invite) sip.Acknowledge(leg, input.Transaction, input.Response.CSeq.Number, default);
            return null;
        }

        return status is 481 or 408 ? new PartyLost(leg, "timeout") : null; // RFC 3261 §12.2.1.2
    }

    /// <summary>An ACK, when it belongs to a re-INVITE. A late offer's answer goes on to the other party now.</summary>
    public async ValueTask<bool> Acknowledged(SipAckReceived input)
    {
        if (_invite is not { } invite || invite.Input.Transaction != input.Transaction) return false;

        _invite = null;
        if (invite.OfferIsLate)
        {
            await sip.SetRemote(invite.From, input.Ack.Sdp());
            var answer = await sip.CreateAnswer(invite.To, invite.From);
            sip.Acknowledge(invite.To, invite.Transaction, invite.Request.CSeq.Number, answer.Sdp);
        }

        return true;
    }

    /// <summary>The party that asked gave up: the other one is asked no more.</summary>
    public async ValueTask Cancelled()
    {
        if (_invite is not { IsAnswered: false } invite) return;

        sip.CancelTransaction(invite.To, invite.Transaction);
        await Refused(invite, 487);
    }

    private async ValueTask Accepted(Exchange invite, SipResponse response)
    {
        sip.RefreshTarget(invite.To, response);
        if (invite.OfferIsLate) await sip.SetOffer(invite.To, response.Sdp());
        else await sip.SetRemote(invite.To, response.Sdp());
        var description = invite.OfferIsLate ? await sip.CreateOffer(invite.From, invite.To) : await sip.CreateAnswer(invite.From, invite.To);
        if (!invite.OfferIsLate) sip.Acknowledge(invite.To, invite.Transaction, invite.Request.CSeq.Number, default);
        if (description.Error is MediaError.None)
        {
            _invite = invite with { IsAnswered = true };
            sip.Respond(invite.Input, 200, description.Sdp);
        }
        else
        {
            await Refused(invite, 488);
        }
    }

    /// <summary>The session is what it was before (RFC 3261 §14.1).</summary>
    private async ValueTask Refused(Exchange invite, int status)
    {
        _invite = null;
        await sip.Rollback(invite.From);
        await sip.Rollback(invite.To);
        sip.Respond(invite.Input, status);
    }
}
