using System.Text;

namespace Telephony.Sip;

/// <summary>Takes multipart bodies apart (RFC 2046 §5.1.1; in SIP: RFC 5621). Nothing is copied. Bounded in parts and depth.</summary>
internal static class Multipart
{
    /// <summary>The most parts of a body, those within parts counted.</summary>
    public const int MaxParts = 32;

    private const int MaxDepth = 3;
    private const int MaxBoundary = 70; // RFC 2046 §5.1.1

    public static bool IsMultipart(ReadOnlySpan<byte> contentType) => contentType.Length > 10 && Lexer.EqualsIgnoreCase(contentType[..10], "multipart/"u8);

    public static bool IsType(ReadOnlySpan<byte> contentType, string mediaType)
    {
        var end = contentType.IndexOf((byte)';');
        return Ascii.EqualsIgnoreCase(Lexer.Trim(end < 0 ? contentType : contentType[..end]), mediaType);
    }

    /// <summary>Adds the parts that are not multipart themselves, in order.</summary>
    /// <returns>False when the body is not what its type says, or has too many parts.</returns>
    public static bool TryRead(ReadOnlySpan<byte> contentType, ReadOnlyMemory<byte> body, List<BodyPart> parts, int depth = 1)
    {
        if (depth > MaxDepth || !TryDelimiter(contentType, out var delimiter)) return false;

        // the line break before a delimiter is the delimiter's; the first may do without
        var text = body.Span;
        var at = text.StartsWith(delimiter.AsSpan(2)) && IsDelimiter(text[(delimiter.Length - 2)..], out var line, out var isLast)
            ? delimiter.Length - 2 + line
            : Next(text, 0, delimiter, out _, out isLast);
        while (at >= 0)
        {
            if (isLast) return true;

            // a part without a header may end in the line break that begins it
            var next = Next(text, Math.Max(at - 2, 0), delimiter, out var end, out isLast);
            if (next < 0 || !TryAdd(body[at..Math.Max(at, end)], parts, depth, IsType(contentType, "multipart/alternative"))) return false;
            at = next;
        }

        return false;
    }

    /// <summary>Finds a field in a part's header.</summary>
    public static bool TryFind(ReadOnlySpan<byte> header, string name, out ReadOnlySpan<byte> value)
    {
        while (!header.IsEmpty)
        {
            var end = FieldEnd(header);
            var field = header[..end];
            header = header[Math.Min(end + 2, header.Length)..];
            var colon = field.IndexOf((byte)':');
            if (colon < 0 || !Ascii.EqualsIgnoreCase(Lexer.TrimEnd(field[..colon]), name)) continue;

            value = Lexer.Trim(field[(colon + 1)..]);
            return true;
        }

        value = default;
        return false;
    }

    private static bool TryAdd(ReadOnlyMemory<byte> part, List<BodyPart> parts, int depth, bool isAlternative)
    {
        var text = part.Span;
        int headerEnd = 0, content = 2;
        if (!text.StartsWith("\r\n"u8))
        {
            headerEnd = text.IndexOf("\r\n\r\n"u8);
            if (headerEnd < 0) headerEnd = text.Length; // a header alone
            content = headerEnd + 4;
        }

        var header = part[..headerEnd];
        var body = part[Math.Min(content, part.Length)..];
        if (TryFind(header.Span, "Content-Type", out var type) && IsMultipart(type)) return TryRead(type, body, parts, depth + 1);
        if (parts.Count == MaxParts) return false;

        parts.Add(new(header, body, isAlternative));
        return true;
    }

    private static bool TryDelimiter(ReadOnlySpan<byte> contentType, out byte[] delimiter)
    {
        delimiter = [];
        var semicolon = contentType.IndexOf((byte)';');
        if (semicolon < 0) return false;

        // a folded line's break is white space here
        Span<byte> parameters = stackalloc byte[512];
        if (contentType.Length - semicolon > parameters.Length) return false;
        parameters = parameters[..(contentType.Length - semicolon)];
        contentType[semicolon..].CopyTo(parameters);
        parameters.Replace((byte)'\r', (byte)' ');
        parameters.Replace((byte)'\n', (byte)' ');
        if (!ParameterReader.TryFind(parameters, "boundary"u8, out var value)) return false;

        var boundary = Lexer.Unquote(value);
        if (boundary.Length is 0 or > MaxBoundary) return false;
        delimiter = Encoding.UTF8.GetBytes("\r\n--" + boundary);
        return true;
    }

    /// <summary>The place behind the next delimiter's line; -1 when there is none.</summary>
    /// <param name="end">Where what is before it ends.</param>
    private static int Next(ReadOnlySpan<byte> text, int from, ReadOnlySpan<byte> delimiter, out int end, out bool isLast)
    {
        for (end = from; ; end += delimiter.Length)
        {
            var found = text[end..].IndexOf(delimiter);
            isLast = false;
            if (found < 0) return -1;

            end += found;
            var behind = end + delimiter.Length;
            if (IsDelimiter(text[behind..], out var line, out isLast)) return behind + line;
        }
    }

    // what may follow the boundary on its line: two hyphens at the last, white space, the line break
    private static bool IsDelimiter(ReadOnlySpan<byte> rest, out int length, out bool isLast)
    {
        isLast = rest.StartsWith("--"u8);
        var trimmed = Lexer.TrimStart(isLast ? rest[2..] : rest);
        length = rest.Length - trimmed.Length;
        if (isLast) return true;
        if (!trimmed.StartsWith("\r\n"u8)) return false;

        length += 2;
        return true;
    }

    private static int FieldEnd(ReadOnlySpan<byte> header)
    {
        for (var from = 0; ;)
        {
            var next = header[from..].IndexOf("\r\n"u8);
            if (next < 0) return header.Length;

            var end = from + next;
            if (end + 2 >= header.Length || !Lexer.IsSpace(header[end + 2])) return end;
            from = end + 2;
        }
    }
}
