using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Telephony.Media.Relay;

/// <summary>
/// A thread that waits for its sockets (epoll) and moves their packets. Nothing on its way takes a lock or allocates. What others change while it runs (routes,
/// addresses) it reads as whole objects; what they take away they may only free after it has been <see cref="Post">asked to pass by</see>.
/// </summary>
internal sealed unsafe class MediaThread
{
    /// <summary>The longest datagram that is relayed.</summary>
    public const int MaxDatagram = 2048;

    private const int MaxEvents = 256;

    private readonly int _epoll;
    private readonly int _wake;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<Quiescence> _waiting = new();
    private int _isWoken;
    private volatile bool _isStopping;
    private volatile bool _hasEnded;

    // written on this thread, read by any
    public long Malformed, Strangers, Unsent;
    private long _packetsReceived, _bytesReceived, _packetsSent, _bytesSent;

    public MediaThread(int number)
    {
        _epoll = Checked(Libc.epoll_create1(Libc.EPOLL_CLOEXEC));
        _wake = Checked(Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC));
        Control(Libc.EPOLL_CTL_ADD, _wake, data: 0);
        _thread = new Thread(Run) { Name = $"media {number}", IsBackground = true };
        _thread.Start();
    }

    public long PacketsReceived => Volatile.Read(ref _packetsReceived);

    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    public long PacketsSent => Volatile.Read(ref _packetsSent);

    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Starts to receive from this channel.</summary>
    public void Add(MediaChannel channel, out GCHandle<MediaChannel> handle)
    {
        handle = new GCHandle<MediaChannel>(channel);
        Control(Libc.EPOLL_CTL_ADD, channel.Descriptor, GCHandle<MediaChannel>.ToIntPtr(handle));
    }

    /// <summary>Stops to receive from this channel. It may still be in use until the thread has passed by; only then free its handle and its socket.</summary>
    public void Remove(MediaChannel channel) => Control(Libc.EPOLL_CTL_DEL, channel.Descriptor, data: 0);

    /// <summary>Asks the thread to say so when it has finished what it may be doing now.</summary>
    public void Post(Quiescence quiescence)
    {
        _waiting.Enqueue(quiescence);
        if (_hasEnded) Pass();
        else if (Interlocked.Exchange(ref _isWoken, 1) == 0) Wake();
    }

    public void Stop()
    {
        _isStopping = true;
        Wake();
        _thread.Join();
        _ = Libc.close(_wake);
        _ = Libc.close(_epoll);
    }

    public void Received(int bytes)
    {
        _packetsReceived++;
        _bytesReceived += bytes;
    }

    public void Sent(int bytes)
    {
        _packetsSent++;
        _bytesSent += bytes;
    }

    private void Run()
    {
        var buffer = (byte*)NativeMemory.AlignedAlloc(MaxDatagram, 64);
        var events = (byte*)NativeMemory.AlignedAlloc((nuint)(MaxEvents * Libc.EpollEventSize), 64);
        while (!_isStopping)
        {
            var count = Libc.epoll_wait(_epoll, events, MaxEvents, -1);
            for (var i = 0; i < count; i++)
            {
                var data = Marshal.ReadIntPtr((nint)(events + (i * Libc.EpollEventSize) + Libc.EpollDataOffset));
                if (data == 0) TakeWake();
                else Receive(GCHandle<MediaChannel>.FromIntPtr(data).Target, buffer);
            }

            if (Volatile.Read(ref _isWoken) != 0)
            {
                Interlocked.Exchange(ref _isWoken, 0);
                Pass();
            }
        }

        _hasEnded = true;
        Interlocked.MemoryBarrier();
        Pass();
        NativeMemory.AlignedFree(events);
        NativeMemory.AlignedFree(buffer);
    }

    // one datagram an event: a phone sends one each 20 ms, and what is left is told again
    private void Receive(MediaChannel channel, byte* buffer)
    {
        var source = stackalloc byte[PeerAddress.MaxLength];
        uint sourceLength = PeerAddress.MaxLength;
        var length = Libc.recvfrom(channel.Descriptor, buffer, MaxDatagram, Libc.MSG_DONTWAIT | Libc.MSG_TRUNC, source, &sourceLength);
        if (length < 0) return; // nothing there after all (a wrong checksum), or the socket's pending error, now taken
        var isTruncated = length > MaxDatagram;
        channel.OnDatagram(new ReadOnlySpan<byte>(buffer, isTruncated ? MaxDatagram : (int)length), isTruncated, new ReadOnlySpan<byte>(source, (int)sourceLength), this);
    }

    private void Pass()
    {
        while (_waiting.TryDequeue(out var quiescence)) quiescence.Pass();
    }

    private void Wake()
    {
        var one = 1UL;
        _ = Libc.write(_wake, &one, sizeof(ulong));
    }

    private void TakeWake()
    {
        ulong count;
        _ = Libc.read(_wake, &count, sizeof(ulong));
    }

    private void Control(int operation, int descriptor, nint data)
    {
        var e = stackalloc byte[16];
        *(uint*)e = Libc.EPOLLIN;
        Marshal.WriteIntPtr((nint)(e + Libc.EpollDataOffset), data);
        Checked(Libc.epoll_ctl(_epoll, operation, descriptor, e));
    }

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());
}
