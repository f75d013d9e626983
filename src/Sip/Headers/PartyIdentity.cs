using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>Who somebody is: one value of P-Asserted-Identity or P-Preferred-Identity (RFC 3325 §9).</summary>
/// <param name="Uri">A sip, sips or tel URI.</param>
/// <param name="DisplayName">Null when there is none.</param>
[GenerateSerializer, Immutable]
public sealed record PartyIdentity([property: Id(0)] string Uri, [property: Id(1)] string? DisplayName = null)
{
    public bool IsTel => Uri.StartsWith("tel:", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a network that is trusted says of the sender (§9.1): at most one sip or sips URI and one tel URI. More of one kind are left out.</summary>
    public static ImmutableArray<PartyIdentity> Asserted(SipMessage message) => Of(message, "P-Asserted-Identity");

    /// <summary>Which of their identities the sender would like to show (§9.2); bounded likewise.</summary>
    public static ImmutableArray<PartyIdentity> Preferred(SipMessage message) => Of(message, "P-Preferred-Identity");

    public override string ToString() => NameAddress.Format(DisplayName, Uri);

    internal static ImmutableArray<PartyIdentity> Of(SipMessage message, string field)
    {
        PartyIdentity? sip = null, tel = null;
        foreach (var value in message.Headers(field))
        {
            if (!NameAddress.TryParse(value, out var address)) continue;
            if (address.Uri.IsSip) sip ??= new(address.Uri.ToString(), address.DisplayName);
            else if (address.Uri.Scheme == "tel") tel ??= new(address.Uri.ToString(), address.DisplayName);
        }

        return (sip, tel) switch
        {
            ({ }, { }) => [sip, tel],
            ({ }, null) => [sip],
            (null, { }) => [tel],
            _ => [],
        };
    }
}
