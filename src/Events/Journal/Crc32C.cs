using System.Buffers.Binary;
using System.Numerics;

namespace Telephony.Events;

/// <summary>CRC-32C (RFC 3720 §12.1), by the processor's instruction where it has one.</summary>
internal static class Crc32C
{
    /// <summary>Carries on from <paramref name="crc"/>, which is 0 at first.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);

        return ~crc;
    }

    public static uint Append(uint crc, long value) => ~BitOperations.Crc32C(~crc, (ulong)value);
}
