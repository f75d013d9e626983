using System.Buffers.Binary;

namespace Telephony.Media.Rtcp;

/// <summary>What a phone's RTCP looks like.</summary>
internal static class Reports
{
    public static byte[] Receiver(uint ssrc, params ReportBlock[] blocks) => Packet(RtcpPacket.ReceiverReport, ssrc, blocks.Length, Bytes(blocks));

    public static byte[] Sender(uint ssrc, params ReportBlock[] blocks) =>
        Packet(RtcpPacket.SenderReport, ssrc, blocks.Length, [.. new byte[SenderInfo.End - RtcpPacket.HeaderLength], .. Bytes(blocks)]);

    public static byte[] Bye(uint ssrc) => Packet(RtcpPacket.Bye, ssrc, 1, []);

    public static byte[] Reference(uint ssrc, NtpTime time)
    {
        var block = new byte[12];
        ExtendedBlock.WriteReferenceTime(block, time);
        return Packet(RtcpPacket.Extended, ssrc, 0, block);
    }

    public static byte[] Delay(uint ssrc, uint of, uint reference, uint delay)
    {
        var block = new byte[16];
        ExtendedBlock.WriteDelay(block, of, reference, delay);
        return Packet(RtcpPacket.Extended, ssrc, 0, block);
    }

    private static byte[] Bytes(ReportBlock[] blocks)
    {
        var bytes = new byte[blocks.Length * ReportBlock.Length];
        for (var i = 0; i < blocks.Length; i++) blocks[i].Write(bytes.AsSpan(i * ReportBlock.Length));
        return bytes;
    }

    private static byte[] Packet(byte type, uint ssrc, int count, byte[] body)
    {
        byte[] packet = [(byte)(0x80 | count), type, 0, 0, 0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)((packet.Length / 4) - 1));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), ssrc);
        return packet;
    }
}
