using System.Buffers.Binary;

namespace Telephony.Sip;

/// <summary>The first twelve bytes of a message (RFC 1035 §4.1.1).</summary>
internal readonly record struct DnsHeader(bool IsResponse, bool IsTruncated, DnsCode Code, int Questions, int Answers, int Authorities)
{
    public const int Length = 12;
    public const ushort ClassIn = 1;

    private const int RecursionDesired = 0x0100;

    public static DnsHeader Read(ReadOnlySpan<byte> message)
    {
        var flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        return new(
            (flags & 0x8000) != 0 && (flags & 0x7800) == 0,
            (flags & 0x0200) != 0,
            (DnsCode)(flags & 0xF),
            BinaryPrimitives.ReadUInt16BigEndian(message[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[6..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[8..]));
    }

    /// <summary>The header of a question that the server is to find out about, with one additional record or none.</summary>
    public static void Write(Span<byte> message, ReadOnlySpan<byte> id, bool hasAdditional)
    {
        message[..Length].Clear();
        id.CopyTo(message);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], RecursionDesired);
        message[5] = 1;
        message[11] = hasAdditional ? (byte)1 : (byte)0;
    }
}
