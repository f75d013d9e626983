using System.Buffers;

namespace Telephony.Sip;

/// <summary><c>"Name" &lt;uri&gt;;parameters</c> (RFC 3261 §20.10, §25.1 name-addr / addr-spec), as views over its bytes.</summary>
internal readonly ref struct NameAddressView
{
    private static readonly SearchValues<byte> NotInBareName = SearchValues.Create("\",;:>@"u8);

    /// <summary>As written, quotes and all.</summary>
    public ReadOnlySpan<byte> DisplayName { get; private init; }

    public ReadOnlySpan<byte> Uri { get; private init; }

    public ReadOnlySpan<byte> Parameters { get; private init; }

    public ReadOnlySpan<byte> Tag => ParameterReader.TryFind(Parameters, "tag"u8, out var tag) ? tag : default;

    public static bool TryParse(ReadOnlySpan<byte> text, out NameAddressView address)
    {
        address = default;
        text = Lexer.Trim(text);
        if (text.IsEmpty) return false;

        ReadOnlySpan<byte> name = default, rest = text;
        if (text[0] == '"')
        {
            var length = Lexer.QuotedLength(text);
            if (length < 0) return false;
            name = text[..length];
            rest = Lexer.TrimStart(text[length..]);
            if (rest.IsEmpty || rest[0] != '<') return false;
        }
        else if (text[0] != '<' && text.IndexOf((byte)'<') is >= 0 and var open)
        {
            name = Lexer.Trim(text[..open]);
            if (name.ContainsAny(NotInBareName)) return false;
            rest = text[open..];
        }

        ReadOnlySpan<byte> uri;
        if (rest[0] == '<')
        {
            var close = rest.IndexOf((byte)'>');
            if (close < 0) return false;
            uri = rest[1..close];
            rest = rest[(close + 1)..];
        }
        else
        {
            // without brackets, parameters are the header's, and , and ? may not stand in the URI (§20.10)
            var end = rest.IndexOf((byte)';');
            uri = Lexer.Trim(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[end..];
            if (uri.ContainsAny((byte)',', (byte)'?')) return false;
        }

        if (!UriView.TryParse(uri, out _) || !ParameterReader.IsValid(rest)) return false;

        address = new NameAddressView { DisplayName = name, Uri = uri, Parameters = rest };
        return true;
    }
}
