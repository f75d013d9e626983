using System.Buffers.Binary;

namespace Telephony.Media.Rtcp;

/// <summary>What a receiver makes of a voice stream (RFC 3611 §4.7). Rates and densities in 256ths, times in milliseconds.</summary>
/// <param name="RFactor">0 to 100; 127: not known.</param>
/// <param name="ListeningMos">Tenths, 10 to 50; 127: not known. <paramref name="ConversationalMos"/> as that.</param>
internal readonly record struct VoipMetrics(
    uint Ssrc, byte LossRate, byte DiscardRate, byte BurstDensity, byte GapDensity, ushort BurstDuration, ushort GapDuration, ushort RoundTrip, ushort EndSystemDelay,
    byte RFactor, byte ListeningMos, byte ConversationalMos)
{
    public const int Length = 32;

    /// <summary>A value that is not known.</summary>
    public const byte Unknown = 127;

    /// <summary>As many packets without loss end a burst (§4.7.2).</summary>
    public const byte Gmin = 16;

    public void Write(Span<byte> to)
    {
        to[..Length].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(to, Ssrc);
        (to[4], to[5], to[6], to[7]) = (LossRate, DiscardRate, BurstDensity, GapDensity);
        BinaryPrimitives.WriteUInt16BigEndian(to[8..], BurstDuration);
        BinaryPrimitives.WriteUInt16BigEndian(to[10..], GapDuration);
        BinaryPrimitives.WriteUInt16BigEndian(to[12..], RoundTrip);
        BinaryPrimitives.WriteUInt16BigEndian(to[14..], EndSystemDelay);
        (to[16], to[17], to[18], to[19]) = (Unknown, Unknown, Unknown, Gmin); // signal, noise, echo return loss
        (to[20], to[21], to[22], to[23]) = (RFactor, Unknown, ListeningMos, ConversationalMos);
    }

    public static VoipMetrics Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt32BigEndian(from), from[4], from[5], from[6], from[7],
        BinaryPrimitives.ReadUInt16BigEndian(from[8..]), BinaryPrimitives.ReadUInt16BigEndian(from[10..]),
        BinaryPrimitives.ReadUInt16BigEndian(from[12..]), BinaryPrimitives.ReadUInt16BigEndian(from[14..]), from[20], from[22], from[23]);
}
