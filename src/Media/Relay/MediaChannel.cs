namespace Telephony.Media.Relay;

/// <summary>One of a leg's two sockets, for RTP or RTCP, and its peer's address behind it.</summary>
internal sealed unsafe class MediaChannel
{
    // What a packet needs comes first and fits in a cache line: with thousands of legs, memory is what costs time here.
    // An IPv4 address and port are 8 bytes, so they can be read and replaced at once; 0: ask _remote.
    private readonly int _descriptor;
    private ulong _peer;
    private ulong _target;
    private readonly LegTransport _transport;

    private RemoteState _remote = RemoteState.Unknown;
    private readonly Lock _remoteLock = new(); // over changes of the three
    private long _latches;

    public MediaChannel(UdpSocket socket, LegTransport transport)
    {
        _descriptor = socket.Descriptor;
        _transport = transport;
    }

    public int Descriptor => _descriptor;

    /// <summary>What the receiver finds the channel by.</summary>
    public nint ReceiverData { get; set; }

    /// <summary>How often a source was taken for the peer anew.</summary>
    public long Latches => Volatile.Read(ref _latches);

    /// <summary>Takes the address of a new description; see <see cref="RemoteState.Describe"/>. Callable from any thread.</summary>
    public void Describe(PeerAddress? described)
    {
        lock (_remoteLock) Set(_remote.Describe(described));
    }

    /// <summary>On its thread, as all below but the sending.</summary>
    public void OnDatagram(Span<byte> buffer, int length, ReadOnlySpan<byte> source, MediaThread thread) => _transport.OnDatagram(this, buffer, length, source, thread);

    public RemoteState Remote => Volatile.Read(ref _remote);

    /// <summary>Whether this is surely where the peer sends from; when not, ask further.</summary>
    public bool IsKnownPeer(ReadOnlySpan<byte> source) => source.Length == PeerAddress.LengthV4 && PeerAddress.KeyV4(source) == Volatile.Read(ref _peer);

    /// <summary>Whether packets go there.</summary>
    public bool IsTarget(ReadOnlySpan<byte> source) => Remote.Current is { } current && current.Is(source);

    /// <summary>From now on this source is the peer.</summary>
    public void Latch(ReadOnlySpan<byte> source)
    {
        lock (_remoteLock) Set(_remote.Latch(new PeerAddress(source)));
        Interlocked.Increment(ref _latches);
    }

    /// <summary>The source is the peer until it is silent for long: its packets need no further look.</summary>
    public void SetFirm()
    {
        lock (_remoteLock)
        {
            if (_remote.IsLatched) Volatile.Write(ref _peer, _remote.Current!.KeyV4());
        }
    }

    /// <summary>The peer's RTP comes from another host than was described: this goes there as well, until something is heard.</summary>
    public void Follow(PeerAddress described)
    {
        lock (_remoteLock) Set(new RemoteState(described, described, _remote.Target is null ? null : described, IsLatched: false, Previous: null));
    }

    /// <summary>From now on this address is the peer, whatever was described: ICE has found it (RFC 8445 §8.1.1). Callable from any thread.</summary>
    public void Nominate(PeerAddress address)
    {
        lock (_remoteLock)
        {
            if (_remote.IsLatched && _remote.Current!.Is(address.Bytes) && _remote.Target is not null) return;
            Set(new RemoteState(address, address, address, IsLatched: true, Previous: null));
        }

        SetFirm();
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
        Volatile.Write(ref _peer, 0);
        Volatile.Write(ref _target, remote.Target?.KeyV4() ?? 0);
    }
}
