using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Referred-By: who asked for the request (RFC 3892 §3).</summary>
/// <param name="DisplayName">Null when there is none.</param>
/// <param name="Cid">The body part that vouches for it; null when there is none.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record ReferredBy(
    [property: Id(0)] string Uri,
    [property: Id(1)] string? DisplayName = null,
    [property: Id(2)] string? Cid = null,
    [property: Id(3)] string Parameters = "") : ISipHeader<ReferredBy>
{
    public static string Field => "Referred-By";

    public static bool TryParse(string text, [NotNullWhen(true)] out ReferredBy? value)
    {
        value = NameAddress.TryParse(text, out var address)
            ? new(address.Uri.ToString(), address.DisplayName, address.Parameters["cid"], address.Parameters.Without("cid"))
            : null;
        return value is not null;
    }

    // sip-clean-msg-id is always in quotes (§3)
    public override string ToString() => NameAddress.Format(DisplayName, Uri) + (Cid is null ? "" : ";cid=" + ValueText.Quote(Cid)) + Parameters;
}
