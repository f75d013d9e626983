using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Subscription-State: how it is with the subscription that a NOTIFY belongs to (RFC 6665 §8.2.3).</summary>
/// <param name="State">In lower case: <c>active</c>, <c>pending</c>, <c>terminated</c>, or one that came later.</param>
/// <param name="Reason">Of a terminated one, as <c>noresource</c> (§4.1.3); null when it is not said.</param>
/// <param name="Expires">Seconds that are left.</param>
/// <param name="RetryAfter">Seconds until another subscription makes sense.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record SubscriptionState(
    [property: Id(0)] string State,
    [property: Id(1)] string? Reason = null,
    [property: Id(2)] uint? Expires = null,
    [property: Id(3)] uint? RetryAfter = null,
    [property: Id(4)] string Parameters = "") : ISipHeader<SubscriptionState>
{
    public static string Field => "Subscription-State";

    public bool IsTerminated => State == "terminated";

    public bool IsPending => State == "pending";

    public static bool TryParse(string text, [NotNullWhen(true)] out SubscriptionState? value)
    {
        value = ValueText.TrySplit(text, out var state, out var parameters) && Lexer.IsToken(state)
            && parameters.TryNumber("expires", out var expires) && parameters.TryNumber("retry-after", out var retryAfter)
            ? new(state.ToLowerInvariant(), parameters["reason"]?.ToLowerInvariant(), expires, retryAfter, parameters.Without("reason", "expires", "retry-after"))
            : null;
        return value is not null;
    }

    public override string ToString() =>
        State + ValueText.Parameter("reason", Reason) + ValueText.Parameter("expires", Expires) + ValueText.Parameter("retry-after", RetryAfter) + Parameters;
}
