using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Telephony.Sip;

/// <summary>Warning: more about a response than its status says (RFC 3261 §20.43).</summary>
/// <param name="Code">Three digits, as 305 for a media type that can't be had.</param>
/// <param name="Agent">The host, or a pseudonym, of who says so.</param>
/// <param name="Text">For people.</param>
[GenerateSerializer, Immutable]
public sealed record SipWarning([property: Id(0)] int Code, [property: Id(1)] string Agent, [property: Id(2)] string Text) : ISipHeader<SipWarning>
{
    public static string Field => "Warning";

    public static bool TryParse(string text, [NotNullWhen(true)] out SipWarning? value)
    {
        value = null;
        var words = text.Split((char[])[' ', '\t'], 3, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || words[0].Length != 3 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var code)) return false;

        var quoted = Encoding.UTF8.GetBytes(words[2].Trim());
        if (quoted[0] != '"' || Lexer.QuotedLength(quoted) != quoted.Length) return false;

        value = new(code, words[1], Lexer.Unquote(quoted));
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code:000} {Agent} {ValueText.Quote(Text)}");
}
