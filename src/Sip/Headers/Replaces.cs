using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Replaces: the dialog that an INVITE takes the place of (RFC 3891 §6.1). Its tags are named as the one sees them that the INVITE goes to.</summary>
/// <param name="ToTag">The tag of the one that it goes to.</param>
/// <param name="FromTag">The tag of that one's peer.</param>
/// <param name="EarlyOnly">Only a dialog that was not answered yet: a pickup that must not steal a call.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record Replaces(
    [property: Id(0)] string CallId,
    [property: Id(1)] string ToTag,
    [property: Id(2)] string FromTag,
    [property: Id(3)] bool EarlyOnly = false,
    [property: Id(4)] string Parameters = "") : ISipHeader<Replaces>
{
    public static string Field => "Replaces";

    /// <summary>What to write so that the peer of this dialog's owner replaces it: the remote side is the one it goes to.</summary>
    public static Replaces Of(Dialog dialog, bool earlyOnly = false) => new(dialog.CallId, dialog.RemoteTag, dialog.LocalTag, earlyOnly);

    public static bool TryParse(string text, [NotNullWhen(true)] out Replaces? value)
    {
        value = ValueText.TrySplit(text, out var callId, out var parameters) && callId.Length > 0 && !callId.Contains(' ', StringComparison.Ordinal)
            && parameters["to-tag"] is { Length: > 0 } toTag && parameters["from-tag"] is { Length: > 0 } fromTag
            ? new(callId, toTag, fromTag, parameters.Contains("early-only"), parameters.Without("to-tag", "from-tag", "early-only"))
            : null;
        return value is not null;
    }

    public override string ToString() => $"{CallId}{ValueText.Parameter("to-tag", ToTag)}{ValueText.Parameter("from-tag", FromTag)}{(EarlyOnly ? ";early-only" : "")}{Parameters}";
}
