using System.Buffers.Binary;
using System.Numerics;

namespace Telephony.Sip;

/// <summary>
/// SHA-512/256 (FIPS 180-4 §5.3.6, §6.7), which .NET does not have. The constants are worked out from their definition: the fractions of roots of primes.
/// Takes as long for any data of one length.
/// </summary>
internal static class Sha512256
{
    public const int HashSizeInBytes = 32;

    private const int Block = 128;

    private static readonly ulong[] Constants = Fractions(80, root: 3);
    private static readonly ulong[] Start = MakeStart();

    /// <param name="hash">Receives <see cref="HashSizeInBytes"/> bytes.</param>
    public static void HashData(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Span<ulong> state = stackalloc ulong[8];
        Start.CopyTo(state);
        Run(data, state);
        for (var at = 0; at < 4; at++) BinaryPrimitives.WriteUInt64BigEndian(hash[(8 * at)..], state[at]);
    }

    // §6.4.2, with the padding of §5.1.2
    private static void Run(ReadOnlySpan<byte> data, Span<ulong> state)
    {
        var bits = (ulong)data.Length * 8;
        for (; data.Length >= Block; data = data[Block..]) Compress(data, state);

        Span<byte> last = stackalloc byte[2 * Block];
        last.Clear();
        data.CopyTo(last);
        last[data.Length] = 0x80;
        var length = data.Length < Block - 16 ? Block : 2 * Block;
        BinaryPrimitives.WriteUInt64BigEndian(last[(length - 8)..], bits);
        for (var at = 0; at < length; at += Block) Compress(last[at..], state);
    }

    private static void Compress(ReadOnlySpan<byte> block, Span<ulong> state)
    {
        Span<ulong> w = stackalloc ulong[80];
        for (var t = 0; t < 16; t++) w[t] = BinaryPrimitives.ReadUInt64BigEndian(block[(8 * t)..]);
        for (var t = 16; t < 80; t++)
        {
            var s0 = BitOperations.RotateRight(w[t - 15], 1) ^ BitOperations.RotateRight(w[t - 15], 8) ^ w[t - 15] >> 7;
            var s1 = BitOperations.RotateRight(w[t - 2], 19) ^ BitOperations.RotateRight(w[t - 2], 61) ^ w[t - 2] >> 6;
            w[t] = w[t - 16] + s0 + w[t - 7] + s1;
        }

        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var t = 0; t < 80; t++)
        {
            var s1 = BitOperations.RotateRight(e, 14) ^ BitOperations.RotateRight(e, 18) ^ BitOperations.RotateRight(e, 41);
            var t1 = h + s1 + (e & f ^ ~e & g) + Constants[t] + w[t];
            var s0 = BitOperations.RotateRight(a, 28) ^ BitOperations.RotateRight(a, 34) ^ BitOperations.RotateRight(a, 39);
            var t2 = s0 + (a & b ^ a & c ^ b & c);
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    // §5.3.6: what SHA-512 with a changed beginning makes of the name
    private static ulong[] MakeStart()
    {
        var state = Fractions(8, root: 2);
        for (var at = 0; at < state.Length; at++) state[at] ^= 0xa5a5a5a5a5a5a5a5;
        Run("SHA-512/256"u8, state);
        return state;
    }

    // the first 64 bits behind the point of the roots of the first primes (§4.2.3, §5.3.5)
    private static ulong[] Fractions(int count, int root)
    {
        var fractions = new ulong[count];
        for (int found = 0, number = 2; found < count; number++)
        {
            if (!IsPrime(number)) continue;

            var power = (BigInteger)number << (64 * root);
            var whole = BigInteger.Zero;
            for (var bit = 68; bit >= 0; bit--)
            {
                var larger = whole + (BigInteger.One << bit);
                if (BigInteger.Pow(larger, root) <= power) whole = larger;
            }

            fractions[found++] = (ulong)(whole & ulong.MaxValue);
        }

        return fractions;
    }

    private static bool IsPrime(int number)
    {
        for (var by = 2; by * by <= number; by++)
        {
            if (number % by == 0) return false;
        }

        return true;
    }
}
