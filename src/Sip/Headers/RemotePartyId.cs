using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Remote-Party-ID, what older phones and PBXs say in the place of P-Asserted-Identity (draft-ietf-sip-privacy-04 §5).</summary>
/// <param name="Party"><c>calling</c> or <c>called</c>; null when it is not said.</param>
/// <param name="Privacy"><c>full</c>, <c>name</c>, <c>uri</c>, <c>off</c>; null when it is not said.</param>
/// <param name="Screen">Whether it was checked: <c>yes</c> or <c>no</c>; null when it is not said.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record RemotePartyId(
    [property: Id(0)] string Uri,
    [property: Id(1)] string? DisplayName = null,
    [property: Id(2)] string? Party = null,
    [property: Id(3)] string? Privacy = null,
    [property: Id(4)] string? Screen = null,
    [property: Id(5)] string Parameters = "") : ISipHeader<RemotePartyId>
{
    public static string Field => "Remote-Party-ID";

    /// <summary>Whether it is not to be shown to the other party.</summary>
    public bool IsPrivate => Privacy is { } privacy && !privacy.Equals("off", StringComparison.OrdinalIgnoreCase);

    public static bool TryParse(string text, [NotNullWhen(true)] out RemotePartyId? value)
    {
        value = NameAddress.TryParse(text, out var address)
            ? new(address.Uri.ToString(), address.DisplayName, address.Parameters["party"], address.Parameters["privacy"], address.Parameters["screen"],
                address.Parameters.Without("party", "privacy", "screen"))
            : null;
        return value is not null;
    }

    public override string ToString() =>
        NameAddress.Format(DisplayName, Uri) + ValueText.Parameter("party", Party) + ValueText.Parameter("privacy", Privacy) + ValueText.Parameter("screen", Screen) + Parameters;
}
