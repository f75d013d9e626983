namespace Telephony.Sip;

/// <summary>Which dialog an INVITE with Replaces takes the place of, and when it must not (RFC 3891 §3). Whether its sender may do this is decided besides.</summary>
public static class ReplacesRules
{
    /// <returns>Null when the request has no Replaces.</returns>
    public static ReplacesMatch? Match(SipRequest request, IEnumerable<Replaceable> dialogs)
    {
        if (request.Header("Replaces") is null) return null;
        if (request.Method != SipMethod.Invite || request.Headers("Replaces").Count != 1 || request.Header<Replaces>() is not { } replaces || request.Header("Join") is not null)
        {
            return new(400);
        }

        return Match(replaces, dialogs);
    }

    /// <summary>As <see cref="Match(SipRequest, IEnumerable{Replaceable})"/>, of a Replaces that came in a Refer-To to who has the dialog.</summary>
    public static ReplacesMatch Match(Replaces replaces, IEnumerable<Replaceable> dialogs)
    {
        var named = dialogs.Where(candidate => Names(replaces, candidate.Dialog)).Take(2).ToList();
        if (named is not [var one]) return new(481); // several are as good as none

        return one.Status switch
        {
            ReplaceableStatus.Ended => new(603),
            ReplaceableStatus.Confirmed when replaces.EarlyOnly => new(486),
            ReplaceableStatus.Early when !one.IsOurs => new(481),
            _ => new(200, one),
        };
    }

    // to-tag is ours, from-tag our peer's; a peer without a tag, of RFC 2543, is named 0 (§3)
    private static bool Names(Replaces replaces, Dialog dialog) =>
        replaces.CallId == dialog.CallId && replaces.ToTag == dialog.LocalTag
        && (replaces.FromTag == dialog.RemoteTag || replaces.FromTag == "0" && dialog.RemoteTag.Length == 0);
}
