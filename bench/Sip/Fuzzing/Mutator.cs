using System.Text;

namespace Telephony.Sip.Fuzzing;

/// <summary>Damages messages. A seed gives the same damage again.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[][] Pieces =
    [.. new[]
    {
        "\r\n", "\r\n ", "\r\n\t", "\n", "\r", "\0", ";", ",", "=", "\"", "\\", "<", ">", "[", "]", "@", ":", "::", "%", "%00", "%zz", "?", "/", " ", "\t", "*",
        ";branch=z9hG4bK", ";rport", ";rport=0", ";rport=99999", ";received=", ";received=[::1]", ";tag=", ";lr", ";;", ";x=\"", "sip:", "sips:", "tel:", "sip:@", "<sip:a@b>",
        "SIP/2.0", "SIP/2.0/UDP ", "SIP/3.0", "SIP/2.0 200 OK\r\n", "INVITE sip:a@b SIP/2.0\r\n", "Via: ", "v:", "Content-Length: 0\r\n", "Content-Length: 99999999999\r\n",
        "l: -1\r\n", "CSeq: 4294967296 INVITE\r\n", "Max-Forwards: 0\r\n", "Max-Forwards: 256\r\n", "Route: <sip:127.0.0.1;lr>\r\n", "Require: x\r\n", "Contact: *\r\n",
        "Content-Type: multipart/mixed;boundary=b\r\n", "\r\n--b\r\n", "\r\n--b--", "2147483648", "-1", "\u00e4", "\ud83d\ude00", "\u0000\uffff",
    }.Select(Encoding.UTF8.GetBytes), [0xff, 0xfe], [0x80], [0xc3]];

    private readonly Random _random = new(seed);

    public Random Random => _random;

    /// <summary>A copy with up to eight changes; sometimes none.</summary>
    public byte[] Mutate(byte[] message, IReadOnlyList<byte[]> others)
    {
        var bytes = (byte[])message.Clone();
        for (var change = _random.Next(0, 9); change > 0 && bytes.Length > 0; change--) bytes = Change(bytes, others);
        return bytes.Length <= 65535 ? bytes : bytes[..65535];
    }

    private byte[] Change(byte[] bytes, IReadOnlyList<byte[]> others)
    {
        var at = _random.Next(bytes.Length);
        switch (_random.Next(12))
        {
            case 0: // a bit
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1: // a byte
                bytes[at] = (byte)_random.Next(256);
                return bytes;
            case 2: // the case of a letter
                if (char.IsAsciiLetter((char)bytes[at])) bytes[at] ^= 0x20;
                return bytes;
            case 3: // without a piece
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(Math.Min(bytes.Length, at + _random.Next(1, 24)))];
            case 4: // a piece twice
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(Math.Max(0, at - _random.Next(40)))];
            case 5 or 6 or 7: // something that means something
                return [.. bytes.AsSpan(0, at), .. Pieces[_random.Next(Pieces.Length)], .. bytes.AsSpan(at)];
            case 8: // cut off
                return _random.Next(4) == 0 ? bytes[..at] : bytes;
            case 9: // the end of another
                var other = others[_random.Next(others.Count)];
                return [.. bytes.AsSpan(0, at), .. other.AsSpan(_random.Next(other.Length))];
            case 10: // a line of another
                var line = Line(others[_random.Next(others.Count)]);
                var end = bytes.AsSpan(at).IndexOf("\r\n"u8);
                return end < 0 ? bytes : [.. bytes.AsSpan(0, at + end + 2), .. line, .. bytes.AsSpan(at + end + 2)];
            default: // one byte many times
                var run = new byte[_random.Next(20) == 0 ? 5000 : _random.Next(1, 200)];
                Array.Fill(run, bytes[at]);
                return [.. bytes.AsSpan(0, at), .. run, .. bytes.AsSpan(at)];
        }
    }

    private ReadOnlySpan<byte> Line(byte[] message)
    {
        var from = _random.Next(message.Length);
        var start = message.AsSpan(from).IndexOf("\r\n"u8);
        if (start < 0) return "X: y\r\n"u8;

        var rest = message.AsSpan(from + start + 2);
        var end = rest.IndexOf("\r\n"u8);
        return end < 0 ? "X: y\r\n"u8 : rest[..(end + 2)];
    }
}
