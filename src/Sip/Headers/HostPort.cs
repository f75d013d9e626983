using System.Buffers;

namespace Telephony.Sip;

/// <summary><c>host[:port]</c> (RFC 3261 §25.1 hostport).</summary>
internal static class HostPort
{
    private static readonly SearchValues<byte> HostCharacters = SearchValues.Create(
        "-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> Ipv6Characters = SearchValues.Create(":.0123456789ABCDEFabcdef"u8);

    /// <param name="port">0 when absent.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host, out int port)
    {
        host = default;
        port = 0;
        if (text.IsEmpty) return false;

        ReadOnlySpan<byte> rest;
        if (text[0] == '[')
        {
            var close = text.IndexOf((byte)']');
            if (close < 2 || text[1..close].ContainsAnyExcept(Ipv6Characters)) return false;
            host = text[..(close + 1)];
            rest = text[(close + 1)..];
        }
        else
        {
            var end = text.IndexOfAnyExcept(HostCharacters);
            host = end < 0 ? text : text[..end];
            if (host.IsEmpty) return false;
            rest = end < 0 ? default : text[end..];
        }

        rest = Lexer.Trim(rest);
        if (rest.IsEmpty) return true;
        if (rest[0] != ':' || !Lexer.TryNumber(Lexer.Trim(rest[1..]), 65535, out var number) || number == 0) return false;

        port = (int)number;
        return true;
    }
}
