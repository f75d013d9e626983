using System.Buffers.Binary;

namespace Telephony.Media.Rtp;

/// <summary>The fixed head of an RTP packet (RFC 3550 §5.1): what a relay must know of it.</summary>
internal static class RtpPacket
{
    public const int HeaderLength = 12;

    /// <summary>Version 2, and contributing sources, header extension and padding that fit. Nothing is said of the payload.</summary>
    public static bool IsValid(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < HeaderLength) return false;
        int first = packet[0];
        if (first == 0x80) return true; // no padding, no extension, no sources: nearly every packet
        if (first >> 6 != 2) return false;

        var end = HeaderLength + ((first & 0x0f) * 4);
        if ((first & 0x10) != 0) // extension (§5.3.1)
        {
            if (packet.Length < end + 4) return false;
            end += 4 + (BinaryPrimitives.ReadUInt16BigEndian(packet[(end + 2)..]) * 4);
        }

        var padding = (first & 0x20) != 0 ? Math.Max((int)packet[^1], 1) : 0;
        return end + padding <= packet.Length;
    }
}
