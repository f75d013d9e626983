namespace Telephony.Sip;

/// <summary>Carries out what a caller wants hidden, as the privacy service that a back-to-back user agent is (RFC 3323 §5).</summary>
public static class PrivacyRules
{
    /// <summary>Who an anonymous call is from (§4.1.1.3).</summary>
    public const string AnonymousUri = "sip:anonymous@anonymous.invalid";

    private const PrivacyKinds HidesCaller = PrivacyKinds.User | PrivacyKinds.Id | PrivacyKinds.Header;

    // what may say who somebody is, and that no answer needs (§4.1.2, §5.1, §5.3)
    private static readonly string[] Telling =
        ["Subject", "Call-Info", "Organization", "User-Agent", "Reply-To", "In-Reply-To", "Referred-By", "Identity", "Identity-Info", "Remote-Party-ID", "P-Preferred-Identity"];

    /// <summary>
    /// Why a call can't be made: it is to be private without fail, and can't be (§5): 500. What headers say can always be hidden; media when they go through us.
    /// </summary>
    public static SipAnswer? Refuse(PrivacyKinds kinds, bool hidesMedia) =>
        kinds.HasFlag(PrivacyKinds.Critical) && kinds.HasFlag(PrivacyKinds.Session) && !hidesMedia ? SipAnswer.Of(500) with { Reason = "Session Privacy Not Available" } : null;

    /// <summary>
    /// A request of ours as the next peer may see it. Towards a trusted one nothing is hidden, and the wish goes with it (RFC 3325 §7). Via, Contact and Record-Route are ours
    /// already; the media's addresses are the media's affair.
    /// </summary>
    public static SipRequestBuilder Apply(SipRequest request, PrivacyKinds kinds, bool isTrusted)
    {
        var hidden = request.ToBuilder();
        if (isTrusted) return hidden;

        hidden.Remove("Privacy"); // it is done
        if (kinds.HasFlag(PrivacyKinds.None)) return hidden;

        if ((kinds & HidesCaller) != 0)
        {
            hidden.Set("From", NameAddress.Format("Anonymous", AnonymousUri) + request.From.Parameters).Remove("P-Asserted-Identity");
            foreach (var field in Telling) hidden.Remove(field);
        }

        HideHistory(hidden, request, all: (kinds & (PrivacyKinds.History | PrivacyKinds.Header)) != 0);
        return hidden;
    }

    // RFC 7044 §10.1: an entry that is not to be shown becomes anonymous, but keeps its place; so does a diversion (RFC 5806 §4, privacy)
    private static void HideHistory(SipRequestBuilder hidden, SipRequest request, bool all)
    {
        var history = request.Headers<HistoryInfo>().Select(entry => all || entry.IsPrivate ? entry with { Uri = AnonymousUri, DisplayName = null } : entry);
        var diversions = request.Headers<Diversion>().Select(diversion => all || IsPrivate(diversion) ? diversion with { Uri = AnonymousUri, DisplayName = null } : diversion);
        Replace(hidden, HistoryInfo.Field, history.ToList());
        Replace(hidden, Diversion.Field, diversions.ToList());
    }

    private static bool IsPrivate(Diversion diversion) => diversion.Privacy is { } privacy && !privacy.Equals("off", StringComparison.OrdinalIgnoreCase);

    // in one field, so that a list of any length fits where it was
    private static void Replace<T>(SipRequestBuilder hidden, string field, List<T> values)
    {
        if (values.Count == 0) hidden.Remove(field);
        else hidden.Set(field, string.Join(", ", values));
    }
}
