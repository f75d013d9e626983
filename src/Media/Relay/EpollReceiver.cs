using System.Runtime.InteropServices;

namespace Telephony.Media.Relay;

/// <summary>Receives by epoll and a call for each datagram: works on every Linux.</summary>
internal sealed unsafe class EpollReceiver : DatagramReceiver
{
    private const int MaxEvents = 256;

    private readonly int _epoll = Libc.Checked(Libc.epoll_create1(Libc.EPOLL_CLOEXEC));
    private readonly byte* _buffer = (byte*)NativeMemory.AlignedAlloc(MediaThread.MaxDatagram + MediaThread.Slack, 64);
    private readonly byte* _events = (byte*)NativeMemory.AlignedAlloc((nuint)(MaxEvents * Libc.EpollEventSize), 64);

    public EpollReceiver() => Control(Libc.EPOLL_CTL_ADD, Event, data: 0);

    public override void Add(MediaChannel channel)
    {
        channel.ReceiverData = GCHandle<MediaChannel>.ToIntPtr(new GCHandle<MediaChannel>(channel));
        Control(Libc.EPOLL_CTL_ADD, channel.Descriptor, channel.ReceiverData);
    }

    public override void Remove(MediaChannel channel) => Control(Libc.EPOLL_CTL_DEL, channel.Descriptor, data: 0);

    public override void Free(MediaChannel channel)
    {
        GCHandle<MediaChannel>.FromIntPtr(channel.ReceiverData).Dispose();
        channel.ReceiverData = 0;
    }

    public override void Receive(MediaThread thread)
    {
        var count = Libc.epoll_wait(_epoll, _events, MaxEvents, -1);
        thread.Look();
        for (var i = 0; i < count; i++)
        {
            var data = Marshal.ReadIntPtr((nint)(_events + (i * Libc.EpollEventSize) + Libc.EpollDataOffset));
            if (data == 0) TakeWake();
            else Receive(GCHandle<MediaChannel>.FromIntPtr(data).Target, thread);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _ = Libc.close(_epoll);
        NativeMemory.AlignedFree(_events);
        NativeMemory.AlignedFree(_buffer);
    }

    // one datagram an event: a phone sends one each 20 ms, and what is left is told again
    private void Receive(MediaChannel channel, MediaThread thread)
    {
        var source = stackalloc byte[PeerAddress.MaxLength];
        uint sourceLength = PeerAddress.MaxLength;
        var length = Libc.recvfrom(channel.Descriptor, _buffer, MediaThread.MaxDatagram, Libc.MSG_DONTWAIT | Libc.MSG_TRUNC, source, &sourceLength);
        if (length < 0) return; // nothing there after all (a wrong checksum), or the socket's pending error, now taken
        channel.OnDatagram(new Span<byte>(_buffer, MediaThread.MaxDatagram + MediaThread.Slack), (int)length, new ReadOnlySpan<byte>(source, (int)sourceLength), thread);
    }

    private void Control(int operation, int descriptor, nint data)
    {
        var e = stackalloc byte[16];
        *(uint*)e = Libc.EPOLLIN;
        Marshal.WriteIntPtr((nint)(e + Libc.EpollDataOffset), data);
        Libc.Checked(Libc.epoll_ctl(_epoll, operation, descriptor, e));
    }
}
