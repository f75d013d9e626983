namespace Telephony.Sip.Bench;

/// <summary>Answers every request 200 at once.</summary>
internal sealed class Responder(IServiceProvider services) : ISipEdgeEvents
{
    private readonly Lazy<ISipEdge> _edge = new(() => (ISipEdge)services.GetService(typeof(ISipEdge))!);

    public void OnRequest(SipRequestReceived input) => _edge.Value.Respond(input.Transaction, SipResponse.For(input.Request, 200, toTag: "b").Build());

    public void OnCancel(SipCancelReceived input)
    {
    }

    public void OnAck(SipAckReceived input)
    {
    }

    public void OnAckTimedOut(SipAckTimedOut input)
    {
    }

    public void OnResponse(SipResponseReceived input)
    {
    }

    public void OnFlowClosed(SipFlowClosed input)
    {
    }
}
