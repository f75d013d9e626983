using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>What a REGISTER comes to (RFC 3261 §10.3): the bindings after it and what to answer.</summary>
/// <param name="Bindings">After the REGISTER, without those that had expired; the current ones when it was refused.</param>
/// <param name="Status">200, or why it was refused.</param>
/// <param name="Headers">What belongs in the answer: Contact with expires, Path, Supported, Min-Expires, Unsupported.</param>
public sealed record RegistrarResult(
    ImmutableArray<Binding> Bindings, int Status, string Reason, ImmutableArray<KeyValuePair<string, string>> Headers)
{
    public bool IsAccepted => Status == 200;

    /// <summary>Starts the answer with these headers in it.</summary>
    public SipResponseBuilder Respond(SipRequest register, string? toTag = null)
    {
        var response = SipResponse.For(register, Status, Reason, toTag);
        foreach (var (name, value) in Headers) response.Add(name, value);
        return response;
    }
}
