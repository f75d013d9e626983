using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;

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
        port = 0;
        if (!TryTakeHost(text, out host, out var rest)) return false;

        rest = Lexer.Trim(rest);
        return rest.IsEmpty || rest[0] == ':' && TryPort(Lexer.Trim(rest[1..]), out port);
    }

    /// <summary>Takes host and port off the front of a URI's rest, where no white space may be.</summary>
    public static bool TryTake(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host, out int port, out ReadOnlySpan<byte> rest)
    {
        port = 0;
        if (!TryTakeHost(text, out host, out rest)) return false;
        if (rest.IsEmpty || rest[0] != ':') return true;

        var end = rest.IndexOfAny((byte)';', (byte)'?');
        var digits = end < 0 ? rest[1..] : rest[1..end];
        rest = end < 0 ? default : rest[end..];
        return TryPort(digits, out port);
    }

    /// <summary>The address that a host is, IPv6 with or without its brackets (RFC 5118 §4.5), and with the third colon that RFC 3261's grammar lets stand
    /// before an IPv4 part (§4.10).</summary>
    public static bool TryAddress(ReadOnlySpan<byte> host, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (!host.IsEmpty && host[0] == '[')
        {
            if (host[^1] != ']') return false;
            host = host[1..^1];
        }

        if (host.IndexOf(":::"u8) is >= 0 and var extra)
        {
            Span<byte> plain = stackalloc byte[64];
            if (host.Length > plain.Length || !IsMapped(host[(extra + 3)..])) return false;
            host[..extra].CopyTo(plain);
            host[(extra + 1)..].CopyTo(plain[extra..]);
            return IPAddress.TryParse(plain[..(host.Length - 1)], out address);
        }

        // a number alone would be taken for an IPv4 address too
        return host.ContainsAny((byte)':', (byte)'.') && IPAddress.TryParse(host, out address);
    }

    private static bool TryTakeHost(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> rest)
    {
        host = rest = default;
        if (text.IsEmpty) return false;

        int end;
        if (text[0] == '[')
        {
            end = text.IndexOf((byte)']') + 1;
            if (end < 4 || !IsIpv6(text[1..(end - 1)])) return false;
        }
        else
        {
            end = text.IndexOfAnyExcept(HostCharacters);
            if (end == 0) return false;
            if (end < 0) end = text.Length;
        }

        host = text[..end];
        rest = text[end..];
        return true;
    }

    private static bool TryPort(ReadOnlySpan<byte> digits, out int port)
    {
        var isPort = Lexer.TryNumber(digits, 65535, out var number) && number != 0;
        port = isPort ? (int)number : 0;
        return isPort;
    }

    private static bool IsIpv6(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(Ipv6Characters) && text.Contains((byte)':') && TryAddress(text, out _);

    private static bool IsMapped(ReadOnlySpan<byte> text) => text.Contains((byte)'.') && !text.Contains((byte)':');
}
