namespace Telephony.Sip;

/// <summary>Finds where a message ends in a stream (RFC 3261 §18.3): by its Content-Length.</summary>
internal static class StreamFramer
{
    public enum Frame { Incomplete, Message, KeepAlive, Broken }

    /// <summary>Looks at the beginning of what was received.</summary>
    /// <param name="length">Of the message, or of the keep-alive (RFC 5626 §3.5.1: a double CRLF is a ping).</param>
    public static Frame Next(ReadOnlySpan<byte> data, out int length)
    {
        length = 0;
        if (data.IsEmpty) return Frame.Incomplete;
        if (data[0] == '\r')
        {
            if (data.StartsWith("\r\n\r\n"u8)) length = 4;
            else if (data.StartsWith("\r\n"u8) && (data.Length == 2 || data[2] != '\r')) length = 2; // a pong, or a stray line end (§7.5)
            else return "\r\n\r\n"u8.StartsWith(data) ? Frame.Incomplete : Frame.Broken;
            return data.Length == 2 ? Frame.Incomplete : Frame.KeepAlive;
        }

        var end = data.IndexOf("\r\n\r\n"u8);
        if (end < 0) return data.Length < SipParser.MaxMessage ? Frame.Incomplete : Frame.Broken;
        if (!TryContentLength(data[..end], out var body) || end + 4 + body > SipParser.MaxMessage) return Frame.Broken;

        length = end + 4 + body;
        return data.Length < length ? Frame.Incomplete : Frame.Message;
    }

    // 0 when there is none; the parser refuses a second, different one
    private static bool TryContentLength(ReadOnlySpan<byte> header, out int length)
    {
        length = 0;
        while (header.IndexOf("\r\n"u8) is >= 0 and var end)
        {
            header = header[(end + 2)..];
            var colon = header.IndexOf((byte)':');
            if (colon < 0) return true;
            if (HeaderTable.Find(header[..colon].TrimEnd(" \t"u8)) != HeaderId.ContentLength) continue;

            var value = header[(colon + 1)..];
            var stop = value.IndexOf("\r\n"u8);
            if (!Lexer.TryNumber(Lexer.Trim(stop < 0 ? value : value[..stop]), SipParser.MaxMessage, out var number)) return false;
            length = (int)number;
            return true;
        }

        return true;
    }
}
