using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Telephony.Sip;

/// <summary>
/// SipHash-2-4 with 128 bits (Aumasson and Bernstein, 2012), under a key of this process: nobody outside can make two messages collide. For table keys
/// of several parts, without strings.
/// </summary>
internal ref struct SipHash
{
    private static readonly ulong K0 = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
    private static readonly ulong K1 = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    private ulong _v0, _v1, _v2, _v3;

    public SipHash() : this(K0, K1)
    {
    }

    internal SipHash(ulong k0, ulong k1)
    {
        _v0 = k0 ^ 0x736f6d6570736575;
        _v1 = k1 ^ 0x646f72616e646f6d ^ 0xee;
        _v2 = k0 ^ 0x6c7967656e657261;
        _v3 = k1 ^ 0x7465646279746573;
    }

    /// <summary>Adds a part. Each is padded with its length, so that parts do not run together.</summary>
    public void Add(scoped ReadOnlySpan<byte> part)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(part);
        foreach (var word in words) Compress(BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));

        var last = (ulong)part.Length << 56;
        var tail = part[(words.Length * 8)..];
        for (var at = 0; at < tail.Length; at++) last |= (ulong)tail[at] << (8 * at);
        Compress(last);
    }

    /// <summary>Adds a number, as its bytes.</summary>
    public void Add(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        Add(bytes);
    }

    public UInt128 Finish()
    {
        _v2 ^= 0xee;
        for (var round = 0; round < 4; round++) Round();
        var low = _v0 ^ _v1 ^ _v2 ^ _v3;
        _v1 ^= 0xdd;
        for (var round = 0; round < 4; round++) Round();
        return new(_v0 ^ _v1 ^ _v2 ^ _v3, low);
    }

    private void Compress(ulong word)
    {
        _v3 ^= word;
        Round();
        Round();
        _v0 ^= word;
    }

    private void Round()
    {
        _v0 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
        _v0 = BitOperations.RotateLeft(_v0, 32);
        _v2 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
        _v0 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
        _v2 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
        _v2 = BitOperations.RotateLeft(_v2, 32);
    }
}
