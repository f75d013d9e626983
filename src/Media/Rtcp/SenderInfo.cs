using System.Buffers.Binary;

namespace Telephony.Media.Rtcp;

/// <summary>What an SR says of the sender (RFC 3550 §6.4.1).</summary>
/// <param name="Time">When it was sent.</param>
/// <param name="Timestamp">What the stream's RTP timestamp was then.</param>
/// <param name="Bytes">Of payload.</param>
internal readonly record struct SenderInfo(NtpTime Time, uint Timestamp, uint Packets, uint Bytes)
{
    /// <summary>Where report blocks begin in an SR.</summary>
    public const int End = 28;

    public void Write(Span<byte> senderReport)
    {
        BinaryPrimitives.WriteUInt64BigEndian(senderReport[8..], Time.Value);
        BinaryPrimitives.WriteUInt32BigEndian(senderReport[16..], Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(senderReport[20..], Packets);
        BinaryPrimitives.WriteUInt32BigEndian(senderReport[24..], Bytes);
    }

    public static SenderInfo Read(ReadOnlySpan<byte> senderReport) => new(
        new NtpTime(BinaryPrimitives.ReadUInt64BigEndian(senderReport[8..])), BinaryPrimitives.ReadUInt32BigEndian(senderReport[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(senderReport[20..]), BinaryPrimitives.ReadUInt32BigEndian(senderReport[24..]));
}
