using Telephony.Media.Rtp;

namespace Telephony.Media.Relay;

/// <summary>
/// One of a leg's two sockets, for RTP or RTCP, and its peer behind it. Its thread alone receives and counts what comes; any media thread may send.
/// </summary>
internal sealed unsafe class MediaChannel
{
    /// <summary>How many packets may still come from the address before the last description until that is taken for the peer's again: about a second.</summary>
    private const int PreviousLimit = 50;

    // What a packet needs comes first and fits in a cache line or two: with thousands of legs, memory is what costs time here.
    // An IPv4 address and port are 8 bytes, so they can be read and replaced at once; 0: ask _remote.
    private readonly int _descriptor;
    private ulong _peer;
    private ulong _target;
    private MediaRoute[] _routes = [];
    private readonly bool _isRtcp;

    // written on its thread, read by any
    public long Packets, Bytes, Rtcp, Dropped, Latches;

    private RemoteState _remote = RemoteState.Unknown;
    private readonly Lock _remoteLock = new(); // over changes of the three
    private int _fromPrevious;

    public MediaChannel(UdpSocket socket, bool isRtcp)
    {
        _descriptor = socket.Descriptor;
        _isRtcp = isRtcp;
    }

    public int Descriptor => _descriptor;

    /// <summary>Who hears what comes here. Replaced whole.</summary>
    public MediaRoute[] Routes
    {
        get => Volatile.Read(ref _routes);
        set => Volatile.Write(ref _routes, value);
    }

    /// <summary>Takes the address of a new description; see <see cref="RemoteState.Describe"/>. Callable from any thread.</summary>
    public void Describe(PeerAddress? described)
    {
        lock (_remoteLock) Set(_remote.Describe(described));
    }

    /// <summary>A datagram came. On this channel's thread; nothing is locked or allocated but when the peer's address changes.</summary>
    public void OnDatagram(ReadOnlySpan<byte> packet, bool isTruncated, ReadOnlySpan<byte> source, MediaThread thread)
    {
        var isRtcpPacket = _isRtcp || RtcpPacket.IsType(packet);
        if (isTruncated || !(isRtcpPacket ? RtcpPacket.IsValid(packet) : RtpPacket.IsValid(packet)))
        {
            Dropped++;
            thread.Malformed++;
            return;
        }

        if ((source.Length != PeerAddress.LengthV4 || PeerAddress.KeyV4(source) != Volatile.Read(ref _peer)) && !IsTaken(source, mayLatch: isRtcpPacket == _isRtcp))
        {
            Dropped++;
            thread.Strangers++;
            return;
        }

        thread.Received(packet.Length);
        if (isRtcpPacket)
        {
            Rtcp++;
            foreach (var route in Routes) route.SendRtcp(packet, thread);
        }
        else
        {
            Packets++;
            Bytes += packet.Length;
            foreach (var route in Routes) route.SendRtp(packet, thread);
        }
    }

    /// <summary>Sends to where the peer is now. On any media thread.</summary>
    public SendResult Send(ReadOnlySpan<byte> packet)
    {
        nint sent;
        fixed (byte* data = packet)
        {
            if (Volatile.Read(ref _target) is not 0 and var key)
            {
                var address = stackalloc ulong[2] { key, 0 };
                sent = Libc.sendto(_descriptor, data, (nuint)packet.Length, Libc.MSG_DONTWAIT, (byte*)address, PeerAddress.LengthV4);
            }
            else
            {
                if (Volatile.Read(ref _remote).Target is not { } target) return SendResult.Nowhere;
                fixed (byte* address = target.Bytes) sent = Libc.sendto(_descriptor, data, (nuint)packet.Length, Libc.MSG_DONTWAIT, address, (uint)target.Length);
            }
        }

        return sent < 0 ? SendResult.Failed : SendResult.Sent;
    }

    /// <summary>
    /// Whether a packet from somewhere else than the latched source is the peer's. The first source is; once there is one, only the described address itself may
    /// take its place.
    /// </summary>
    private bool IsTaken(ReadOnlySpan<byte> source, bool mayLatch)
    {
        var remote = Volatile.Read(ref _remote);
        if (remote.Described is not { } described) return false;
        if (remote.IsLatched || !mayLatch)
        {
            if (remote.Current!.Is(source)) return true;
            if (!mayLatch || !described.Is(source)) return false;
        }

        if (remote.Previous is { } previous && previous.Is(source) && ++_fromPrevious < PreviousLimit) return true;

        lock (_remoteLock)
        {
            if (_remote != remote) return true; // described anew meanwhile: the next packet decides
            Set(remote.Latch(new PeerAddress(source)));
        }

        _fromPrevious = 0;
        Latches++;
        return true;
    }

    private void Set(RemoteState remote)
    {
        Volatile.Write(ref _remote, remote);
        Volatile.Write(ref _peer, remote.IsLatched ? remote.Current!.KeyV4() : 0);
        Volatile.Write(ref _target, remote.Target?.KeyV4() ?? 0);
    }
}
