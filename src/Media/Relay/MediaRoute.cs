namespace Telephony.Media.Relay;

/// <summary>
/// <paramref name="to"/> hears <paramref name="from"/>. What a stream needs on its way to one listener stands here: now its counts, later its SSRC and
/// sequence numbers. Used by the thread of <paramref name="from"/> alone.
/// </summary>
internal sealed class MediaRoute(MediaLeg from, MediaLeg to)
{
    public MediaLeg From { get; } = from;

    public MediaLeg To { get; } = to;

    // written on one thread, read by any
    public long Packets, Bytes, Rtcp, Failed;

    public void SendRtp(ReadOnlySpan<byte> packet, MediaThread thread)
    {
        if (To.Rtp.TrySend(packet) is not { } sent) return;
        if (sent)
        {
            Packets++;
            Bytes += packet.Length;
            thread.Sent(packet.Length);
        }
        else
        {
            Fail(thread);
        }
    }

    public void SendRtcp(ReadOnlySpan<byte> packet, MediaThread thread)
    {
        if ((To.IsRtcpMux ? To.Rtp : To.Rtcp).TrySend(packet) is not { } sent) return;
        if (sent)
        {
            Rtcp++;
            thread.Sent(packet.Length);
        }
        else
        {
            Fail(thread);
        }
    }

    private void Fail(MediaThread thread)
    {
        Failed++;
        thread.Unsent++;
    }
}
