using System.Collections.Immutable;
using System.Globalization;

namespace Telephony.Sip;

/// <summary>
/// The called side of reliable provisional responses (RFC 3262 §3), for one INVITE: numbers them, lets one at a time be without its PRACK, and holds back what may not
/// overtake it. The edge repeats what is sent (<see cref="ISipEdge.Respond"/>).
/// </summary>
/// <param name="LastRSeq">The RSeq of the last one, or the number before the first.</param>
/// <param name="Unacknowledged">What waits for its PRACK.</param>
/// <param name="HasSession">Whether that holds an offer or answer: no 2xx before its PRACK then.</param>
/// <param name="Held">Responses that wait for it, in order.</param>
[GenerateSerializer, Immutable]
public sealed record ReliableResponses(
    [property: Id(0)] uint LastRSeq,
    [property: Id(1)] RAck? Unacknowledged,
    [property: Id(2)] bool HasSession,
    [property: Id(3)] ImmutableArray<SipResponse> Held)
{
    private const int MaxHeld = 16;

    /// <param name="first">The number before the first RSeq: random, below 2^31 (§3).</param>
    public static ReliableResponses After(uint first) => new(first & int.MaxValue, null, false, []);

    /// <summary>Whether a 2xx waits for a PRACK.</summary>
    public bool HoldsSuccess => Held.Any(held => held.IsFinal);

    /// <summary>Takes a response to send; a provisional one with <c>Require: 100rel</c> is numbered.</summary>
    /// <param name="send">What is to be sent now: the response, or nothing while it must wait.</param>
    public ReliableResponses Respond(SipResponse response, out ImmutableArray<SipResponse> send)
    {
        send = [];
        if (response.Status >= 300 || (response.IsFinal && (Unacknowledged is null || !HasSession)))
        {
            send = [response];
            return this with { Held = [] };
        }

        if (Unacknowledged is not null) return Held.Length < MaxHeld || response.IsFinal ? this with { Held = Held.Add(response) } : this;

        return Release(this, [response], out send);
    }

    /// <summary>A PRACK: what it lets go is to be sent now.</summary>
    /// <returns>Null when it matches nothing: answer 481 (§3).</returns>
    public ReliableResponses? Acknowledge(RAck rack, out ImmutableArray<SipResponse> send)
    {
        send = [];
        return Unacknowledged == rack ? Release(this with { Unacknowledged = null, HasSession = false, Held = [] }, Held, out send) : null;
    }

    private static ReliableResponses Release(ReliableResponses from, ImmutableArray<SipResponse> waiting, out ImmutableArray<SipResponse> send)
    {
        var sent = ImmutableArray.CreateBuilder<SipResponse>();
        for (var i = 0; i < waiting.Length; i++)
        {
            var response = waiting[i];
            if (response.IsFinal || !response.HasOption("Require", "100rel"))
            {
                sent.Add(response);
                continue;
            }

            var rseq = from.LastRSeq + 1;
            sent.Add(response.ToBuilder().Set("RSeq", rseq.ToString(CultureInfo.InvariantCulture)).Build());
            send = sent.ToImmutable();
            return new(rseq, new RAck(rseq, response.CSeq.Number, response.CSeq.Method), !response.Body.IsEmpty, waiting[(i + 1)..]);
        }

        send = sent.ToImmutable();
        return from;
    }
}
