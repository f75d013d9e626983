using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>
/// Where SIP enters and leaves: flows and transactions (RFC 3261 §17, §18), no dialogs and no bindings. Every call is a one-way message that
/// may be made from any thread, returns at once and never throws for what the network does; what comes of it arrives at the <see cref="ISipEdgeEvents"/>.
/// Transactions are named by strings; those of clients by whoever starts them.
/// </summary>
public interface ISipEdge
{
    /// <summary>The name that finds this edge again, in dialogs and bindings.</summary>
    string Id { get; }

    /// <summary>The host and port that peers reach this edge at, for a Contact or Record-Route; as <c>192.0.2.1:5060</c>.</summary>
    string Address(SipTransport transport);

    /// <summary>The same, as the peer of this flow reaches it: an address of the peer's IP version, where there is one.</summary>
    string Address(SipFlow flow);

    /// <summary>Names who hears of a server transaction's CANCEL, ACK and time-out; a CANCEL that came before is told then, others are dropped. Idempotent.</summary>
    /// <param name="owner">Opaque here: it comes back with every event.</param>
    void Claim(string transaction, string owner);

    /// <summary>
    /// Answers a server transaction: any number of provisional responses, then one final one; later ones are ignored. A 2xx to an INVITE is sent
    /// again until its ACK comes (RFC 3261 §13.3.1.4); without one in 64*T1 the owner gets a <see cref="SipAckTimedOut"/>. A provisional one with <c>Require: 100rel</c> and
    /// RSeq is sent again until its PRACK comes (RFC 3262 §3), which the owner hears as any request; without one in 64*T1 the owner gets a <see cref="SipPrackTimedOut"/>.
    /// Another such one is ignored until then: see <see cref="ReliableResponses"/>.
    /// </summary>
    void Respond(string transaction, SipResponse response);

    /// <summary>
    /// Starts a client transaction. The edge puts its Via on top; the branch holds <paramref name="transaction"/>.
    /// A name that is in use already is ignored, so that a repeated command does nothing.
    /// </summary>
    /// <param name="flow">
    /// Where to send it. Null: the first Route, else the Request-URI, says where. A name there is looked up, and its servers are tried in turn, as one transaction to its owner (RFC 3263 §4);
    /// what belongs to a dialog should go by the flow that its response came by.
    /// </param>
    void Send(string transaction, SipRequest request, SipFlow? flow, string owner);

    /// <summary>Sends the ACK of a 2xx (no transaction of its own, RFC 3261 §13.2.2.4), and again for each copy of that 2xx.</summary>
    /// <param name="transaction">The INVITE's client transaction.</param>
    void Acknowledge(string transaction, SipRequest ack, SipFlow? flow);

    /// <summary>Cancels an INVITE client transaction (RFC 3261 §9.1): at once after a provisional response, else when the first one comes. One whose server is still being looked up
    /// ends with a 487, unsent.</summary>
    void Cancel(string transaction);

    /// <summary>Tells what speaks against the source that a request came from; who does it often is banned (<see cref="DefenceOptions"/>).</summary>
    void Report(SipFlow flow, Offence offence);

    /// <summary>
    /// Has an owner told by <see cref="ISipEdgeEvents.OnFlowClosed"/> when a connection is gone: at once, when it is gone already. Idempotent. Does nothing for UDP, whose
    /// flows have no end.
    /// </summary>
    void Watch(SipFlow flow, string owner);

    /// <summary>
    /// Lets this edge answer the next REGISTERs of a phone by itself while they ask the same; <see cref="ISipEdgeEvents.OnRefreshed"/> tells, later, what came of it.
    /// In place of what it knew of this owner. An edge need not do it.
    /// </summary>
    void Remember(SipRegistration registration)
    {
    }

    /// <summary>The owner's bindings are not what was remembered any more: it hears of each REGISTER again.</summary>
    void Forget(string owner)
    {
    }

    /// <summary>
    /// Takes over an INVITE server transaction of an earlier start of this edge, in Proceeding, so that it can be answered: the INVITE is the one that was handed out then.
    /// Does nothing when it is there.
    /// </summary>
    void RestoreServer(string transaction, SipRequest invite, SipFlow flow, string owner);

    /// <summary>
    /// Takes over an INVITE client transaction of an earlier start, in Proceeding and without sending anything, so that it can be cancelled and its final response heard.
    /// The Via is made again from the transaction's name as it was then, so a CANCEL matches. Does nothing when it is there.
    /// </summary>
    /// <param name="flow">That of the last response that was heard, if any was; else that of <see cref="Send"/>.</param>
    /// <param name="branch">That of the top Via of the last response that was heard: it says which of several servers has the INVITE. Null: none was heard.</param>
    void RestoreClient(string transaction, SipRequest invite, SipFlow? flow, string owner, string? branch = null);
}

/// <summary>
/// Who hears what happens at an edge: the core above the transactions (RFC 3261 §5). Called on the edge's threads, so implementations hand over and return: nothing here may block or throw.
/// Inputs of one transaction come in order.
/// </summary>
public interface ISipEdgeEvents
{
    /// <summary>A request that starts a server transaction (everything but ACK and CANCEL). INVITE was already answered 100.</summary>
    void OnRequest(SipRequestReceived input);

    /// <summary>The peer cancelled a claimed INVITE; the edge answered the CANCEL 200. The owner now answers the INVITE 487.</summary>
    void OnCancel(SipCancelReceived input);

    /// <summary>The ACK of a 2xx arrived.</summary>
    void OnAck(SipAckReceived input);

    /// <summary>No ACK for a 2xx in 64*T1.</summary>
    void OnAckTimedOut(SipAckTimedOut input);

    /// <summary>No PRACK for a reliable provisional response in 64*T1: the owner refuses the INVITE with a 5xx (RFC 3262 §3).</summary>
    void OnPrackTimedOut(SipPrackTimedOut input)
    {
        // for those who send such responses
    }

    /// <summary>A response to a client transaction, provisional or final; also made up here for a time-out (408) or a transport failure (503).</summary>
    void OnResponse(SipResponseReceived input);

    /// <summary>A connection is gone: no request can be sent on this flow any more.</summary>
    void OnFlowClosed(SipFlowClosed input);

    /// <summary>A binding that the edge was to remember holds longer; told seconds later, when half of what the owner knew of is used up, and before the edge stops.</summary>
    void OnRefreshed(SipRefreshed input)
    {
    }
}

/// <summary>A request that begins a server transaction (RFC 3261 §17.2).</summary>
/// <param name="Flow">The way that it came.</param>
[GenerateSerializer, Immutable]
public sealed record SipRequestReceived(
    [property: Id(0)] string Edge, [property: Id(1)] string Transaction, [property: Id(2)] SipRequest Request, [property: Id(3)] SipFlow Flow);

/// <summary>The CANCEL of a claimed INVITE (RFC 3261 §9.2).</summary>
[GenerateSerializer, Immutable]
public sealed record SipCancelReceived(
    [property: Id(0)] string Edge, [property: Id(1)] string Transaction, [property: Id(2)] string Owner, [property: Id(3)] SipRequest Cancel);

/// <summary>The ACK of a 2xx (RFC 3261 §13.3.1.4).</summary>
[GenerateSerializer, Immutable]
public sealed record SipAckReceived(
    [property: Id(0)] string Edge, [property: Id(1)] string Transaction, [property: Id(2)] string Owner, [property: Id(3)] SipRequest Ack);

/// <summary>No ACK came for a 2xx in 64*T1 (RFC 3261 §13.3.1.4): the owner ends the session.</summary>
[GenerateSerializer, Immutable]
public sealed record SipAckTimedOut([property: Id(0)] string Edge, [property: Id(1)] string Transaction, [property: Id(2)] string Owner);

/// <summary>No PRACK came for a reliable provisional response in 64*T1 (RFC 3262 §3).</summary>
[GenerateSerializer, Immutable]
public sealed record SipPrackTimedOut([property: Id(0)] string Edge, [property: Id(1)] string Transaction, [property: Id(2)] string Owner);

/// <summary>Whether a response came off the wire or stands for silence (RFC 3261 §8.1.3.1).</summary>
public enum SipResponseSource { Wire, TimedOut, TransportFailed }

/// <summary>A response to a client transaction (RFC 3261 §17.1), or what stands for one.</summary>
/// <param name="Flow">The way that the request went; null when it found none.</param>
[GenerateSerializer, Immutable]
public sealed record SipResponseReceived(
    [property: Id(0)] string Edge, [property: Id(1)] string Transaction, [property: Id(2)] string Owner,
    [property: Id(3)] SipResponse Response, [property: Id(4)] SipResponseSource Source, [property: Id(5)] SipFlow? Flow);

/// <summary>A connection is gone (RFC 5626 §4.2.1: with it the flow).</summary>
/// <param name="Owners">Who asked to be told (<see cref="ISipEdge.Watch"/>).</param>
[GenerateSerializer, Immutable]
public sealed record SipFlowClosed([property: Id(0)] string Edge, [property: Id(1)] SipFlow Flow, [property: Id(2)] ImmutableArray<string> Owners);
