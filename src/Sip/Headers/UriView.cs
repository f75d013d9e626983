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
        var colon = text.IndexOf((byte)':');
        if (colon <= 0 || colon == text.Length - 1 || !Lexer.IsUriText(text)) return false;

        var scheme = text[..colon];
        if (!char.IsAsciiLetter((char)scheme[0]) || scheme.ContainsAnyExcept(Lexer.Token)) return false;
        if (!Lexer.EqualsIgnoreCase(scheme, "sip"u8) && !Lexer.EqualsIgnoreCase(scheme, "sips"u8))
        {
            uri = new UriView { Scheme = scheme };
            return true;
        }

        var rest = text[(colon + 1)..];
        ReadOnlySpan<byte> user = default, password = default;
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

        var question = rest.IndexOf((byte)'?');
        var headers = question < 0 ? default : rest[question..];
        if (question >= 0) rest = rest[..question];

        var semicolon = rest.IndexOf((byte)';');
        var parameters = semicolon < 0 ? default : rest[semicolon..];
        if (semicolon >= 0) rest = rest[..semicolon];

        if (!HostPort.TryParse(rest, out var host, out var port) || !ParameterReader.IsValid(parameters)) return false;

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
}
