using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Telephony.Sip;

/// <summary>An entry of a <see cref="FixedTable{T}"/>.</summary>
internal interface IRemembered
{
    /// <summary>0: nothing is here.</summary>
    ulong Key { get; set; }

    /// <summary>Until when it matters, in ticks: who matters least gives way.</summary>
    long WorthUntil { get; }
}

/// <summary>A table that never grows: a key has eight places, and the entry among them that matters least gives way. Where keys meet is not to be foreseen from outside.</summary>
internal sealed class FixedTable<T>(int capacity)
    where T : struct, IRemembered
{
    private const int Ways = 8;

    private readonly T[] _entries = new T[BitOperations.RoundUpToPowerOf2((uint)Math.Max(Ways, capacity))];
    private readonly ulong _seed = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(8)) | 1;
    private readonly Lock[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    /// <summary>All entries, for a rough count without locks.</summary>
    public ReadOnlySpan<T> Entries => _entries;

    /// <summary>To be held around <see cref="Find"/> and <see cref="Get"/>, and while their entry is used.</summary>
    public Lock LockOf(ulong key) => _locks[First(key) / Ways % _locks.Length];

    /// <summary>The entry of a key; a null reference when there is none.</summary>
    public ref T Find(ulong key)
    {
        foreach (ref var entry in _entries.AsSpan(First(key), Ways))
        {
            if (entry.Key == key) return ref entry;
        }

        return ref System.Runtime.CompilerServices.Unsafe.NullRef<T>();
    }

    /// <summary>The entry of a key, new when there was none.</summary>
    public ref T Get(ulong key)
    {
        ref var least = ref _entries[First(key)];
        foreach (ref var entry in _entries.AsSpan(First(key), Ways))
        {
            if (entry.Key == key) return ref entry;
            if (entry.WorthUntil < least.WorthUntil) least = ref entry;
        }

        least = new T { Key = key };
        return ref least;
    }

    private int First(ulong key) => (int)((key * _seed ^ key * _seed >> 29) * 0x9E3779B97F4A7C15 >> 32) & _entries.Length - 1 & -Ways;
}
