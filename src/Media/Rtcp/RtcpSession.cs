using System.Buffers.Binary;
using Telephony.Media.Relay;

namespace Telephony.Media.Rtcp;

/// <summary>
/// RTCP between us and one peer (RFC 3550 §6): reads its reports, and says when ours are due. Ours go no further than the peer and its end here, for what it hears is
/// our stream. On the leg's packet thread. It keeps nothing that a report doesn't need, and believes nothing that can't be.
/// </summary>
internal sealed class RtcpSession(InboundStream inbound, OutboundStream outbound, TimeProvider time, Random random)
{
    private const double MinInterval = 5, Compensation = 1.21828; // seconds; §6.2, §6.3.1
    private const int MaxRoundTripMicroseconds = 10_000_000;

    private uint _sent, _sentBefore; // the times of our last two reports, in the middle
    private long _dueAt = time.GetTimestamp() + (long)(time.TimestampFrequency * Interval(random) / 2);
    private int _remoteLostTotal, _remoteLost;

    /// <summary>The middle of the peer's last SR and when that came; 0: none yet.</summary>
    public (uint Time, long At) LastReport { get; private set; }

    /// <summary>Whose reference time came last (RFC 3611 §4.4), and when.</summary>
    public (uint Ssrc, uint Time, long At) LastReference { get; private set; }

    /// <summary>To the peer and back; 0: not known.</summary>
    public int RoundTripMicroseconds { get; private set; }

    /// <summary>Of our stream at the peer; 0: not known.</summary>
    public int RemoteJitterMicroseconds { get; private set; }

    /// <summary>What the peer makes of our stream (RFC 3611 §4.7); null: it doesn't say.</summary>
    public VoipMetrics? RemoteMetrics { get; private set; }

    /// <summary>How many of our packets the peer has missed since this was asked.</summary>
    public int TakeRemoteLost()
    {
        var lost = _remoteLost;
        _remoteLost = 0;
        return lost;
    }

    /// <summary>True once for each report that is due: after 2 to 6 s, at random, so that a thousand legs don't report at once (§6.3.1).</summary>
    public bool IsDue(long now)
    {
        if (now < _dueAt) return false;
        _dueAt = now + (long)(time.TimestampFrequency * Interval(random));
        return true;
    }

    /// <summary>A report of ours with this time goes out: answers to it tell the round trip.</summary>
    public void Sending(NtpTime at) => (_sentBefore, _sent) = (_sent, at.Middle);

    /// <summary>Takes what a compound says. False: it is malformed, and nothing of it is taken; or something in it can't be, which is left out.</summary>
    public bool Receive(ReadOnlySpan<byte> compound, long now)
    {
        if (!RtcpPacket.IsValid(compound)) return false;
        var isTrue = true;
        while (!compound.IsEmpty && RtcpPacket.TryRead(ref compound, out var packet))
        {
            switch (packet.Type)
            {
                case RtcpPacket.SenderReport:
                    LastReport = (SenderInfo.Read(packet.Bytes).Time.Middle, now);
                    isTrue &= TakeBlocks(packet.ReportBlocks);
                    break;
                case RtcpPacket.ReceiverReport:
                    isTrue &= TakeBlocks(packet.ReportBlocks);
                    break;
                case RtcpPacket.Bye when packet.Count > 0 && packet.Ssrc == inbound.Ssrc:
                    inbound.End();
                    break;
                case RtcpPacket.Extended:
                    isTrue &= TakeExtended(packet, now);
                    break;
            }
        }

        return isTrue;
    }

    private bool TakeBlocks(ReadOnlySpan<byte> blocks)
    {
        for (; !blocks.IsEmpty; blocks = blocks[ReportBlock.Length..])
        {
            var block = ReportBlock.Read(blocks);
            if (block.Ssrc != outbound.Ssrc) continue; // of somebody else
            if (block.Lost > outbound.Packets || block.Jitter / outbound.Clock > 60) return false;

            _remoteLost += Math.Max(block.Lost - _remoteLostTotal, 0);
            _remoteLostTotal = block.Lost;
            outbound.ExpectedLoss = ((block.FractionLost * 100) + 128) / 256;
            RemoteJitterMicroseconds = (int)(block.Jitter * 1_000_000L / outbound.Clock);
            if (block.LastReport != 0 && !TakeRoundTrip(block.LastReport, block.Delay)) return false;
        }

        return true;
    }

    private bool TakeExtended(RtcpPacket packet, long now)
    {
        var blocks = packet.Bytes[RtcpPacket.HeaderLength..];
        var isTrue = true;
        while (!blocks.IsEmpty && ExtendedBlock.TryRead(ref blocks, out var block))
        {
            switch (block.Type)
            {
                case ExtendedBlock.ReferenceTime:
                    LastReference = (packet.Ssrc, new NtpTime(BinaryPrimitives.ReadUInt64BigEndian(block.Body)).Middle, now);
                    break;
                case ExtendedBlock.DelaySinceReferenceTime:
                    for (var body = block.Body; !body.IsEmpty;)
                    {
                        var (ssrc, reference, delay) = ExtendedBlock.TakeDelay(ref body);
                        if (ssrc == outbound.Ssrc && reference != 0) isTrue &= TakeRoundTrip(reference, delay);
                    }

                    break;
                case ExtendedBlock.VoipMetrics when VoipMetrics.Read(block.Body) is var metrics && metrics.Ssrc == outbound.Ssrc:
                    RemoteMetrics = metrics;
                    break;
            }
        }

        return isTrue;
    }

    // §6.4.1: A - LSR - DLSR
    private bool TakeRoundTrip(uint reported, uint delay)
    {
        if (reported != _sent && reported != _sentBefore) return false;
        var passed = (int)(NtpTime.Of(time.GetUtcNow()).Middle - reported - delay);
        var microseconds = passed * 1_000_000L / 65_536;
        if (microseconds is < -1000 or > MaxRoundTripMicroseconds) return false; // the peer waited longer than the time that has passed
        RoundTripMicroseconds = Math.Max((int)microseconds, 1);
        return true;
    }

    private static double Interval(Random random) => MinInterval * (0.5 + random.NextDouble()) / Compensation;
}
