using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Target-Dialog: the dialog that gives a request outside of it the right to be there (RFC 4538 §6).</summary>
/// <param name="LocalTag">The sender's tag in that dialog.</param>
/// <param name="RemoteTag">The receiver's tag in that dialog.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record TargetDialog(
    [property: Id(0)] string CallId,
    [property: Id(1)] string LocalTag,
    [property: Id(2)] string RemoteTag,
    [property: Id(3)] string Parameters = "") : ISipHeader<TargetDialog>
{
    public static string Field => "Target-Dialog";

    /// <summary>What the owner of this dialog writes.</summary>
    public static TargetDialog Of(Dialog dialog) => new(dialog.CallId, dialog.LocalTag, dialog.RemoteTag);

    public static bool TryParse(string text, [NotNullWhen(true)] out TargetDialog? value)
    {
        value = ValueText.TrySplit(text, out var callId, out var parameters) && callId.Length > 0 && !callId.Contains(' ', StringComparison.Ordinal)
            && parameters["local-tag"] is { Length: > 0 } local && parameters["remote-tag"] is { Length: > 0 } remote
            ? new(callId, local, remote, parameters.Without("local-tag", "remote-tag"))
            : null;
        return value is not null;
    }

    /// <summary>Whether the peer that sent this means our dialog.</summary>
    public bool Names(Dialog dialog) => CallId == dialog.CallId && LocalTag == dialog.RemoteTag && RemoteTag == dialog.LocalTag;

    public override string ToString() => $"{CallId}{ValueText.Parameter("local-tag", LocalTag)}{ValueText.Parameter("remote-tag", RemoteTag)}{Parameters}";
}
