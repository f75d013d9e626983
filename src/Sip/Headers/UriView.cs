namespace Telephony.Sip;

/// <summary>A URI's parts (RFC 3261 §19.1.1), as views over its bytes. Of other schemes than sip and sips only the scheme is known.</summary>
internal readonly ref struct UriView
{
    public required ReadOnlySpan<byte> Scheme { get; init; }

    public ReadOnlySpan<byte> User { get; init; }

    public ReadOnlySpan<byte> Password { get; init; }

    /// <summary>A name or address; IPv6 in its brackets.</summary>
    public ReadOnlySpan<byte> Host { get; init; }

    /// <summary>0 when absent.</summary>
    public int Port { get; init; }

    /// <summary>From the first semicolon.</summary>
    public ReadOnlySpan<byte> Parameters { get; init; }

    /// <summary>From the question mark.</summary>
    public ReadOnlySpan<byte> Headers { get; init; }

    public bool IsSip { get; init; }

    public static bool TryParse(ReadOnlySpan<byte> text, out UriView uri)
    {
        uri = default;
        if (!Lexer.IsUriText(text)) return false;

        var colon = SipColon(text);
        if (colon < 0) return TryParseOther(text, out uri);

        var scheme = text[..colon];
        var rest = text[(colon + 1)..];
        ReadOnlySpan<byte> user = default, password = default, parameters = default, headers = default;
        var at = rest.IndexOf((byte)'@'); // the user may hold ; and ?, nothing behind it may hold @
        if (at == 0) return false;
        if (at > 0)
        {
            user = rest[..at];
            rest = rest[(at + 1)..];
            if (user.IndexOf((byte)':') is >= 0 and var split)
            {
                password = user[(split + 1)..];
                user = user[..split];
            }

            if (user.IsEmpty) return false;
        }

        if (!HostPort.TryTake(rest, out var host, out var port, out rest)) return false;
        if (!rest.IsEmpty && rest[0] == ';')
        {
            var question = rest.IndexOf((byte)'?');
            parameters = question < 0 ? rest : rest[..question];
            rest = question < 0 ? default : rest[question..];
            if (!ParameterReader.IsValid(parameters)) return false;
        }

        if (!rest.IsEmpty)
        {
            if (rest[0] != '?') return false;
            headers = rest;
        }

        uri = new UriView
        {
            Scheme = scheme,
            User = user,
            Password = password,
            Host = host,
            Port = port,
            Parameters = parameters,
            Headers = headers,
            IsSip = true,
        };
        return true;
    }

    // where the colon of sip: or sips: is, in any case; -1 when it is another scheme
    private static int SipColon(ReadOnlySpan<byte> text)
    {
        if (text.Length < 5 || (text[0] | 0x20) != 's' || (text[1] | 0x20) != 'i' || (text[2] | 0x20) != 'p') return -1;
        return text[3] == ':' ? 3 : (text[3] | 0x20) == 's' && text[4] == ':' && text.Length > 5 ? 4 : -1;
    }

    private static bool TryParseOther(ReadOnlySpan<byte> text, out UriView uri)
    {
        uri = default;
        var colon = text.IndexOf((byte)':');
        if (colon <= 0 || colon == text.Length - 1) return false;

        var scheme = text[..colon];
        if (!char.IsAsciiLetter((char)scheme[0]) || scheme.ContainsAnyExcept(Lexer.Token)) return false;
        if (Lexer.EqualsIgnoreCase(scheme, "sip"u8) || Lexer.EqualsIgnoreCase(scheme, "sips"u8)) return false; // with nothing behind it

        uri = new UriView { Scheme = scheme };
        return true;
    }
}
