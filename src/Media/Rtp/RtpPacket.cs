using System.Buffers.Binary;

namespace Telephony.Media.Rtp;

/// <summary>The head of an RTP packet (RFC 3550 §5.1), and where its payload lies. Allocates nothing.</summary>
internal readonly struct RtpPacket
{
    /// <summary>Of a head without contributing sources and extension.</summary>
    public const int HeaderLength = 12;

    public bool Marker { get; init; }

    public byte PayloadType { get; init; }

    public ushort Sequence { get; init; }

    public uint Timestamp { get; init; }

    public uint Ssrc { get; init; }

    /// <summary>Behind contributing sources and header extension.</summary>
    public int PayloadStart { get; init; }

    /// <summary>Without padding.</summary>
    public int PayloadLength { get; init; }

    /// <summary>False unless it is version 2, and contributing sources, header extension and padding fit. Nothing is said of the payload.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RtpPacket packet)
    {
        packet = default;
        if (bytes.Length < HeaderLength) return false;
        int first = bytes[0], start = HeaderLength, padding = 0;
        if (first != 0x80) // padding, an extension or sources: nearly no packet
        {
            if (first >> 6 != 2) return false;
            start += (first & 0x0f) * 4;
            if ((first & 0x10) != 0) // extension (§5.3.1)
            {
                if (bytes.Length < start + 4) return false;
                start += 4 + (BinaryPrimitives.ReadUInt16BigEndian(bytes[(start + 2)..]) * 4);
            }

            if ((first & 0x20) != 0) padding = Math.Max((int)bytes[^1], 1);
            if (start + padding > bytes.Length) return false;
        }

        packet = new RtpPacket
        {
            Marker = (bytes[1] & 0x80) != 0,
            PayloadType = (byte)(bytes[1] & 0x7f),
            Sequence = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            Timestamp = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            Ssrc = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
            PayloadStart = start,
            PayloadLength = bytes.Length - start - padding,
        };
        return true;
    }

    /// <summary>Writes a head of <see cref="HeaderLength"/> bytes: no sources, no extension, no padding.</summary>
    public static void WriteHead(Span<byte> to, bool marker, byte payloadType, ushort sequence, uint timestamp, uint ssrc)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)(0x8000 | (marker ? 0x80 : 0) | payloadType));
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(to[8..], ssrc);
    }
}
