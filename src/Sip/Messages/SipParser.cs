namespace Telephony.Sip;

/// <summary>
/// Finds a message's parts and checks what RFC 3261 wants checked before anybody acts on it: the start line, the fields that
/// every message has, and the numbers and addresses that the stack itself uses. Other fields are looked at when somebody asks for them.
/// </summary>
internal static class SipParser
{
    /// <summary>The longest message; also what one UDP datagram can hold.</summary>
    public const int MaxMessage = 65535;

    /// <summary>
    /// The most that start line and header of a received message may take: a quarter of <see cref="MaxMessage"/>, since what comes of it, an answer, a dialog's next request or the
    /// other leg of a call, has copies of its fields, written out longer perhaps, beside fields and a body of ours.
    /// </summary>
    public const int MaxHeader = 16384;

    /// <summary>The most header fields of a message.</summary>
    public const int MaxFields = 256;

    [ThreadStatic]
    private static HeaderField[]? s_fields;

    /// <summary>As <see cref="Index"/>, with an index that lasts.</summary>
    /// <param name="layout">Set even with an error, when enough is readable to answer the request.</param>
    public static SipParseError Parse(Span<byte> data, out SipLayout? layout)
    {
        var error = Index(data, out var index);
        layout = index.IsAnswerable ? index.ToLayout() : null;
        return error;
    }

    /// <summary>Indexes the first message in <paramref name="data"/>. Allocates nothing, unless there is an error.</summary>
    /// <param name="data">Folded lines in it are unfolded in place (each line break becomes two spaces, §7.3.1).</param>
    public static SipParseError Index(Span<byte> data, out SipIndex index)
    {
        index = default;
        if (data.Length > MaxMessage) return new(513, "Message Too Large");

        var lineEnd = data.IndexOfAny((byte)'\r', (byte)'\n');
        if (lineEnd < 0 || !data[lineEnd..].StartsWith("\r\n"u8)) return SipParseError.Bad("No start line");
        var error = StartLine(data[..lineEnd], out var first, out var second, out var status);
        if (first.Equals(default)) return error;

        var at = lineEnd + 2;
        var fields = s_fields ??= new HeaderField[MaxFields];
        var headerError = Headers(data, ref at, fields, out var count);
        if (!error.IsError) error = headerError;

        var body = Math.Min(at, data.Length);
        var found = fields.AsSpan(0, count);
        var declared = -1;
        if (!error.IsError) error = FieldRules.Check(data, found, status == 0 ? data[first] : default, out declared);

        var length = data.Length - body;
        if (!error.IsError && declared >= 0)
        {
            if (declared > length) error = SipParseError.Bad("Content-Length beyond the message");
            else length = declared;
        }

        index = new SipIndex
        {
            IsAnswerable = !error.IsError || FieldRules.IsAnswerable(data, found),
            Fields = found,
            First = first,
            Second = second,
            Status = status,
            Body = body,
            Length = body + length,
        };
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

    private static SipParseError Headers(Span<byte> data, ref int at, HeaderField[] fields, out int count)
    {
        for (count = 0; ; count++)
        {
            var rest = data[at..];
            if (rest.StartsWith("\r\n"u8))
            {
                at += 2;
                return default;
            }

            if (rest.IsEmpty) return SipParseError.Bad("The header does not end");
            if (count == MaxFields) return SipParseError.Bad("Too many header fields");

            var end = FieldEnd(rest);
            if (end < 0) return SipParseError.Bad("Bad line end in the header");

            ReadOnlySpan<byte> line = rest[..end];
            var colon = line.IndexOf((byte)':');
            var name = Lexer.TrimEnd(line[..Math.Max(colon, 0)]);
            var id = HeaderTable.Find(name);
            if (id == HeaderId.Other && !Lexer.IsToken(name)) return SipParseError.Bad("Bad header field name");

            var start = colon + 1;
            while (start < end && Lexer.IsSpace(line[start])) start++;
            while (end > start && Lexer.IsSpace(line[end - 1])) end--;
            fields[count] = new(id, (ushort)at, (ushort)name.Length, (ushort)(at + start), (ushort)(end - start));
            at += line.Length + 2;
        }
    }

    // the end of a field's last line; its other line ends become spaces
    private static int FieldEnd(Span<byte> text)
    {
        for (var from = 0; ;)
        {
            var next = text[from..].IndexOfAny((byte)'\r', (byte)'\n');
            var end = from + next;
            if (next < 0 || end + 1 >= text.Length || text[end] != '\r' || text[end + 1] != '\n') return -1;
            if (end + 2 >= text.Length || !Lexer.IsSpace(text[end + 2])) return end;

            "  "u8.CopyTo(text[end..]);
            from = end + 2;
        }
    }
}
