using System.Runtime.InteropServices;

namespace Telephony.Media.Relay;

/// <summary>
/// Packets on their way from the packet thread of a leg to the one thread that works with them (decodes, records). One writer, one reader, bounded, no lock, no
/// allocation after construction: what does not fit is dropped by the writer, who counts it.
/// </summary>
/// <param name="capacity">In bytes, a power of two: 16 KiB are some 80 packets of G.711, well over a second.</param>
internal sealed class PacketRing(int capacity = 16 * 1024)
{
    private const int HeadLength = 16; // length (4, negative: go on at the start), unused (4), arrival (8)

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);
    private readonly int _mask = capacity - 1;
    private long _written; // by the writer
    private long _read; // by the reader

    /// <summary>Nothing is there. On the reader's thread.</summary>
    public bool IsEmpty => Volatile.Read(ref _written) == _read;

    /// <summary>Copies a packet in. False: there is no room. On the writer's thread.</summary>
    /// <param name="arrival">The time provider's timestamp of its arrival.</param>
    public bool TryWrite(ReadOnlySpan<byte> packet, long arrival)
    {
        var size = (HeadLength + packet.Length + 15) & ~15;
        var at = (int)_written & _mask;
        var skipped = at + size > _bytes.Length ? _bytes.Length - at : 0; // a packet lies in one piece
        if (_written + skipped + size - Volatile.Read(ref _read) > _bytes.Length) return false;
        if (skipped > 0)
        {
            WriteHead(at, -skipped, 0);
            at = 0;
        }

        WriteHead(at, packet.Length, arrival);
        packet.CopyTo(_bytes.AsSpan(at + HeadLength));
        Volatile.Write(ref _written, _written + skipped + size);
        return true;
    }

    /// <summary>The oldest packet, valid until <see cref="Advance"/>. False: nothing is there. On the reader's thread.</summary>
    public bool TryPeek(out Span<byte> packet, out long arrival)
    {
        packet = default;
        arrival = 0;
        if (Volatile.Read(ref _written) == _read) return false;
        var at = (int)_read & _mask;
        var length = MemoryMarshal.Read<int>(_bytes.AsSpan(at));
        if (length < 0)
        {
            _read -= length; // the writer sees it with the next packet taken
            at = 0;
            length = MemoryMarshal.Read<int>(_bytes);
        }

        arrival = MemoryMarshal.Read<long>(_bytes.AsSpan(at + 8));
        packet = _bytes.AsSpan(at + HeadLength, length);
        return true;
    }

    /// <summary>Frees the packet that <see cref="TryPeek"/> gave. On the reader's thread.</summary>
    public void Advance()
    {
        var length = MemoryMarshal.Read<int>(_bytes.AsSpan((int)_read & _mask));
        Volatile.Write(ref _read, _read + ((HeadLength + length + 15) & ~15));
    }

    private void WriteHead(int at, int length, long arrival)
    {
        MemoryMarshal.Write(_bytes.AsSpan(at), length);
        MemoryMarshal.Write(_bytes.AsSpan(at + 8), arrival);
    }
}
