using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>
/// Alert-Info: how a call is to ring (RFC 3261 §20.4, <c>urn:alert</c>: RFC 7462), and what phones made of it: a URI without brackets, a bare word as <c>Bellcore-dr2</c>,
/// bare parameters as <c>info=alert-autoanswer</c>.
/// </summary>
/// <param name="Uri">Null when there is none.</param>
/// <param name="Text">What stands there in the place of a URI; null when nothing does.</param>
/// <param name="Info">Which of its ring tones the phone is to use; null when it is not said.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record AlertInfo(
    [property: Id(0)] string? Uri,
    [property: Id(1)] string? Text = null,
    [property: Id(2)] string? Info = null,
    [property: Id(3)] string Parameters = "") : ISipHeader<AlertInfo>
{
    private const string Urn = "urn:alert:";

    public static string Field => "Alert-Info";

    /// <summary>Category and indication of a <c>urn:alert</c> (RFC 7462 §7), as <c>service:call-waiting</c>; null when it is none.</summary>
    public string? Alert => Uri is { } uri && uri.StartsWith(Urn, StringComparison.OrdinalIgnoreCase) && uri.Length > Urn.Length ? uri[Urn.Length..].ToLowerInvariant() : null;

    public static bool TryParse(string text, [NotNullWhen(true)] out AlertInfo? value)
    {
        value = null;
        if (!ValueText.TrySplit(text, out var target, out var parameters)) return false;

        string? uri = null, words = null;
        if (target.Length > 1 && target[0] == '<' && target[^1] == '>') uri = target[1..^1].Trim();
        else if (target.Contains('=', StringComparison.Ordinal) && !target.Contains(':', StringComparison.Ordinal)) return TryParse(";" + text, out value);
        else if (target.Contains(':', StringComparison.Ordinal)) uri = target;
        else if (target.Length > 0) words = target;

        if (uri is not null && !Lexer.IsUriText(uri.AsSpan()) || words is not null && words.AsSpan().ContainsAny("<>\"")) return false;
        if (target.Length == 0 && parameters.ToString().Length == 0) return false;

        value = new(uri, words, parameters["info"], parameters.Without("info"));
        return true;
    }

    // bare parameters do without the first semicolon where they can't be taken for something else
    public override string ToString()
    {
        var text = (Uri is null ? Text : $"<{Uri}>") + ValueText.Parameter("info", Info) + Parameters;
        return text[0] == ';' && Info is not null && Lexer.IsToken(Info) ? text[1..] : text;
    }
}
