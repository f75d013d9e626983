namespace Telephony.Media.Relay;

/// <summary>One of a leg's two sockets, for RTP or RTCP, and its peer's address behind it.</summary>
internal sealed unsafe class MediaChannel
{
    /// <summary>How many packets may still come from the address before the last description until that is taken for the peer's again: about a second.</summary>
    private const int PreviousLimit = 50;

    // What a packet needs comes first and fits in a cache line: with thousands of legs, memory is what costs time here.
    // An IPv4 address and port are 8 bytes, so they can be read and replaced at once; 0: ask _remote.
    private readonly int _descriptor;
    private ulong _peer;
    private ulong _target;
    private readonly LegTransport _transport;

    private RemoteState _remote = RemoteState.Unknown;
    private readonly Lock _remoteLock = new(); // over changes of the three
    private int _fromPrevious;
    private long _latches;

    public MediaChannel(UdpSocket socket, LegTransport transport)
    {
        _descriptor = socket.Descriptor;
        _transport = transport;
    }

    public int Descriptor => _descriptor;

    /// <summary>How often a source was taken for the peer anew.</summary>
    public long Latches => Volatile.Read(ref _latches);

    /// <summary>Takes the address of a new description; see <see cref="RemoteState.Describe"/>. Callable from any thread.</summary>
    public void Describe(PeerAddress? described)
    {
        lock (_remoteLock) Set(_remote.Describe(described));
    }

    /// <summary>On its thread, as all below but the sending.</summary>
    public void OnDatagram(Span<byte> buffer, int length, ReadOnlySpan<byte> source, MediaThread thread) => _transport.OnDatagram(this, buffer, length, source, thread);

    /// <summary>Whether this is where the peer sends from.</summary>
    /// <param name="mayLatch">No, but if the packet is a good one it is taken for the peer (<see cref="Latch"/>): the first source is; once there is one, only the
    /// described address itself may take its place.</param>
    public bool IsPeer(ReadOnlySpan<byte> source, out bool mayLatch)
    {
        mayLatch = false;
        if (source.Length == PeerAddress.LengthV4 && PeerAddress.KeyV4(source) == Volatile.Read(ref _peer)) return true;
        var remote = Volatile.Read(ref _remote);
        if (remote.Described is not { } described) return false;
        if (remote.IsLatched)
        {
            if (remote.Current!.Is(source)) return true;
            mayLatch = described.Is(source);
            return false;
        }

        if (remote.Previous is { } previous && previous.Is(source) && ++_fromPrevious < PreviousLimit) return true;
        mayLatch = true;
        return false;
    }

    /// <summary>Whether packets go there.</summary>
    public bool IsTarget(ReadOnlySpan<byte> source) => Volatile.Read(ref _remote).Current is { } current && current.Is(source);

    /// <summary>From now on this source is the peer.</summary>
    public void Latch(ReadOnlySpan<byte> source)
    {
        lock (_remoteLock) Set(_remote.Latch(new PeerAddress(source)));
        _fromPrevious = 0;
        Interlocked.Increment(ref _latches);
    }

    /// <summary>From now on this address is the peer, whatever was described: ICE has found it (RFC 8445 §8.1.1). Callable from any thread.</summary>
    public void Nominate(PeerAddress address)
    {
        lock (_remoteLock)
        {
            if (_remote.IsLatched && _remote.Current!.Is(address.Bytes) && _remote.Target is not null) return;
            Set(new RemoteState(address, address, address, IsLatched: true, Previous: null));
        }

        Interlocked.Increment(ref _latches);
    }

    /// <summary>Sends to where the peer is now. On any thread.</summary>
    public SendResult Send(ReadOnlySpan<byte> packet)
    {
        if (Volatile.Read(ref _target) is not 0 and var key)
        {
            var address = stackalloc ulong[2] { key, 0 };
            return SendTo(packet, new ReadOnlySpan<byte>(address, PeerAddress.LengthV4));
        }

        return Volatile.Read(ref _remote).Target is { } target ? SendTo(packet, target.Bytes) : SendResult.Nowhere;
    }

    /// <param name="target">A <c>struct sockaddr</c>.</param>
    public SendResult SendTo(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> target)
    {
        fixed (byte* data = datagram)
        fixed (byte* address = target)
        {
            return Libc.sendto(_descriptor, data, (nuint)datagram.Length, Libc.MSG_DONTWAIT, address, (uint)target.Length) < 0 ? SendResult.Failed : SendResult.Sent;
        }
    }

    private void Set(RemoteState remote)
    {
        Volatile.Write(ref _remote, remote);
        Volatile.Write(ref _peer, remote.IsLatched ? remote.Current!.KeyV4() : 0);
        Volatile.Write(ref _target, remote.Target?.KeyV4() ?? 0);
    }
}
