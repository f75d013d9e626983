using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Telephony.Media.Relay;

/// <summary>
/// An io_uring of the kernel with a ring of buffers that it fills by itself (<c>io_uring(7)</c>, since Linux 6.1), by system calls alone. For the thread that made it.
/// The layouts are those of <c>linux/io_uring.h</c>, which are the same on x86-64 and arm64.
/// </summary>
internal sealed unsafe class IoUring : IDisposable
{
    private const int SetupCall = 425, EnterCall = 426, RegisterCall = 427;
    private const uint CqSize = 1 << 3, SubmitAll = 1 << 7, SingleIssuer = 1 << 12, DeferTaskRun = 1 << 13;
    private const long EntriesOffset = 0x1000_0000; // of the submissions; the rings are at 0
    private const int RegisterBufferRing = 22;
    private const uint GetEvents = 1;

    private readonly int _descriptor;
    private readonly byte* _ring, _bufferRing, _buffers;
    private readonly nuint _ringLength, _entriesLength, _buffersLength;
    private readonly Submission* _entries;
    private readonly uint* _submitTail, _submitArray, _completeHead, _completeTail;
    private readonly uint _submitMask, _completeMask;
    private readonly Completion* _completions;
    private readonly int _bufferSize, _bufferCount;
    private uint _tail, _pending;
    private ushort _bufferTail;

    private IoUring(int descriptor, in Parameters p, int bufferCount, int bufferSize)
    {
        (_descriptor, _bufferCount, _bufferSize) = (descriptor, bufferCount, bufferSize);
        _ringLength = Math.Max(p.SubmitOffsets.Array + (p.SubmitEntries * sizeof(uint)), p.CompleteOffsets.Completions + (p.CompleteEntries * (uint)sizeof(Completion)));
        _entriesLength = p.SubmitEntries * (nuint)sizeof(Submission);
        _buffersLength = (nuint)(bufferCount * (bufferSize + BufferEntry));
        _ring = Map(_ringLength, descriptor, 0);
        _entries = (Submission*)Map(_entriesLength, descriptor, EntriesOffset);
        _bufferRing = Map(_buffersLength, -1, 0);
        _buffers = _bufferRing + (bufferCount * BufferEntry);
        _submitTail = (uint*)(_ring + p.SubmitOffsets.Tail);
        _submitArray = (uint*)(_ring + p.SubmitOffsets.Array);
        _submitMask = *(uint*)(_ring + p.SubmitOffsets.RingMask);
        _completeHead = (uint*)(_ring + p.CompleteOffsets.Head);
        _completeTail = (uint*)(_ring + p.CompleteOffsets.Tail);
        _completeMask = *(uint*)(_ring + p.CompleteOffsets.RingMask);
        _completions = (Completion*)(_ring + p.CompleteOffsets.Completions);
    }

    private const int BufferEntry = 16;

    /// <summary>Null: the system doesn't have it, or doesn't let us.</summary>
    /// <param name="bufferCount">A power of two.</param>
    public static IoUring? TryCreate(uint entries, uint completions, int bufferCount, int bufferSize)
    {
        var p = new Parameters { Flags = CqSize | SubmitAll | SingleIssuer | DeferTaskRun, CompleteEntries = completions };
        var descriptor = (int)Libc.syscall(SetupCall, (nint)entries, (nint)(&p), 0, 0, 0, 0);
        if (descriptor < 0) return null;

        var ring = new IoUring(descriptor, p, bufferCount, bufferSize);
        if (ring.TryRegisterBuffers()) return ring;
        ring.Dispose();
        return null;
    }

    /// <summary>The next submission, cleared.</summary>
    public ref Submission Next()
    {
        if (_pending > _submitMask) Enter(0);
        var index = _tail++ & _submitMask;
        _submitArray[index] = index;
        _pending++;
        ref var entry = ref _entries[index];
        entry = default;
        return ref entry;
    }

    /// <summary>Submits what is pending and waits until as many completions are there.</summary>
    public void Enter(uint completions)
    {
        Volatile.Write(ref *_submitTail, _tail);
        _ = Libc.syscall(EnterCall, _descriptor, (nint)_pending, (nint)completions, (nint)GetEvents, 0, 0);
        _pending = 0;
    }

    /// <summary>Takes the oldest completion. False: none is there.</summary>
    public bool TryTake(out Completion completion)
    {
        var head = *_completeHead;
        if (head == Volatile.Read(ref *_completeTail))
        {
            completion = default;
            return false;
        }

        completion = _completions[head & _completeMask];
        Volatile.Write(ref *_completeHead, head + 1);
        return true;
    }

    public byte* Buffer(int id) => _buffers + (id * (nint)_bufferSize);

    /// <summary>Gives a buffer back to the kernel.</summary>
    public void Return(int id)
    {
        var entry = _bufferRing + ((_bufferTail++ & (_bufferCount - 1)) * BufferEntry);
        *(ulong*)entry = (ulong)Buffer(id);
        *(uint*)(entry + 8) = (uint)_bufferSize;
        *(ushort*)(entry + 12) = (ushort)id;
        Volatile.Write(ref *(ushort*)(_bufferRing + 14), _bufferTail); // the first entry's unused field is the ring's tail
    }

    public void Dispose()
    {
        _ = Libc.close(_descriptor);
        _ = Libc.munmap(_ring, _ringLength);
        _ = Libc.munmap(_entries, _entriesLength);
        _ = Libc.munmap(_bufferRing, _buffersLength);
    }

    private bool TryRegisterBuffers()
    {
        var registration = stackalloc ulong[5] { (ulong)_bufferRing, (uint)_bufferCount, 0, 0, 0 }; // group 0
        if (Libc.syscall(RegisterCall, _descriptor, RegisterBufferRing, (nint)registration, 1, 0, 0) != 0) return false;
        for (var id = 0; id < _bufferCount; id++) Return(id);
        return true;
    }

    private static byte* Map(nuint length, int descriptor, long offset)
    {
        const int ReadWrite = 3, Shared = 1, Private = 2, Anonymous = 0x20;
        var address = Libc.mmap(null, length, ReadWrite, descriptor < 0 ? Private | Anonymous : Shared, descriptor, offset);
        return (nint)address == -1 ? throw new Win32Exception(Marshal.GetLastPInvokeError()) : (byte*)address;
    }

    /// <summary><c>struct io_uring_sqe</c>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct Submission
    {
        public const byte PollAdd = 6, ReceiveMessage = 10, AsyncCancel = 14;
        public const byte BufferSelect = 1 << 5, SkipSuccess = 1 << 6;
        public const ushort MultishotReceive = 1 << 1;

        [FieldOffset(0)]
        public byte Opcode;

        [FieldOffset(1)]
        public byte Flags;

        [FieldOffset(2)]
        public ushort Priority;

        [FieldOffset(4)]
        public int Descriptor;

        [FieldOffset(16)]
        public ulong Address;

        [FieldOffset(24)]
        public uint Length;

        [FieldOffset(28)]
        public uint OperationFlags;

        [FieldOffset(32)]
        public ulong UserData;

        [FieldOffset(40)]
        public ushort BufferGroup;
    }

    /// <summary><c>struct io_uring_cqe</c>.</summary>
    public struct Completion
    {
        private const uint HasBufferFlag = 1, MoreFlag = 2;

        public ulong UserData;
        public int Result;
        public uint Flags;

        /// <summary>The request goes on.</summary>
        public readonly bool HasMore => (Flags & MoreFlag) != 0;

        public readonly bool HasBuffer => (Flags & HasBufferFlag) != 0;

        public readonly int BufferId => (int)(Flags >> 16);
    }

    // struct io_uring_params
    private struct Parameters
    {
        public uint SubmitEntries, CompleteEntries, Flags, ThreadCpu, ThreadIdle, Features, WorkQueue;
        private Reserved _reserved;
        public Submissions SubmitOffsets;
        public CompletionOffsets CompleteOffsets;
    }

    private struct Submissions
    {
        public uint Head, Tail, RingMask, RingEntries, Flags, Dropped, Array, Reserved;
        public ulong UserAddress;
    }

    private struct CompletionOffsets
    {
        public uint Head, Tail, RingMask, RingEntries, Overflow, Completions, Flags, Reserved;
        public ulong UserAddress;
    }

    [InlineArray(3)]
    private struct Reserved
    {
        private uint _first;
    }
}
