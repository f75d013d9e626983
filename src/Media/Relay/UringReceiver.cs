using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Telephony.Media.Relay;

/// <summary>
/// Receives by io_uring: a request for each socket stays and fills one of the thread's buffers for each datagram, so that one system call takes all that have come.
/// </summary>
internal sealed unsafe class UringReceiver : DatagramReceiver
{
    private const int Buffers = 1024, NameLength = 32, HeadLength = 16 + NameLength; // struct io_uring_recvmsg_out and the source address
    private const int BufferSize = HeadLength + MediaThread.MaxDatagram + MediaThread.Slack;
    private const int TruncatedFlag = 0x20, MaxCancelTries = 100_000;
    private const ulong WakeTag = ulong.MaxValue, CancelTag = ulong.MaxValue - 1;

    private readonly IoUring _ring;
    private readonly byte* _message; // struct msghdr: how long a source address may be
    private readonly ConcurrentQueue<(MediaChannel Channel, bool IsAdded)> _asked = new();
    private readonly List<MediaChannel?> _channels = [];
    private readonly Stack<int> _free = new();
    private int _cancelling;

    private UringReceiver(IoUring ring)
    {
        _ring = ring;
        _message = (byte*)NativeMemory.AllocZeroed(56);
        *(uint*)(_message + 8) = NameLength;
        WatchWake();
    }

    /// <summary>Null: the system doesn't have it, or doesn't let us.</summary>
    public static UringReceiver? TryCreate() =>
        IoUring.TryCreate(entries: 1024, completions: 4096, Buffers, BufferSize) is { } ring ? new UringReceiver(ring) : null;

    public override void Add(MediaChannel channel)
    {
        _asked.Enqueue((channel, true));
        Wake();
    }

    public override void Remove(MediaChannel channel) => _asked.Enqueue((channel, false));

    public override void Free(MediaChannel channel)
    {
    }

    public override void Receive(MediaThread thread)
    {
        _ring.Enter(completions: 1);
        thread.Look();
        TakeCompletions(thread);
        if (!_asked.IsEmpty) Settle(thread);
    }

    public override void Settle(MediaThread thread)
    {
        while (_asked.TryDequeue(out var asked))
        {
            if (asked.IsAdded) Begin(asked.Channel);
            else Cancel(asked.Channel);
        }

        for (var tries = 0; _cancelling > 0 && tries < MaxCancelTries; tries++) // the kernel holds the sockets until their requests have ended
        {
            _ring.Enter(completions: 0);
            TakeCompletions(thread);
        }
    }

    public override void Dispose()
    {
        _ring.Dispose();
        NativeMemory.Free(_message);
        base.Dispose();
    }

    private void TakeCompletions(MediaThread thread)
    {
        while (_ring.TryTake(out var completion))
        {
            if (completion.UserData == WakeTag)
            {
                TakeWake();
                if (!completion.HasMore) WatchWake();
            }
            else if (completion.UserData != CancelTag)
            {
                Take(completion, thread);
            }
        }
    }

    private void Take(in IoUring.Completion completion, MediaThread thread)
    {
        var slot = (int)completion.UserData;
        var channel = _channels[slot];
        if (completion.HasBuffer)
        {
            if (completion.Result >= HeadLength && channel is not null) Hand(channel, _ring.Buffer(completion.BufferId), thread);
            _ring.Return(completion.BufferId);
        }

        if (completion.HasMore) return;
        if (channel is not null)
        {
            Arm(slot, channel); // no buffer was left, or an error of the socket, now taken
            return;
        }

        _cancelling--;
        _free.Push(slot);
    }

    private static void Hand(MediaChannel channel, byte* buffer, MediaThread thread)
    {
        var (nameLength, length, flags) = (*(int*)buffer, *(int*)(buffer + 8), *(int*)(buffer + 12));
        if ((flags & TruncatedFlag) != 0) length = MediaThread.MaxDatagram + 1;
        channel.OnDatagram(
            new Span<byte>(buffer + HeadLength, MediaThread.MaxDatagram + MediaThread.Slack), length,
            new ReadOnlySpan<byte>(buffer + 16, Math.Min(nameLength, PeerAddress.MaxLength)), thread);
    }

    private void Begin(MediaChannel channel)
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _channels.Count;
            _channels.Add(null);
        }

        _channels[slot] = channel;
        channel.ReceiverData = slot;
        Arm(slot, channel);
    }

    private void Cancel(MediaChannel channel)
    {
        _channels[(int)channel.ReceiverData] = null;
        _cancelling++;
        ref var entry = ref _ring.Next();
        (entry.Opcode, entry.Flags, entry.Address, entry.UserData) =
            (IoUring.Submission.AsyncCancel, IoUring.Submission.SkipSuccess, (ulong)channel.ReceiverData, CancelTag);
    }

    private void Arm(int slot, MediaChannel channel)
    {
        ref var entry = ref _ring.Next();
        (entry.Opcode, entry.Flags, entry.Priority) = (IoUring.Submission.ReceiveMessage, IoUring.Submission.BufferSelect, IoUring.Submission.MultishotReceive);
        (entry.Descriptor, entry.Address, entry.Length, entry.UserData) = (channel.Descriptor, (ulong)_message, 1, (ulong)slot);
    }

    private void WatchWake()
    {
        ref var entry = ref _ring.Next();
        (entry.Opcode, entry.Descriptor, entry.OperationFlags, entry.Length, entry.UserData) =
            (IoUring.Submission.PollAdd, Event, Libc.EPOLLIN, 1, WakeTag); // length 1: again and again
    }
}
