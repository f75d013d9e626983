using System.Text;

namespace Telephony.Sip;

/// <summary>Names on the wire (RFC 1035 §3.1), with compression (§4.1.4) when they are read.</summary>
internal static class DnsName
{
    public const int MaxWire = 255; // RFC 1035 §2.3.4

    private const int MaxLabel = 63;

    /// <summary>As names are compared: lower case, no last dot.</summary>
    public static string Normalize(string name) => (name.EndsWith('.') ? name[..^1] : name).ToLowerInvariant();

    /// <summary>Whether it is a name, or one of the names that are under it.</summary>
    public static bool IsUnder(string name, string domain) =>
        name.EndsWith(domain, StringComparison.Ordinal) && (name.Length == domain.Length || name[^(domain.Length + 1)] == '.');

    /// <summary>Writes a name, without compression. False when it can't be one.</summary>
    public static bool TryWrite(string name, Span<byte> to, out int length)
    {
        length = 0;
        foreach (var range in name.AsSpan().Split('.'))
        {
            var label = name.AsSpan(range);
            if (label.IsEmpty || label.Length > MaxLabel || !Ascii.IsValid(label) || length + label.Length + 2 > Math.Min(to.Length, MaxWire)) return false;

            to[length] = (byte)label.Length;
            Encoding.ASCII.GetBytes(label, to[(length + 1)..]);
            length += label.Length + 1;
        }

        to[length++] = 0;
        return true;
    }

    /// <summary>Moves behind a name. False when the message ends before the name does.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> message, ref int at)
    {
        while (at < message.Length)
        {
            var length = message[at];
            if (length >= 0xC0)
            {
                at += 2;
                return at <= message.Length;
            }

            if (length > MaxLabel) return false;
            at += length + 1;
            if (length == 0) return true;
        }

        return false;
    }

    /// <summary>Reads the name at a place. False when it is cut off, too long, points forward or in a circle, or holds what no name that we ask for may.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, int at, out string name)
    {
        name = "";
        Span<char> text = stackalloc char[MaxWire];
        var length = 0;
        var lowest = at; // each pointer must lead before all that was read, so there are not more of them than bytes
        while (at < message.Length)
        {
            int label = message[at];
            if (label == 0)
            {
                name = new string(text[..length]);
                return true;
            }

            if (label >= 0xC0)
            {
                if (at + 1 >= message.Length) return false;
                at = (label & 0x3F) << 8 | message[at + 1];
                if (at >= lowest) return false;
                lowest = at;
                continue;
            }

            if (label > MaxLabel || at + 1 + label > message.Length || length + 1 + label > text.Length) return false;
            if (length > 0) text[length++] = '.';
            foreach (var b in message.Slice(at + 1, label))
            {
                if (b is <= (byte)' ' or (byte)'.' or > (byte)'~') return false;
                text[length++] = char.ToLowerInvariant((char)b);
            }

            at += label + 1;
        }

        return false;
    }
}
