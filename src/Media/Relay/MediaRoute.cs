namespace Telephony.Media.Relay;

/// <summary>
/// <paramref name="to"/> hears <paramref name="from"/>. What a stream needs on its way to one listener stands here: now its counts, later its SSRC and
/// sequence numbers. Used by the thread of <paramref name="from"/> alone.
/// </summary>
internal sealed class MediaRoute(MediaLeg from, MediaLeg to)
{
    private readonly MediaChannel _rtp = to.Rtp;

    // written on one thread, read by any
    public long Packets, Bytes, Rtcp, Failed;

    public MediaLeg From { get; } = from;

    public MediaLeg To { get; } = to;

    public void SendRtp(ReadOnlySpan<byte> packet, MediaThread thread)
    {
        if (!Send(_rtp, packet, thread)) return;
        Packets++;
        Bytes += packet.Length;
    }

    public void SendRtcp(ReadOnlySpan<byte> packet, MediaThread thread)
    {
        if (Send(To.IsRtcpMux ? _rtp : To.Rtcp, packet, thread)) Rtcp++;
    }

    private bool Send(MediaChannel channel, ReadOnlySpan<byte> packet, MediaThread thread)
    {
        switch (channel.Send(packet))
        {
            case SendResult.Sent:
                thread.Sent(packet.Length);
                return true;
            case SendResult.Failed:
                Failed++;
                thread.Unsent++;
                return false;
            default:
                return false;
        }
    }
}
