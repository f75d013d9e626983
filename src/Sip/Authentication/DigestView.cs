namespace Telephony.Sip;

/// <summary>One Authorization value (RFC 7616 §3.4), as views over its bytes; quoted values without their quotes.</summary>
internal ref struct DigestView
{
    public ReadOnlySpan<byte> Username;
    public ReadOnlySpan<byte> Realm;
    public ReadOnlySpan<byte> Nonce;
    public ReadOnlySpan<byte> Uri;
    public ReadOnlySpan<byte> Response;
    public ReadOnlySpan<byte> Algorithm;
    public ReadOnlySpan<byte> Qop;
    public ReadOnlySpan<byte> CNonce;
    public ReadOnlySpan<byte> NonceCount;

    /// <summary>Whether the body is protected too (qop <c>auth-int</c>).</summary>
    public readonly bool IsIntegrity => Lexer.EqualsIgnoreCase(Qop, "auth-int"u8);

    /// <summary>False when the scheme is another. <paramref name="isWhole"/>: whether all that an answer needs is there.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out DigestView digest, out bool isWhole)
    {
        digest = default;
        isWhole = false;
        if (!TryScheme(value, out var rest)) return false;

        while (Lexer.NextElement(ref rest, out var element))
        {
            var equals = element.IndexOf((byte)'=');
            if (equals <= 0) return true;
            digest.Take(element[..equals].TrimEnd(" \t"u8), WithoutQuotes(element[(equals + 1)..].TrimStart(" \t"u8)));
        }

        isWhole = rest.IsEmpty && !digest.Username.IsEmpty && !digest.Nonce.IsEmpty && !digest.Uri.IsEmpty && !digest.Response.IsEmpty
            && (digest.Qop.IsEmpty || !digest.CNonce.IsEmpty && digest.NonceCount.Length == 8);
        return true;
    }

    /// <summary>Whether the scheme is Digest; then its parameters, of an answer or of a challenge.</summary>
    public static bool TryScheme(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> parameters)
    {
        var space = value.IndexOfAny(" \t"u8);
        parameters = value[(space + 1)..];
        return space >= 0 && Lexer.EqualsIgnoreCase(value[..space], "Digest"u8);
    }

    private void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Lexer.EqualsIgnoreCase(name, "username"u8)) Username = value;
        else if (Lexer.EqualsIgnoreCase(name, "realm"u8)) Realm = value;
        else if (Lexer.EqualsIgnoreCase(name, "nonce"u8)) Nonce = value;
        else if (Lexer.EqualsIgnoreCase(name, "uri"u8)) Uri = value;
        else if (Lexer.EqualsIgnoreCase(name, "response"u8)) Response = value;
        else if (Lexer.EqualsIgnoreCase(name, "algorithm"u8)) Algorithm = value;
        else if (Lexer.EqualsIgnoreCase(name, "qop"u8)) Qop = value;
        else if (Lexer.EqualsIgnoreCase(name, "cnonce"u8)) CNonce = value;
        else if (Lexer.EqualsIgnoreCase(name, "nc"u8)) NonceCount = value;
    }

    private static ReadOnlySpan<byte> WithoutQuotes(ReadOnlySpan<byte> value) =>
        value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;
}
