using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Telephony.Media.Relay;

/// <summary>
/// A thread that waits for its sockets (epoll) and moves their packets. Nothing on its way takes a lock or allocates. What others change while it runs (routes,
/// addresses) it reads as whole objects; what they take away they may only free after it has been <see cref="Post">asked to pass by</see>.
/// </summary>
internal sealed unsafe class MediaThread : IQuiescent
{
    /// <summary>The longest datagram that is relayed, and what a packet may grow by on its way (SRTP's tag, RFC 3711 §3.1).</summary>
    public const int MaxDatagram = 2048, Slack = 64;

    /// <summary>A second has so many ticks; in each a part of the legs has its turn.</summary>
    public const int TicksPerSecond = 10;

    private const int MaxEvents = 256;

    private readonly TimeProvider _time;
    private readonly byte[] _copy = GC.AllocateUninitializedArray<byte>(MaxDatagram + Slack);
    private readonly int _epoll;
    private readonly int _wake;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<Quiescence> _waiting = new();
    private readonly ConcurrentQueue<(MediaLeg Leg, bool Joins)> _changes = new();
    private readonly List<MediaLeg>[] _slices = [.. Enumerable.Range(0, TicksPerSecond).Select(_ => new List<MediaLeg>())];
    private int _nextSlice, _tick, _ticksDue;
    private int _isWoken;
    private volatile bool _isStopping;
    private volatile bool _hasEnded;

    public MediaThread(int number, TimeProvider time)
    {
        _time = time;
        _epoll = Checked(Libc.epoll_create1(Libc.EPOLL_CLOEXEC));
        _wake = Checked(Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC));
        Control(Libc.EPOLL_CTL_ADD, _wake, data: 0);
        _thread = new Thread(Run) { Name = $"media {number}", IsBackground = true };
        _thread.Start();
    }

    public Traffic Traffic { get; } = new();

    /// <summary>The time provider's timestamp of when the thread last looked: of the packet that it is working on. On this thread.</summary>
    public long Now { get; private set; }

    /// <summary>A packet once more, for a second listener, with <see cref="Slack"/> behind it; until the next one is asked for. On this thread.</summary>
    public Span<byte> Copy(ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(_copy);
        return _copy;
    }

    /// <summary>Starts to receive from this channel.</summary>
    public void Add(MediaChannel channel, out GCHandle<MediaChannel> handle)
    {
        handle = new GCHandle<MediaChannel>(channel);
        Control(Libc.EPOLL_CTL_ADD, channel.Descriptor, GCHandle<MediaChannel>.ToIntPtr(handle));
    }

    /// <summary>Stops to receive from this channel. It may still be in use until the thread has passed by; only then free its handle and its socket.</summary>
    public void Remove(MediaChannel channel) => Control(Libc.EPOLL_CTL_DEL, channel.Descriptor, data: 0);

    /// <summary>From now on the leg has its turn each second (<see cref="MediaLeg.EachSecond"/>).</summary>
    public void Join(MediaLeg leg) => _changes.Enqueue((leg, true));

    /// <summary>When the thread has passed by, the leg has no turn any more.</summary>
    public void Leave(MediaLeg leg) => _changes.Enqueue((leg, false));

    /// <summary>A tenth of a second is over. Callable from any thread.</summary>
    public void Tick()
    {
        Interlocked.Increment(ref _ticksDue);
        if (Interlocked.Exchange(ref _isWoken, 1) == 0) Wake();
    }

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

    private void Run()
    {
        var buffer = (byte*)NativeMemory.AlignedAlloc(MaxDatagram + Slack, 64);
        var events = (byte*)NativeMemory.AlignedAlloc((nuint)(MaxEvents * Libc.EpollEventSize), 64);
        while (!_isStopping)
        {
            var count = Libc.epoll_wait(_epoll, events, MaxEvents, -1);
            Now = _time.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                var data = Marshal.ReadIntPtr((nint)(events + (i * Libc.EpollEventSize) + Libc.EpollDataOffset));
                if (data == 0) TakeWake();
                else Receive(GCHandle<MediaChannel>.FromIntPtr(data).Target, buffer);
            }

            if (Volatile.Read(ref _isWoken) != 0)
            {
                Interlocked.Exchange(ref _isWoken, 0);
                TakeTurns();
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
        channel.OnDatagram(new Span<byte>(buffer, MaxDatagram + Slack), (int)length, new ReadOnlySpan<byte>(source, (int)sourceLength), this);
    }

    private void TakeTurns()
    {
        while (_changes.TryDequeue(out var change))
        {
            if (change.Joins) (change.Leg.Slice = _slices[_nextSlice++ % TicksPerSecond]).Add(change.Leg);
            else change.Leg.Slice!.Remove(change.Leg);
        }

        for (var due = Interlocked.Exchange(ref _ticksDue, 0); due > 0; due--)
        {
            foreach (var leg in _slices[_tick++ % TicksPerSecond]) leg.EachSecond(this);
        }
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
