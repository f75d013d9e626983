using System.Buffers;

namespace Telephony.Sip;

/// <summary>The grammar's small pieces (RFC 3261 §25.1), over bytes. Folded lines were unfolded before, so white space is space and tab.</summary>
internal static class Lexer
{
    private const string TokenCharacters = "-.!%*_+`'~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static readonly SearchValues<byte> Token = SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(TokenCharacters));
    private static readonly SearchValues<char> TokenChars = SearchValues.Create(TokenCharacters);
    private static readonly SearchValues<byte> NotInUri = SearchValues.Create(
        [.. Enumerable.Range(0, 33).Select(b => (byte)b), (byte)'<', (byte)'>', (byte)'"', 127]);

    private static readonly SearchValues<char> NotInText = SearchValues.Create("\r\n\0");
    private static readonly SearchValues<char> NotInUriText = SearchValues.Create([.. Enumerable.Range(0, 33).Select(c => (char)c), '<', '>', '"', (char)127]);
    private static readonly SearchValues<byte> QuoteOrEscape = SearchValues.Create("\"\\"u8);

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(Token);

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenChars);

    public static bool IsUriText(ReadOnlySpan<byte> text) => !text.ContainsAny(NotInUri);

    /// <summary>Whether it can stand in brackets.</summary>
    public static bool IsUriText(ReadOnlySpan<char> text) => !text.ContainsAny(NotInUriText);

    /// <summary>Whether it can stand in a field: no line break, so that nothing is injected.</summary>
    public static bool IsFieldText(ReadOnlySpan<char> text) => !text.ContainsAny(NotInText);

    /// <summary>Text of a peer as it can stand in a field of ours: a NUL, which a quoted string may hide (§25.1 quoted-pair), is a space.</summary>
    public static string FieldText(string text) => IsFieldText(text) ? text : text.Replace('\0', ' ').Replace('\r', ' ').Replace('\n', ' ');

    public static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t';

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => TrimEnd(TrimStart(text));

    public static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (at < text.Length && IsSpace(text[at])) at++;
        return text[at..];
    }

    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1])) end--;
        return text[..end];
    }

    /// <summary>The length of the quoted string that <paramref name="text"/> begins with, both quotes counted; -1 when it does not end.</summary>
    public static int QuotedLength(ReadOnlySpan<byte> text)
    {
        for (var at = 1; at < text.Length;)
        {
            var next = text[at..].IndexOfAny(QuoteOrEscape);
            if (next < 0) return -1;
            at += next;
            if (text[at] == '"') return at + 1;
            at += 2;
        }

        return -1;
    }

    /// <summary>The first <paramref name="wanted"/> outside quoted strings and angle brackets; -1 when there is none, -2 when a quote or bracket stays open.</summary>
    public static int IndexOutside(ReadOnlySpan<byte> text, byte wanted)
    {
        for (var at = 0; ;)
        {
            var next = text[at..].IndexOfAny(wanted, (byte)'"', (byte)'<');
            if (next < 0) return -1;

            at += next;
            if (text[at] == wanted) return at;

            var length = text[at] == '"' ? QuotedLength(text[at..]) : text[at..].IndexOf((byte)'>') + 1;
            if (length <= 0) return -2;
            at += length;
        }
    }

    /// <summary>Takes the next element off a comma list. False at its end, or (with <paramref name="rest"/> left) when a quote stays open.</summary>
    public static bool NextElement(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> element)
    {
        element = default;
        if (rest.IsEmpty) return false;

        var comma = IndexOutside(rest, (byte)',');
        if (comma == -2) return false;

        element = Trim(comma < 0 ? rest : rest[..comma]);
        rest = comma < 0 ? default : rest[(comma + 1)..];
        return true;
    }

    /// <summary>Reads digits alone, no sign. False also above <paramref name="max"/>.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, long max, out long number)
    {
        number = 0;
        if (text.IsEmpty) return false;

        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9') return false;
            number = number * 10 + (b - '0');
            if (number > max) return false;
        }

        return true;
    }

    /// <summary>What a quoted string says: without its quotes and escapes. Other text comes back as it is.</summary>
    public static string Unquote(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"') return Text(text);

        var inner = text[1..^1];
        if (!inner.Contains((byte)'\\')) return Text(inner);

        var plain = inner.Length <= 512 ? stackalloc byte[inner.Length] : new byte[inner.Length];
        var length = 0;
        for (var at = 0; at < inner.Length; at++)
        {
            if (inner[at] == '\\' && at + 1 < inner.Length) at++;
            plain[length++] = inner[at];
        }

        return Text(plain[..length]);
    }

    /// <summary>Text with its <c>%XX</c> resolved (RFC 3261 §19.1.2); what is no escape stays.</summary>
    public static string Unescape(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'%')) return Text(text);

        var plain = text.Length <= 512 ? stackalloc byte[text.Length] : new byte[text.Length];
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '%' && at + 2 < text.Length && Hex(text[at + 1]) is >= 0 and var high && Hex(text[at + 2]) is >= 0 and var low)
            {
                plain[length++] = (byte)(high << 4 | low);
                at += 2;
            }
            else
            {
                plain[length++] = text[at];
            }
        }

        return Text(plain[..length]);
    }

    public static string Unescape(string text) => text.Contains('%', StringComparison.Ordinal) ? Unescape(System.Text.Encoding.UTF8.GetBytes(text)) : text;

    /// <summary>Text as UTF-8; bytes that are not become U+FFFD.</summary>
    public static string Text(ReadOnlySpan<byte> text) => text.IsEmpty ? "" : System.Text.Encoding.UTF8.GetString(text);

    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => System.Text.Ascii.EqualsIgnoreCase(left, right);

    private static int Hex(byte b) => char.IsAsciiHexDigit((char)b) ? Convert.ToInt32(((char)b).ToString(), 16) : -1;
}
