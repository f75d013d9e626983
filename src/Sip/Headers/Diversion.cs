using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Diversion: who a call was diverted by, and why; the latest first (RFC 5806 §4). Historic, and what trunks speak all the same.</summary>
/// <param name="Uri">Who diverted it.</param>
/// <param name="Reason">As <c>user-busy</c> (§4); null when it is not said.</param>
/// <param name="Counter">How many diversions the entry stands for.</param>
/// <param name="Privacy"><c>full</c>, <c>name</c>, <c>uri</c> or <c>off</c>; null when it is not said.</param>
/// <param name="Parameters">The others, as written: <c>limit</c>, <c>screen</c>, ...</param>
[GenerateSerializer, Immutable]
public sealed record Diversion(
    [property: Id(0)] string Uri,
    [property: Id(1)] string? DisplayName = null,
    [property: Id(2)] string? Reason = null,
    [property: Id(3)] uint? Counter = null,
    [property: Id(4)] string? Privacy = null,
    [property: Id(5)] string Parameters = "") : ISipHeader<Diversion>
{
    public static string Field => "Diversion";

    public static bool TryParse(string text, [NotNullWhen(true)] out Diversion? value)
    {
        value = NameAddress.TryParse(text, out var address) && address.Parameters.TryNumber("counter", out var counter)
            ? new(address.Uri.ToString(), address.DisplayName, address.Parameters["reason"], counter, address.Parameters["privacy"],
                address.Parameters.Without("reason", "counter", "privacy"))
            : null;
        return value is not null;
    }

    public override string ToString() =>
        NameAddress.Format(DisplayName, Uri) + ValueText.Parameter("reason", Reason) + ValueText.Parameter("counter", Counter) + ValueText.Parameter("privacy", Privacy) + Parameters;
}
