namespace Telephony.Sip;

/// <summary>
/// Which counts of which nonces were used (RFC 7616 §3.4, nc), in a table of fixed size. A nonce may be used out of order within 64 counts, since datagrams
/// overtake each other. What the table has to forget is stale from then on, so that nothing can be used twice.
/// </summary>
internal sealed class NonceCounts
{
    private const int Ways = 8;

    private readonly Entry[] _entries;
    private readonly long[] _forgotten; // of each set: nothing made until then is known any more
    private readonly Lock[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    public NonceCounts(int capacity)
    {
        var sets = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, capacity / Ways));
        _entries = new Entry[sets * Ways];
        _forgotten = new long[sets];
    }

    /// <summary>Takes a count once: <see cref="DigestResult.Ok"/>, <see cref="DigestResult.Replayed"/>, or <see cref="DigestResult.Stale"/> when it can't be told any more.</summary>
    public DigestResult Use(long serial, long madeAt, uint count)
    {
        var index = (int)serial & _forgotten.Length - 1; // serials are given one after the other: so all sets fill alike
        lock (_locks[index % _locks.Length])
        {
            var oldest = index * Ways;
            for (var at = index * Ways; at < (index + 1) * Ways; at++)
            {
                ref var entry = ref _entries[at];
                if (entry.IsUsed && entry.Serial == serial) return entry.Take(count) ? DigestResult.Ok : DigestResult.Replayed;
                if (entry.MadeAt < _entries[oldest].MadeAt) oldest = at;
            }

            if (madeAt <= _forgotten[index]) return DigestResult.Stale;
            if (_entries[oldest].IsUsed)
            {
                if (_entries[oldest].MadeAt >= madeAt) return DigestResult.Stale; // older than all that are known: not worth one of them
                _forgotten[index] = Math.Max(_forgotten[index], _entries[oldest].MadeAt);
            }

            _entries[oldest] = new Entry { Serial = serial, MadeAt = madeAt, Highest = count, Seen = 1 };
            return DigestResult.Ok;
        }
    }

    private struct Entry
    {
        public long Serial;
        public long MadeAt;
        public uint Highest;
        public ulong Seen; // bit n: Highest - n was used

        public readonly bool IsUsed => Seen != 0;

        public bool Take(uint count)
        {
            if (count > Highest)
            {
                var by = count - Highest;
                Seen = by < 64 ? Seen << (int)by | 1 : 1;
                Highest = count;
                return true;
            }

            var behind = Highest - count;
            if (behind >= 64 || (Seen & 1ul << (int)behind) != 0) return false;
            Seen |= 1ul << (int)behind;
            return true;
        }
    }
}
