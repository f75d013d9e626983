using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Telephony.Sip;

/// <summary>
/// MD5 (RFC 1321) of what digest authentication hashes: a few hundred bytes at most, a hundred thousand times a second. The platform's takes longer to begin than
/// to hash them.
/// </summary>
internal static class Md5
{
    public const int HashSize = 16;
    private const int Block = 64;

    // RFC 1321 §3.4: 2^32 times the sine of 1 to 64, in four rounds
    private static readonly uint[] Sines =
    [
        0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
        0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
        0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
        0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
        0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
        0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
        0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
        0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
    ];

    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Span<uint> state = stackalloc uint[4];
        (state[0], state[1], state[2], state[3]) = (0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
        var length = (ulong)data.Length * 8;
        for (; data.Length >= Block; data = data[Block..]) Mix(state, data);

        Span<byte> last = stackalloc byte[2 * Block];
        last.Clear();
        data.CopyTo(last);
        last[data.Length] = 0x80;
        var end = data.Length < Block - 8 ? Block : 2 * Block;
        BinaryPrimitives.WriteUInt64LittleEndian(last[(end - 8)..], length);
        Mix(state, last);
        if (end > Block) Mix(state, last[Block..]);
        for (var word = 0; word < 4; word++) BinaryPrimitives.WriteUInt32LittleEndian(hash[(word * 4)..], state[word]);
    }

    private static void Mix(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[16];
        MemoryMarshal.Cast<byte, uint>(block[..Block]).CopyTo(words);
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(words, words);

        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        for (var at = 0; at < 16; at += 4)
        {
            Step(ref a, b, (b & c) | (~b & d), words[at], Sines[at], 7);
            Step(ref d, a, (a & b) | (~a & c), words[at + 1], Sines[at + 1], 12);
            Step(ref c, d, (d & a) | (~d & b), words[at + 2], Sines[at + 2], 17);
            Step(ref b, c, (c & d) | (~c & a), words[at + 3], Sines[at + 3], 22);
        }

        for (var at = 16; at < 32; at += 4)
        {
            Step(ref a, b, (d & b) | (~d & c), words[(5 * at + 1) & 15], Sines[at], 5);
            Step(ref d, a, (c & a) | (~c & b), words[(5 * at + 6) & 15], Sines[at + 1], 9);
            Step(ref c, d, (b & d) | (~b & a), words[(5 * at + 11) & 15], Sines[at + 2], 14);
            Step(ref b, c, (a & c) | (~a & d), words[(5 * at) & 15], Sines[at + 3], 20);
        }

        for (var at = 32; at < 48; at += 4)
        {
            Step(ref a, b, b ^ c ^ d, words[(3 * at + 5) & 15], Sines[at], 4);
            Step(ref d, a, a ^ b ^ c, words[(3 * at + 8) & 15], Sines[at + 1], 11);
            Step(ref c, d, d ^ a ^ b, words[(3 * at + 11) & 15], Sines[at + 2], 16);
            Step(ref b, c, c ^ d ^ a, words[(3 * at + 14) & 15], Sines[at + 3], 23);
        }

        for (var at = 48; at < 64; at += 4)
        {
            Step(ref a, b, c ^ (b | ~d), words[7 * at & 15], Sines[at], 6);
            Step(ref d, a, b ^ (a | ~c), words[(7 * at + 7) & 15], Sines[at + 1], 10);
            Step(ref c, d, a ^ (d | ~b), words[(7 * at + 14) & 15], Sines[at + 2], 15);
            Step(ref b, c, d ^ (c | ~a), words[(7 * at + 21) & 15], Sines[at + 3], 21);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(ref uint a, uint b, uint mixed, uint word, uint sine, int by) => a = b + BitOperations.RotateLeft(a + mixed + word + sine, by);
}
