using Microsoft.Extensions.Logging;
using Telephony.Grains.Calls;
using Telephony.Grains.Devices;
using Telephony.Sip;

namespace Telephony.Grains.Signalling;

/// <summary>
/// Takes what an edge hears to whom it concerns: a REGISTER to its device, an INVITE to a new call, everything within a dialog to the call that our tag names. A
/// tag that fails its check gets 481 and touches no grain.
/// </summary>
internal sealed class SipDispatcher(
    ISipEdges edges, IGrainFactory grains, RegisterHandler registers, InviteHandler invites, TagMac tags, ILogger<SipDispatcher> log) : ISipEdgeEvents
{
    public void OnRequest(SipRequestReceived input)
    {
        var request = input.Request;
        if (request.To.Tag is { } tag) OnDialogRequest(input, tag);
        else if (request.Method == SipMethod.Register) Run(registers.Handle(input), input);
        else if (request.Method == SipMethod.Invite) Run(invites.Handle(input), input);
        else if (request.Method == SipMethod.Options) Respond(input, Abilities.Ours.AnswerOptions(request));
        else if (request.Method == SipMethod.Bye || request.Method == SipMethod.Info || request.Method == SipMethod.Prack || request.Method == SipMethod.Update) Respond(input, 481);
        else Respond(input, 405);
    }

    public void OnCancel(SipCancelReceived input)
    {
        if (LegAddress.TryParseOwner(input.Owner, out var leg)) _ = Call(leg).CancelReceived(input);
    }

    public void OnAck(SipAckReceived input)
    {
        if (LegAddress.TryParseOwner(input.Owner, out var leg)) _ = Call(leg).AckReceived(leg.Leg, input);
    }

    public void OnAckTimedOut(SipAckTimedOut input)
    {
        if (LegAddress.TryParseOwner(input.Owner, out var leg)) _ = Call(leg).AckTimedOut(leg.Leg, input);
    }

    public void OnPrackTimedOut(SipPrackTimedOut input)
    {
        if (LegAddress.TryParseOwner(input.Owner, out var leg)) _ = Call(leg).PrackTimedOut(leg.Leg, input);
    }

    public void OnResponse(SipResponseReceived input)
    {
        if (LegAddress.TryParseOwner(input.Owner, out var leg)) _ = Call(leg).ResponseReceived(leg.Leg, input);
    }

    public void OnFlowClosed(SipFlowClosed input)
    {
        foreach (var device in input.Owners) _ = grains.GetGrain<IDeviceGrain>(device).FlowClosed(input.Flow);
    }

    public void OnRefreshed(SipRefreshed input) => _ = grains.GetGrain<IDeviceGrain>(input.Owner).Refreshed(input);

    private void OnDialogRequest(SipRequestReceived input, string tag)
    {
        if (LegAddress.TryParseTag(tags, tag, out var leg)) _ = Call(leg).RequestReceived(leg.Leg, input);
        else Respond(input, 481);
    }

    private ICallGrain Call(LegAddress leg) => grains.GetGrain<ICallGrain>(leg.CallKey);

    private void Respond(SipRequestReceived input, int status) => Respond(input, SipResponse.For(input.Request, status).Add("Allow", Abilities.Allow));

    private void Respond(SipRequestReceived input, SipResponseBuilder response) => edges.Get(input.Edge).Respond(input.Transaction, response.Build());

    /// <summary>A handler that fails answers 500, so that nobody waits for nothing.</summary>
    private void Run(ValueTask handling, SipRequestReceived input)
    {
        if (!handling.IsCompletedSuccessfully) _ = Watch(handling, input);
    }

    private async Task Watch(ValueTask handling, SipRequestReceived input)
    {
        try
        {
            await handling;
        }
        catch (Exception error)
        {
            Log.RequestFailed(log, error, input.Request.Method.Name);
            Respond(input, 500);
        }
    }
}
