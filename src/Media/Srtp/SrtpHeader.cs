using System.Buffers.Binary;

namespace Telephony.Media.Srtp;

/// <summary>What of a packet stays in clear.</summary>
internal static class SrtpHeader
{
    /// <summary>The length of RTP's head with contributing sources and header extension (RFC 3550 §5.1, §5.3.1); -1: it does not fit, or is no RTP.</summary>
    public static int Length(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 12 || packet[0] >> 6 != 2) return -1;
        var length = 12 + ((packet[0] & 0x0f) * 4);
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < length + 4) return -1;
            length += 4 + (BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]) * 4);
        }

        return length <= packet.Length ? length : -1;
    }

    public static ushort Sequence(ReadOnlySpan<byte> rtp) => BinaryPrimitives.ReadUInt16BigEndian(rtp[2..]);

    public static uint RtpSsrc(ReadOnlySpan<byte> rtp) => BinaryPrimitives.ReadUInt32BigEndian(rtp[8..]);

    /// <summary>Of the first packet in it: all of SRTCP goes by that.</summary>
    public static uint RtcpSsrc(ReadOnlySpan<byte> rtcp) => BinaryPrimitives.ReadUInt32BigEndian(rtcp[4..]);
}
