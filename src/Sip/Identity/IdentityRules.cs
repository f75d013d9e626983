using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>Whom to believe who they are, and whom to tell (RFC 3325). Who is trusted (its Spec(T), §10) is the caller's to know: a trunk, a proxy of ours; never a phone.</summary>
public static class IdentityRules
{
    private static readonly string[] Fields = ["P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID"];

    /// <summary>
    /// Who a request is from. A trusted peer is believed its P-Asserted-Identity, or the Remote-Party-ID that older ones write; of anybody else those count as not there (§5).
    /// </summary>
    public static CallerIdentity Received(SipRequest request, bool isTrusted)
    {
        var privacy = Privacy.Of(request);
        var said = new PartyIdentity(request.From.Uri.ToString(), request.From.DisplayName);
        if (!isTrusted) return new(said, null, privacy, IsAsserted: false);

        var asserted = PartyIdentity.Asserted(request);
        if (!asserted.IsEmpty) return new(asserted[0], asserted.FirstOrDefault(identity => identity.IsTel && identity != asserted[0]), privacy, IsAsserted: true);

        var remote = request.Headers<RemotePartyId>().FirstOrDefault(id => id.Party is null || id.Party.Equals("calling", StringComparison.OrdinalIgnoreCase));
        if (remote is null) return new(said, null, privacy, IsAsserted: false);

        var isScreened = string.Equals(remote.Screen, "yes", StringComparison.OrdinalIgnoreCase);
        return new(new(remote.Uri, remote.DisplayName), null, remote.IsPrivate ? privacy | PrivacyKinds.Id : privacy, isScreened);
    }

    /// <summary>
    /// Which of its own identities an authenticated device shows: the one that its P-Preferred-Identity names (§6), or its From; the first of them when it names none that is its
    /// own. What a device asserts of itself counts for nothing.
    /// </summary>
    /// <param name="own">What it may show; the first is its usual one.</param>
    public static CallerIdentity Chosen(SipRequest request, ImmutableArray<PartyIdentity> own)
    {
        ArgumentOutOfRangeException.ThrowIfZero(own.Length);

        var wishes = PartyIdentity.Preferred(request).Select(wish => wish.Uri).Append(request.From.Uri.ToString());
        var shown = wishes.Select(wish => own.FirstOrDefault(identity => IsSame(identity.Uri, wish))).FirstOrDefault(found => found is not null) ?? own[0];
        return new(shown, shown.IsTel ? null : own.FirstOrDefault(identity => identity.IsTel), Privacy.Of(request), IsAsserted: true);
    }

    /// <summary>
    /// Writes who it is from for the next peer. A trusted one is told all, with the wish for privacy; another one only what is not hidden (§5, §7). Whatever stood there goes.
    /// </summary>
    public static SipRequestBuilder Write(SipRequestBuilder request, CallerIdentity caller, bool isTrusted)
    {
        foreach (var field in Fields) request.Remove(field);
        if (caller.IsAsserted && (isTrusted || !caller.IsHidden))
        {
            request.Add("P-Asserted-Identity", caller.Shown.ToString());
            if (caller.Tel is { } tel) request.Add("P-Asserted-Identity", tel.ToString());
        }

        if (isTrusted && caller.Privacy != PrivacyKinds.Unsaid) request.Set(new Privacy(caller.Privacy));
        return request;
    }

    // a number is the same with and without its visual separators (RFC 3966 §5.1.1)
    private static bool IsSame(string one, string other) =>
        SipUri.TryParse(one, out var left) && SipUri.TryParse(other, out var right)
        && (left.Scheme == "tel" && right.Scheme == "tel" ? Number(one) == Number(other) : left.IsSameAs(right));

    private static string Number(string tel) => string.Concat(tel[4..].Split(';')[0].Where(character => !"-.()".Contains(character, StringComparison.Ordinal)));
}
