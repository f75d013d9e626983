using Telephony.Media.Relay;
using Telephony.Media.Rtcp;

namespace Telephony.Media.Quality;

/// <summary>Takes a leg's sample each second, from the counters of its streams and its reports. On the leg's packet thread but where said otherwise.</summary>
internal sealed class QualityMeter(InboundStream inbound, OutboundStream outbound, RtcpSession reports)
{
    private const int PacketMilliseconds = 20, MinBufferMilliseconds = 20;

    private CodecImpairment _codec = CodecImpairment.G711;
    private long _packets, _bytes, _expected, _runs, _sentPackets, _sentBytes;

    /// <summary>The seconds that are not yet told.</summary>
    public QualityLog Log { get; } = new();

    /// <summary>Of what the peer sends. Settable from any thread.</summary>
    public CodecImpairment Codec
    {
        get => _codec;
        set => _codec = value;
    }

    /// <summary>R of the last second in which something was heard; 0: none yet.</summary>
    public double RFactor { get; private set; }

    public void Sample()
    {
        var (packets, bytes, expected, runs) = ((int)(inbound.Packets - _packets), (int)(inbound.Bytes - _bytes), (int)(inbound.Expected - _expected), inbound.Losses.Count - _runs);
        var (sentPackets, sentBytes) = (outbound.Packets - _sentPackets, outbound.Bytes - _sentBytes);
        (_packets, _bytes, _expected, _runs, _sentPackets, _sentBytes) =
            (inbound.Packets, inbound.Bytes, inbound.Expected, inbound.Losses.Count, _sentPackets + sentPackets, _sentBytes + sentBytes);

        var lost = expected - packets;
        double r = 0;
        if (packets > 0 && expected > 0)
        {
            var loss = (double)Math.Max(lost, 0) / expected;
            var burst = runs > 0 ? lost / (double)runs * (1 - loss) : 1;
            var jitter = inbound.JitterMicroseconds / 1000.0;
            var delay = (reports.RoundTripMicroseconds / 2000.0) + PacketMilliseconds + Math.Max(2 * jitter, MinBufferMilliseconds);
            RFactor = r = EModel.RFactor(Codec, loss, burst, delay);
        }

        Log.Add(new QualitySample(
            packets, bytes, (int)sentPackets, (int)sentBytes, lost, inbound.JitterMicroseconds, reports.RoundTripMicroseconds,
            (byte)Math.Round(r), r > 0 ? (short)Math.Round(100 * EModel.Mos(r)) : (short)0, reports.TakeRemoteLost(), reports.RemoteJitterMicroseconds));
    }
}
