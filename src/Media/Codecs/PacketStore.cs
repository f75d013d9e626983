namespace Telephony.Media.Codecs;

/// <summary>
/// The packets of one source that wait, by their extended sequence numbers. Bounded: <see cref="Capacity"/> packets within <see cref="Window"/> numbers. Slots that were used last
/// are used again first, so that a quiet stream touches little memory.
/// </summary>
internal sealed class PacketStore
{
    public const int Capacity = 40, MaxPayload = 2000, Window = 128; // 80,000 bytes: below what the large object heap takes

    private readonly byte[] _payloads = new byte[Capacity * MaxPayload];
    private readonly Packet[] _packets = new Packet[Capacity];
    private readonly int[] _slotOf = new int[Window]; // by sequence; -1: not there
    private readonly long[] _seen = new long[Window]; // by sequence: the last one that came
    private readonly int[] _free = new int[Capacity];
    private int _freeCount;

    public PacketStore() => Clear();

    /// <summary>A packet's head, with sequence and timestamp extended over their wraps.</summary>
    public readonly record struct Packet(long Sequence, long Timestamp, bool Marker, PacketKind Kind, int Length);

    public int Count => Capacity - _freeCount;

    /// <summary>The highest sequence that has come.</summary>
    public long Highest { get; private set; }

    public void Clear()
    {
        Array.Fill(_slotOf, -1);
        Array.Fill(_seen, -1);
        for (var i = 0; i < Capacity; i++) _free[i] = Capacity - 1 - i;
        (_freeCount, Highest) = (Capacity, -1);
    }

    public bool HasSeen(long sequence) => _seen[Index(sequence)] == sequence;

    /// <summary>Keeps a packet. There must be room, and its number within the window of all others.</summary>
    public void Add(in Packet packet, ReadOnlySpan<byte> payload)
    {
        var slot = _free[--_freeCount];
        _packets[slot] = packet;
        payload.CopyTo(_payloads.AsSpan(slot * MaxPayload, MaxPayload));
        _slotOf[Index(packet.Sequence)] = slot;
        _seen[Index(packet.Sequence)] = packet.Sequence;
        Highest = Math.Max(Highest, packet.Sequence);
    }

    /// <summary>The first packet that is there from this number on; false: none.</summary>
    public bool TryFirst(long from, out Packet packet)
    {
        packet = default;
        if (Count == 0) return false;
        for (var sequence = from; sequence <= Highest; sequence++)
        {
            if (_slotOf[Index(sequence)] is var slot && slot >= 0)
            {
                packet = _packets[slot];
                return true;
            }
        }

        return false;
    }

    public ReadOnlySpan<byte> Payload(in Packet packet) => _payloads.AsSpan(_slotOf[Index(packet.Sequence)] * MaxPayload, packet.Length);

    public void Remove(in Packet packet)
    {
        ref var slot = ref _slotOf[Index(packet.Sequence)];
        _free[_freeCount++] = slot;
        slot = -1;
    }

    private static int Index(long sequence) => (int)(sequence & (Window - 1));
}
