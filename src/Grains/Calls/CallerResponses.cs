using System.Collections.Immutable;
using Telephony.Grains.Signalling;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>
/// What the caller's INVITE is answered. Provisional responses are sent reliably (RFC 3262) when the caller requires it, or when one is binding and the caller supports it;
/// what may not overtake it waits for its PRACK.
/// </summary>
internal sealed class CallerResponses(CallSignalling sip, CallServices services)
{
    private const string Option = "100rel";

    private ReliableResponses _reliable = ReliableResponses.After((uint)services.Random.Next());

    public bool IsRequired => sip.Caller.Invite.HasOption("Require", Option);

    public bool IsSupported => IsRequired || sip.Caller.Invite.HasOption("Supported", Option);

    /// <summary>A final response has left.</summary>
    public bool IsFinal { get; private set; }

    /// <summary>A 2xx waits for a PRACK.</summary>
    public bool HoldsSuccess => _reliable.HoldsSuccess;

    /// <param name="isBinding">The description is the answer or an offer, and no preview.</param>
    public void Respond(int status, ReadOnlyMemory<byte> sdp = default, bool isBinding = false, SipWarning? warning = null)
    {
        if (IsFinal) return;

        var caller = sip.Caller;
        var response = SipResponse.For(caller.Invite, status, toTag: caller.Tag);
        if (status < 300) response.Add("Contact", sip.Contact(caller.Flow)).Add("Allow", Abilities.Allow).Add("Supported", "100rel, timer");
        if (status is > 100 and < 200 && (IsRequired || (IsSupported && isBinding))) response.Add("Require", Option);
        if (status is >= 200 and < 300) sip.StartTimer(0, caller.Invite, response);
        if (warning is not null) response.Add(warning);
        if (!sdp.IsEmpty) response.Body(sdp, SessionDescription.Type);

        _reliable = _reliable.Respond(response.Build(), out var send);
        Send(send);
    }

    /// <summary>A PRACK: what it lets go is handed out, to be sent by <see cref="Send"/> once the PRACK is answered.</summary>
    /// <returns>False when it matches nothing.</returns>
    public bool TryAcknowledge(SipRequest prack, out ImmutableArray<SipResponse> released)
    {
        released = [];
        if (prack.Header<RAck>() is not { } rack || _reliable.Acknowledge(rack, out released) is not { } next) return false;

        _reliable = next;
        return true;
    }

    public void Send(ImmutableArray<SipResponse> responses)
    {
        foreach (var response in responses)
        {
            var message = response.Status switch
            {
                < 200 when RAck.Of(response) is not null => SessionMessage.ReliableProvisional,
                < 200 => SessionMessage.Provisional,
                < 300 => SessionMessage.Success,
                _ => SessionMessage.Failure,
            };
            IsFinal |= response.IsFinal;
            var caller = sip.Caller;
            sip.Set(caller with { Session = caller.Session.On(DialogSide.Us, message, !response.Body.IsEmpty).Next });
            services.Edges.Get(caller.Flow.Edge).Respond(caller.Transaction, response);
        }
    }
}
