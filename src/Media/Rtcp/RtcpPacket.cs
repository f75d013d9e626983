using System.Buffers.Binary;

namespace Telephony.Media.Rtcp;

/// <summary>One packet of a compound (RFC 3550 §6.1, §6.4): its kind, count and body. A view over received bytes.</summary>
internal readonly ref struct RtcpPacket
{
    public const int HeaderLength = 8;

    public const byte SenderReport = 200, ReceiverReport = 201, Description = 202, Bye = 203, Extended = 207;

    public required byte Type { get; init; }

    /// <summary>The low 5 bits of the first byte: report blocks, or sources.</summary>
    public required int Count { get; init; }

    /// <summary>Whole, with its head.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>Who it is from; of most kinds.</summary>
    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(Bytes[4..]);

    /// <summary>The report blocks of an SR or RR.</summary>
    public ReadOnlySpan<byte> ReportBlocks => Bytes.Slice(Type == SenderReport ? SenderInfo.End : HeaderLength, Count * ReportBlock.Length);

    /// <summary>True for RTCP that shares a port with RTP (RFC 5761 §4): packet types 192 to 223, where RTP has no payload types.</summary>
    public static bool IsType(ReadOnlySpan<byte> datagram) => datagram.Length >= 2 && datagram[1] is >= 192 and <= 223;

    /// <summary>
    /// Version 2 and a type of RTCP in each packet, lengths that fill the datagram, padding at the end alone (RFC 3550 A.2), and reports, sources and blocks that fit
    /// into theirs. A compound that doesn't begin with a report is taken: some phones send BYE alone (RFC 5506).
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < HeaderLength) return false;
        while (!datagram.IsEmpty)
        {
            if (!TryRead(ref datagram, out var packet) || !packet.Fits(isLast: datagram.IsEmpty)) return false;
        }

        return true;
    }

    /// <summary>Takes the first packet off. False: malformed.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> rest, out RtcpPacket packet)
    {
        packet = default;
        if (rest.Length < 4 || rest[0] >> 6 != 2 || !IsType(rest)) return false;
        var length = (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) + 1) * 4;
        if (length > rest.Length) return false;
        packet = new RtcpPacket { Type = rest[1], Count = rest[0] & 0x1f, Bytes = rest[..length] };
        rest = rest[length..];
        return true;
    }

    private bool Fits(bool isLast)
    {
        var hasPadding = (Bytes[0] & 0x20) != 0;
        if (hasPadding && (!isLast || Bytes[^1] is 0 || Bytes[^1] % 4 != 0 || Bytes[^1] > Bytes.Length - 4)) return false;
        var length = Bytes.Length - (hasPadding ? Bytes[^1] : 0);
        return Type switch
        {
            SenderReport => length >= SenderInfo.End + (Count * ReportBlock.Length),
            ReceiverReport => length >= HeaderLength + (Count * ReportBlock.Length),
            Bye => length >= 4 + (Count * 4),
            Extended => length >= HeaderLength && HasGoodBlocks(Bytes[HeaderLength..length]),
            _ => true,
        };
    }

    // RFC 3611 §3
    private static bool HasGoodBlocks(ReadOnlySpan<byte> blocks)
    {
        while (!blocks.IsEmpty)
        {
            if (!ExtendedBlock.TryRead(ref blocks, out _)) return false;
        }

        return true;
    }
}
