using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>One entry of History-Info: a target that the request had on its way (RFC 7044 §5).</summary>
/// <param name="Uri">The target, with the Reason and Privacy that it carries as headers, escaped.</param>
/// <param name="Index">Its place in the tree of targets, as <c>1.2.1</c> (§10.3).</param>
/// <param name="DisplayName">Null when there is none.</param>
/// <param name="Parameters">The others, as written: <c>rc</c>, <c>mp</c> or <c>np</c>, which say how this target came of another.</param>
[GenerateSerializer, Immutable]
public sealed record HistoryInfo(
    [property: Id(0)] string Uri, [property: Id(1)] string Index, [property: Id(2)] string? DisplayName = null, [property: Id(3)] string Parameters = "")
    : ISipHeader<HistoryInfo>
{
    public static string Field => "History-Info";

    /// <summary>The index of the entry that this one was retargeted from, by <c>mp</c>, <c>rc</c> or <c>np</c>; the one above in the tree when none says.</summary>
    public string? From
    {
        get
        {
            var parameters = new SipParameters(System.Text.Encoding.UTF8.GetBytes(Parameters));
            return parameters["mp"] ?? parameters["rc"] ?? parameters["np"] ?? (Index.LastIndexOf('.') is > 0 and var dot ? Index[..dot] : null);
        }
    }

    /// <summary>Why the target was given up (§10.2); those that can't be read are left out.</summary>
    public ImmutableArray<Reason> Reasons => SipUri.TryParse(Uri, out var uri)
        ? [.. UriHeaders.Of(uri).Where(header => header.Key.Equals("Reason", StringComparison.OrdinalIgnoreCase))
            .Select(header => Reason.TryParse(header.Value, out var reason) ? reason : null).OfType<Reason>()]
        : [];

    /// <summary>Why the call came to this target (RFC 4458 §2); null when it was not diverted.</summary>
    public uint? Cause => SipUri.TryParse(Uri, out var uri) && uri.Parameters.TryNumber("cause", out var cause) ? cause : null;

    /// <summary>Whether this entry is not to be shown beyond the trusted (§10.1).</summary>
    public bool IsPrivate => SipUri.TryParse(Uri, out var uri) && UriHeaders.Find(uri, "Privacy") is { } text && Privacy.TryParse(text, out var privacy)
        && (privacy.Kinds & (PrivacyKinds.History | PrivacyKinds.Header | PrivacyKinds.Session)) != 0;

    public static bool TryParse(string text, [NotNullWhen(true)] out HistoryInfo? value)
    {
        value = NameAddress.TryParse(text, out var address) && address.Parameters["index"] is { } index && IsIndex(index)
            ? new(address.Uri.ToString(), index, address.DisplayName, address.Parameters.Without("index"))
            : null;
        return value is not null;
    }

    public override string ToString() => $"{NameAddress.Format(DisplayName, Uri)};index={Index}{Parameters}";

    private static bool IsIndex(string index) =>
        index.Length <= 256 && index.Split('.').All(number => number.Length is > 0 and < 10 && number.All(char.IsAsciiDigit));
}
