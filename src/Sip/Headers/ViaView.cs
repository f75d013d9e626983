namespace Telephony.Sip;

/// <summary>One Via value (RFC 3261 §20.42), as views over its bytes.</summary>
internal readonly ref struct ViaView
{
    /// <summary>Whether it was written by SIP/2.0. A request of another version is answered 505, and that goes the same way.</summary>
    public bool IsVersion2 { get; private init; }

    public ReadOnlySpan<byte> Transport { get; private init; }

    /// <summary>Host and port of the sender, as written.</summary>
    public ReadOnlySpan<byte> SentBy { get; private init; }

    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>0 when absent.</summary>
    public int Port { get; private init; }

    public ReadOnlySpan<byte> Parameters { get; private init; }

    public ReadOnlySpan<byte> Branch => ParameterReader.TryFind(Parameters, "branch"u8, out var branch) ? branch : default;

    /// <summary>Reads <c>SIP / 2.0 / UDP host:port ;parameters</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ViaView via)
    {
        via = default;
        var isVersion2 = true;
        if (text.StartsWith("SIP/2.0/"u8))
        {
            text = text[8..];
        }
        else
        {
            if (!TakePart(ref text, out var protocol) || !Lexer.EqualsIgnoreCase(protocol, "SIP"u8) || !TakePart(ref text, out var version)) return false;
            isVersion2 = version.SequenceEqual("2.0"u8);
        }

        text = Lexer.TrimStart(text);
        var space = text.IndexOfAny((byte)' ', (byte)'\t');
        if (space <= 0 || !Lexer.IsToken(text[..space])) return false;
        var transport = text[..space];

        text = Lexer.Trim(text[space..]);
        var semicolon = text.IndexOf((byte)';');
        var sentBy = semicolon < 0 ? text : Lexer.TrimEnd(text[..semicolon]);
        var parameters = semicolon < 0 ? default : text[semicolon..];
        if (!HostPort.TryParse(sentBy, out var host, out var port) || !ParameterReader.IsValid(parameters)) return false;

        via = new ViaView { IsVersion2 = isVersion2, Transport = transport, SentBy = sentBy, Host = host, Port = port, Parameters = parameters };
        return true;
    }

    private static bool TakePart(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> part)
    {
        var slash = text.IndexOf((byte)'/');
        part = slash < 0 ? default : Lexer.Trim(text[..slash]);
        text = slash < 0 ? default : text[(slash + 1)..];
        return !part.IsEmpty;
    }
}
