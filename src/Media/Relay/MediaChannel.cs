using System.Runtime.InteropServices;
using Telephony.Media.Rtp;

namespace Telephony.Media.Relay;

/// <summary>
/// One of a leg's two sockets, for RTP or RTCP, and its peer behind it. Its thread alone receives and counts what comes; any media thread may send.
/// </summary>
internal sealed unsafe class MediaChannel(MediaLeg leg, UdpSocket socket, bool isRtcp)
{
    /// <summary>How many packets may still come from the address before the last description until that is taken for the peer's again: about a second.</summary>
    private const int PreviousLimit = 50;

    private RemoteState _remote = RemoteState.Unknown;
    private int _fromPrevious;

    public MediaLeg Leg { get; } = leg;

    public UdpSocket Socket { get; } = socket;

    // written on its thread, read by any
    public long Packets, Bytes, Rtcp, Dropped, Latches;

    /// <summary>Takes the address of a new description; see <see cref="RemoteState.Describe"/>. Callable from any thread.</summary>
    public void Describe(PeerAddress? described)
    {
        RemoteState before;
        do before = Volatile.Read(ref _remote);
        while (Interlocked.CompareExchange(ref _remote, before.Describe(described), before) != before);
    }

    /// <summary>A datagram came. On this channel's thread; nothing is allocated but when the peer's address changes.</summary>
    public void OnDatagram(ReadOnlySpan<byte> packet, bool isTruncated, ReadOnlySpan<byte> source, MediaThread thread)
    {
        var isRtcpPacket = isRtcp || RtcpPacket.IsType(packet);
        if (isTruncated || !(isRtcpPacket ? RtcpPacket.IsValid(packet) : RtpPacket.IsValid(packet)))
        {
            Dropped++;
            thread.Malformed++;
            return;
        }

        var remote = Volatile.Read(ref _remote);
        if (!(remote.IsLatched && remote.Current!.Is(source)) && !IsTaken(remote, source, mayLatch: isRtcpPacket == isRtcp))
        {
            Dropped++;
            thread.Strangers++;
            return;
        }

        thread.Received(packet.Length);
        if (isRtcpPacket)
        {
            Rtcp++;
            foreach (var route in Leg.Routes) route.SendRtcp(packet, thread);
        }
        else
        {
            Packets++;
            Bytes += packet.Length;
            foreach (var route in Leg.Routes) route.SendRtp(packet, thread);
        }
    }

    /// <summary>Sends to where the peer is now. On any media thread. Null: the peer has no address, or wants nothing; false: the system refused.</summary>
    public bool? TrySend(ReadOnlySpan<byte> packet)
    {
        if (Volatile.Read(ref _remote).Target is not { } target) return null;

        fixed (byte* data = packet, address = target.Bytes)
        {
            nint sent;
            do sent = Libc.sendto(Socket.Descriptor, data, (nuint)packet.Length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL, address, (uint)target.Length);
            while (sent < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR);
            return sent >= 0;
        }
    }

    /// <summary>
    /// Whether a packet from somewhere else than the latched source is the peer's. The first source is; once there is one, only the described address itself may
    /// take its place.
    /// </summary>
    private bool IsTaken(RemoteState remote, ReadOnlySpan<byte> source, bool mayLatch)
    {
        if (remote.Described is not { } described) return false;
        if (!mayLatch) return remote.Current!.Is(source);
        if (remote.IsLatched && !described.Is(source)) return false;
        if (remote.Previous is { } previous && previous.Is(source) && ++_fromPrevious < PreviousLimit) return true;

        _fromPrevious = 0;
        if (Interlocked.CompareExchange(ref _remote, remote.Latch(new PeerAddress(source)), remote) == remote) Latches++;
        return true;
    }
}
