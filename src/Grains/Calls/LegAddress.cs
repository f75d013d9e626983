using System.Globalization;
using Telephony.Grains.Tenants;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>
/// Finds a leg again: from the owner of a transaction of ours, and from our tag of its dialog. The tag is <c>1.tenant.call.leg</c> with a MAC (DESIGN: Tenants and keys),
/// so that nobody can reach a call by guessing.
/// </summary>
public readonly record struct LegAddress(string Tenant, CallId Call, int Leg)
{
    private const string Version = "1";

    public string CallKey => Keys.Call(Tenant, Call);

    /// <summary>For the edge, which hands it back: no MAC, for it never leaves us.</summary>
    public string ToOwner() => $"{Tenant}.{Call}.{Leg.ToString(CultureInfo.InvariantCulture)}";

    public string ToTag(TagMac mac) => mac.Sign($"{Version}.{ToOwner()}");

    public static bool TryParseOwner(ReadOnlySpan<char> owner, out LegAddress address)
    {
        address = default;
        Span<Range> parts = stackalloc Range[4];
        if (owner.Split(parts, '.') != 3 || !CallId.TryParse(owner[parts[1]], out var call)) return false;
        if (!int.TryParse(owner[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var leg)) return false;

        address = new LegAddress(owner[parts[0]].ToString(), call, leg);
        return true;
    }

    /// <summary>False for a tag that is not ours or was tampered with.</summary>
    public static bool TryParseTag(TagMac mac, string? tag, out LegAddress address)
    {
        address = default;
        return tag is not null && mac.TryVerify(tag, out var payload)
            && payload.StartsWith(Version + ".", StringComparison.Ordinal) && TryParseOwner(payload.AsSpan(Version.Length + 1), out address);
    }
}
