using System.Buffers;

namespace Telephony.Sip;

/// <summary>
/// Finds a message's parts and checks what RFC 3261 wants checked before anybody acts on it: the start line, the fields that
/// every message has, and the numbers and addresses that the stack itself uses. Other fields are looked at when somebody asks for them.
/// </summary>
internal static class SipParser
{
    /// <summary>The longest message; also what one UDP datagram can hold.</summary>
    public const int MaxMessage = 65535;

    /// <summary>The most header fields of a message.</summary>
    public const int MaxFields = 256;

    private static readonly SearchValues<byte> LineEnd = SearchValues.Create("\r\n"u8);

    [ThreadStatic]
    private static HeaderField[]? s_fields;

    /// <summary>Indexes the first message in <paramref name="data"/>.</summary>
    /// <param name="data">Folded lines in it are unfolded in place (each line break becomes two spaces, §7.3.1).</param>
    /// <param name="layout">Set even with an error, when enough is readable to answer the request.</param>
    public static SipParseError Parse(Span<byte> data, out SipLayout? layout)
    {
        layout = null;
        if (data.Length > MaxMessage) return new(513, "Message Too Large");

        var lineEnd = data.IndexOfAny(LineEnd);
        if (lineEnd < 0 || !data[lineEnd..].StartsWith("\r\n"u8)) return SipParseError.Bad("No start line");
        var error = StartLine(data[..lineEnd], out var first, out var second, out var status);
        if (first.Equals(default)) return error;

        var at = lineEnd + 2;
        var fields = s_fields ??= new HeaderField[MaxFields];
        var count = 0;
        var headerError = Headers(data, ref at, fields, ref count);
        if (!error.IsError) error = headerError;

        var body = Math.Min(at, data.Length);
        var found = fields.AsSpan(0, count);
        if (!error.IsError) error = FieldRules.Check(data, found, status == 0 ? data[first] : default);

        var length = data.Length - body;
        if (!error.IsError && FieldRules.ContentLength(data, found) is { } declared)
        {
            if (declared > length) error = SipParseError.Bad("Content-Length beyond the message");
            else length = declared;
        }

        if (!error.IsError || FieldRules.IsAnswerable(data, found)) layout = new(found.ToArray(), first, second, status, body, body + length);
        return error;
    }

    private static SipParseError StartLine(ReadOnlySpan<byte> line, out Range first, out Range second, out int status)
    {
        first = second = default;
        status = 0;
        var space = line.IndexOf((byte)' ');
        if (space <= 0) return SipParseError.Bad("No start line");

        if (line.StartsWith("SIP/"u8))
        {
            var rest = line[(space + 1)..];
            if (rest.Length < 3 || !Lexer.TryNumber(rest[..3], 699, out var code) || code < 100 || rest.Length > 3 && rest[3] != ' ')
            {
                return SipParseError.Bad("No status code");
            }

            first = (space + 1)..(space + 4);
            second = Math.Min(space + 5, line.Length)..line.Length;
            status = (int)code;
            return line[..space].SequenceEqual("SIP/2.0"u8) ? default : new(505, "Version Not Supported");
        }

        if (!Lexer.IsToken(line[..space])) return SipParseError.Bad("No start line");

        first = ..space;
        var last = line.LastIndexOf((byte)' ');
        if (last == space || !line[(last + 1)..].StartsWith("SIP/"u8)) return SipParseError.Bad("Bad start line");

        second = (space + 1)..last;
        if (!line[(last + 1)..].SequenceEqual("SIP/2.0"u8)) return new(505, "Version Not Supported");
        if (!UriView.TryParse(line[second], out var uri)) return SipParseError.Bad("Bad Request-URI");
        return uri.Headers.IsEmpty ? default : SipParseError.Bad("Headers in the Request-URI"); // §19.1.1, table 1
    }

    private static SipParseError Headers(Span<byte> data, ref int at, HeaderField[] fields, ref int count)
    {
        while (true)
        {
            var line = data[at..];
            if (line.StartsWith("\r\n"u8))
            {
                at += 2;
                return default;
            }

            if (line.IsEmpty) return SipParseError.Bad("The header does not end");
            if (count == MaxFields) return SipParseError.Bad("Too many header fields");

            var end = FieldEnd(line);
            if (end < 0) return SipParseError.Bad("Bad line end in the header");

            var colon = line[..end].IndexOf((byte)':');
            var name = line[..Math.Max(colon, 0)].TrimEnd(" \t"u8);
            if (!Lexer.IsToken(name)) return SipParseError.Bad("Bad header field name");

            var value = line[(colon + 1)..end];
            var start = at + colon + 1 + (value.Length - value.TrimStart(" \t"u8).Length);
            fields[count++] = new(HeaderTable.Find(name), (ushort)at, (ushort)name.Length, (ushort)start, (ushort)Lexer.Trim(value).Length);
            at += end + 2;
        }
    }

    // the end of a field's last line; its other line ends become spaces
    private static int FieldEnd(Span<byte> text)
    {
        for (var from = 0; ;)
        {
            var next = text[from..].IndexOfAny(LineEnd);
            if (next < 0 || !text[(from + next)..].StartsWith("\r\n"u8)) return -1;

            var end = from + next;
            if (end + 2 >= text.Length || text[end + 2] is not ((byte)' ' or (byte)'\t')) return end;

            "  "u8.CopyTo(text[end..]);
            from = end + 2;
        }
    }
}
