using System.Buffers.Binary;

namespace Telephony.Media.Rtp;

/// <summary>The head of an RTCP packet (RFC 3550 §6.4.1): what a relay must know of it.</summary>
internal static class RtcpPacket
{
    public const int HeaderLength = 8;

    /// <summary>True for RTCP that shares a port with RTP (RFC 5761 §4): packet types 192 to 223, where RTP has no payload types.</summary>
    public static bool IsType(ReadOnlySpan<byte> packet) => packet.Length >= 2 && packet[1] is >= 192 and <= 223;

    /// <summary>Version 2, a type of RTCP, and a first packet that fits. SRTCP passes as well: its head is in clear (RFC 3711 §3.4).</summary>
    public static bool IsValid(ReadOnlySpan<byte> packet) =>
        packet.Length >= HeaderLength && packet[0] >> 6 == 2 && IsType(packet)
        && (BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) + 1) * 4 <= packet.Length;
}
