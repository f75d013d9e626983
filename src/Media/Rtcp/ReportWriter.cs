using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Telephony.Media.Quality;
using Telephony.Media.Relay;

namespace Telephony.Media.Rtcp;

/// <summary>Writes a leg's reports: SR or RR, SDES with CNAME, XR (RFC 3550 §6.4 to §6.6, RFC 3611 §4). On the leg's packet thread; allocates nothing.</summary>
internal sealed class ReportWriter(string leg, InboundStream inbound, OutboundStream outbound, RtcpSession session, QualityMeter quality, TimeProvider time)
{
    /// <summary>No compound of ours is longer.</summary>
    public const int MaxLength = 256;

    private const int CanonicalNameLength = 16, PacketMilliseconds = 20;

    private readonly byte[] _canonicalName = CanonicalName(leg);
    private long _expected, _packets, _sent; // as the last report had them

    /// <summary>A whole compound, for this moment. Its length.</summary>
    public int Write(Span<byte> to, long now)
    {
        var at = NtpTime.Of(time.GetUtcNow());
        session.Sending(at);
        var length = WriteReport(to, at, now);
        length += WriteDescription(to[length..]);
        return length + WriteExtended(to[length..], at, now);
    }

    /// <summary>A whole compound that ends our stream (§6.6).</summary>
    public int WriteBye(Span<byte> to, long now)
    {
        var length = WriteReport(to, NtpTime.Of(time.GetUtcNow()), now);
        length += WriteDescription(to[length..]);
        return length + Finish(to[length..], RtcpPacket.Bye, count: 1, RtcpPacket.HeaderLength);
    }

    private int WriteReport(Span<byte> to, NtpTime at, long now)
    {
        var isSender = outbound.Packets != _sent;
        _sent = outbound.Packets;
        var length = RtcpPacket.HeaderLength;
        if (isSender)
        {
            new SenderInfo(at, outbound.TimestampAt(now), (uint)_sent, (uint)outbound.PayloadBytes).Write(to);
            length = SenderInfo.End;
        }

        if (inbound.Ssrc is not { } source) return Finish(to, isSender ? RtcpPacket.SenderReport : RtcpPacket.ReceiverReport, count: 0, length);

        var (expected, packets) = (inbound.Expected - _expected, inbound.Packets - _packets);
        (_expected, _packets) = (inbound.Expected, inbound.Packets);
        var fraction = expected > packets ? (byte)Math.Min((expected - packets) * 256 / expected, 255) : (byte)0; // A.3
        var (lastReport, lastAt) = session.LastReport;
        new ReportBlock(source, fraction, (int)inbound.SourceLost, inbound.HighestSequence, (uint)inbound.Jitter, lastReport, lastReport == 0 ? 0 : Delay(lastAt, now)).Write(to[length..]);
        return Finish(to, isSender ? RtcpPacket.SenderReport : RtcpPacket.ReceiverReport, count: 1, length + ReportBlock.Length);
    }

    // one chunk with CNAME
    private int WriteDescription(Span<byte> to)
    {
        (to[8], to[9]) = (1, CanonicalNameLength);
        _canonicalName.CopyTo(to[10..]);
        to.Slice(10 + CanonicalNameLength, 2).Clear(); // the chunk's end
        return Finish(to, RtcpPacket.Description, count: 1, 12 + CanonicalNameLength);
    }

    private int WriteExtended(Span<byte> to, NtpTime at, long now)
    {
        var length = RtcpPacket.HeaderLength;
        length += ExtendedBlock.WriteReferenceTime(to[length..], at);
        var (ssrc, reference, referenceAt) = session.LastReference;
        if (reference != 0) length += ExtendedBlock.WriteDelay(to[length..], ssrc, reference, Delay(referenceAt, now));
        if (inbound.Ssrc is { } source) length += ExtendedBlock.WriteVoipMetrics(to[length..], Metrics(source));
        return Finish(to, RtcpPacket.Extended, count: 0, length);
    }

    private VoipMetrics Metrics(uint source)
    {
        var (burstDensity, gapDensity, burst, gap) = inbound.Losses.Measure(PacketMilliseconds);
        var lossRate = inbound.Expected > 0 ? (byte)Math.Clamp((inbound.Expected - inbound.Packets) * 256 / inbound.Expected, 0, 255) : (byte)0;
        var (r, mos) = (VoipMetrics.Unknown, VoipMetrics.Unknown);
        if (quality.RFactor > 0) (r, mos) = ((byte)Math.Round(quality.RFactor), (byte)Math.Round(10 * EModel.Mos(quality.RFactor)));
        return new VoipMetrics(source, lossRate, 0, burstDensity, gapDensity, burst, gap, (ushort)Math.Min(session.RoundTripMicroseconds / 1000, ushort.MaxValue), 0, r, mos, mos);
    }

    private uint Delay(long since, long now) => (uint)(time.GetElapsedTime(since, now).TotalSeconds * 65_536);

    private int Finish(Span<byte> packet, byte type, int count, int length)
    {
        (packet[0], packet[1]) = ((byte)(0x80 | count), type);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((length / 4) - 1));
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], outbound.Ssrc);
        return length;
    }

    // the same on every node, and nothing of the leg's name in it (RFC 7022 §4.2)
    private static byte[] CanonicalName(string leg) =>
        Encoding.ASCII.GetBytes(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(leg)).AsSpan(0, CanonicalNameLength / 4 * 3)));
}
