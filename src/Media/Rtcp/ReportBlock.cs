using System.Buffers.Binary;

namespace Telephony.Media.Rtcp;

/// <summary>How one source was received (RFC 3550 §6.4.1).</summary>
/// <param name="FractionLost">Since the report before, in 256ths.</param>
/// <param name="Lost">In all; below 0 when there were copies. 24 bits on the wire.</param>
/// <param name="HighestSequence">With its wraps in the upper half.</param>
/// <param name="Jitter">In units of the source's timestamps.</param>
/// <param name="LastReport">The middle of the time of the source's last SR; 0: none came.</param>
/// <param name="Delay">Since that, in 65,536ths of a second.</param>
internal readonly record struct ReportBlock(uint Ssrc, byte FractionLost, int Lost, uint HighestSequence, uint Jitter, uint LastReport, uint Delay)
{
    public const int Length = 24;

    private const int MaxLost = 0x7f_ffff, MinLost = -0x80_0000;

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, Ssrc);
        BinaryPrimitives.WriteInt32BigEndian(to[4..], Math.Clamp(Lost, MinLost, MaxLost));
        to[4] = FractionLost;
        BinaryPrimitives.WriteUInt32BigEndian(to[8..], HighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(to[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(to[16..], LastReport);
        BinaryPrimitives.WriteUInt32BigEndian(to[20..], Delay);
    }

    public static ReportBlock Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt32BigEndian(from), from[4], BinaryPrimitives.ReadInt32BigEndian(from[4..]) << 8 >> 8,
        BinaryPrimitives.ReadUInt32BigEndian(from[8..]), BinaryPrimitives.ReadUInt32BigEndian(from[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(from[16..]), BinaryPrimitives.ReadUInt32BigEndian(from[20..]));
}
