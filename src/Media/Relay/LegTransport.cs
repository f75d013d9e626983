using Telephony.Media.Audio;
using Telephony.Media.Rtcp;
using Telephony.Media.Rtp;

namespace Telephony.Media.Relay;

/// <summary>
/// A leg's way to its peer: the sockets, who is let in, and what is done to a packet on the wire. Receives on the leg's packet thread; RTP is sent by the thread of
/// the one who feeds the leg, all else by the packet thread.
/// </summary>
internal sealed class LegTransport
{
    private readonly InboundStream _inbound;
    private readonly RtpLatch _latch;
    private volatile bool _isRtcpMux;
    private IDatagramHook? _hook;
    private TransportSecurity? _security;
    private long _rtcpReceived, _dropped;

    public LegTransport(PortPair ports, InboundStream inbound, long frequency)
    {
        _inbound = inbound;
        Rtp = new MediaChannel(ports.Rtp, this);
        Rtcp = new MediaChannel(ports.Rtcp, this);
        _latch = new RtpLatch(Rtp, inbound, frequency);
    }

    public MediaChannel Rtp { get; }

    public MediaChannel Rtcp { get; }

    /// <summary>Tells of digits.</summary>
    public DigitWatch? Digits { get; init; }

    /// <summary>Takes the peer's RTCP. Set before the first datagram.</summary>
    public RtcpSession? Reports { get; set; }

    /// <summary>RTCP goes where RTP goes: both sides have said so (RFC 5761 §5.1.1).</summary>
    public bool IsRtcpMux
    {
        get => _isRtcpMux;
        set => _isRtcpMux = value;
    }

    /// <summary>Takes STUN and DTLS. Null: both are dropped. Replaced from any thread.</summary>
    public IDatagramHook? Hook
    {
        get => Volatile.Read(ref _hook);
        set => Volatile.Write(ref _hook, value);
    }

    /// <summary>Null: packets go in clear. Replaced from any thread.</summary>
    public TransportSecurity? Security
    {
        get => Volatile.Read(ref _security);
        set => Volatile.Write(ref _security, value);
    }

    public long RtcpReceived => Volatile.Read(ref _rtcpReceived);

    /// <summary>Datagrams that came and were not taken.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>A datagram came. Nothing is locked or allocated but when the peer's address changes.</summary>
    /// <param name="buffer">The datagram, and <see cref="MediaThread.Slack"/> bytes behind it.</param>
    /// <param name="source">A <c>struct sockaddr</c>.</param>
    public void OnDatagram(MediaChannel channel, Span<byte> buffer, int length, ReadOnlySpan<byte> source, MediaThread thread)
    {
        if (Take(channel, buffer, length, source, thread) is not { } reason) return;
        _dropped++;
        thread.Traffic.Drop(reason);
    }

    private DropReason? Take(MediaChannel channel, Span<byte> buffer, int length, ReadOnlySpan<byte> source, MediaThread thread)
    {
        if (length > MediaThread.MaxDatagram) return DropReason.Oversized;
        var datagram = buffer[..length];
        if (length > 0 && datagram[0] < 64)
        {
            return channel == Rtp && Hook is { } hook && hook.OnDatagram(datagram, source, this, thread) ? null : DropReason.Malformed;
        }

        if (channel == Rtcp || RtcpPacket.IsType(datagram)) return TakeRtcp(channel, datagram, source, thread);

        if (length < RtpPacket.HeaderLength) return DropReason.Malformed;
        var verdict = _latch.Judge(source, datagram, thread.Now);
        if (verdict == Verdict.Stranger) return DropReason.Stranger;
        var security = Security;
        if (security is not null && (length = security.Receiver?.UnprotectRtp(datagram) ?? -1) < 0) return DropReason.Forged;
        datagram = buffer[..length];
        if (!RtpPacket.TryParse(datagram, out var packet)) return DropReason.Malformed;
        if (!_inbound.TryTake(packet, length, thread.Now, isTrusted: verdict == Verdict.Latch || security is not null, out var sequence, out var reason)) return reason;
        if (verdict == Verdict.Latch) Latch(source);

        thread.Traffic.Received(length);
        if (_inbound.Tap is { } tap && !tap.TryWrite(datagram, thread.Now)) thread.Traffic.Drop(DropReason.Overflow);
        Digits?.Hear(packet.PayloadType, packet.Timestamp, datagram.Slice(packet.PayloadStart, packet.PayloadLength), thread.Now);
        var routes = _inbound.Routes;
        for (var i = 0; i < routes.Length; i++)
        {
            var own = i == routes.Length - 1 ? buffer : thread.Copy(datagram); // the last may change the packet itself
            routes[i].Relay(own, packet, sequence, _inbound.Generation, thread.Now, thread.Traffic);
        }

        return null;
    }

    // RTCP follows RTP: once that is latched, only its host counts, from any port, for a NAT gives what it likes
    private Verdict JudgeRtcp(ReadOnlySpan<byte> source)
    {
        var (own, rtp) = (Rtcp.Remote, Rtp.Remote);
        if (rtp.IsLatched && !PeerAddress.IsSameHost(rtp.Current!.Bytes, source)) return Verdict.Stranger;
        if (own.Described is null) return Verdict.Stranger;
        if (own.Current!.Is(source)) return own.IsLatched ? Verdict.Peer : Verdict.Latch;
        return rtp.IsLatched || !own.IsLatched ? Verdict.Latch : Verdict.Stranger;
    }

    private void Latch(ReadOnlySpan<byte> source)
    {
        _latch.Latch(source);
        if (Rtcp.Remote is not { Current: { } reports } || PeerAddress.IsSameHost(reports.Bytes, source)) return;
        Rtcp.Follow(new PeerAddress(source).NextPort());
    }

    private DropReason? TakeRtcp(MediaChannel channel, Span<byte> datagram, ReadOnlySpan<byte> source, MediaThread thread)
    {
        var verdict = channel == Rtcp ? JudgeRtcp(source) : channel.IsTarget(source) ? Verdict.Peer : Verdict.Stranger;
        if (verdict == Verdict.Stranger) return DropReason.Stranger;
        if (Security is { } security)
        {
            var length = security.Receiver?.UnprotectRtcp(datagram) ?? -1;
            if (length < 0) return DropReason.Forged;
            datagram = datagram[..length];
        }

        if (!RtcpPacket.IsValid(datagram)) return DropReason.Malformed;
        if (verdict == Verdict.Latch) channel.Latch(source);
        thread.Traffic.Received(datagram.Length);
        _rtcpReceived++;
        return Reports?.Receive(datagram, thread.Now) == false ? DropReason.Untrue : null;
    }

    /// <summary>Sends RTP to where the peer is. On the thread of the leg's feeder.</summary>
    /// <param name="buffer">The packet, and at least <see cref="MediaThread.Slack"/> bytes behind it; it is changed.</param>
    /// <param name="security">As <see cref="Security"/> was when the packet got its number.</param>
    public SendResult SendRtp(Span<byte> buffer, int length, TransportSecurity? security)
    {
        if (security is not null)
        {
            if (security.Rtp is not { } sender) return SendResult.Nowhere;
            length = sender.ProtectRtp(buffer, length);
            if (length < 0) return SendResult.Failed;
        }

        return Rtp.Send(buffer[..length]);
    }

    /// <summary>Sends RTCP to where the peer takes it. On the packet thread.</summary>
    /// <param name="buffer">As for <see cref="SendRtp"/>.</param>
    public SendResult SendRtcp(Span<byte> buffer, int length)
    {
        if (Security is { } security)
        {
            if (security.Rtcp is not { } sender) return SendResult.Nowhere;
            length = sender.ProtectRtcp(buffer, length);
            if (length < 0) return SendResult.Failed;
        }

        return (IsRtcpMux ? Rtp : Rtcp).Send(buffer[..length]);
    }

    /// <summary>Sends a datagram of STUN or DTLS from the RTP port. On the packet thread.</summary>
    /// <param name="target">A <c>struct sockaddr</c>.</param>
    public SendResult SendTo(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> target) => Rtp.SendTo(datagram, target);
}
