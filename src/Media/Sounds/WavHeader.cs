using System.Buffers.Binary;

namespace Telephony.Media.Sounds;

/// <summary>The 44 bytes before the samples of a 16-bit PCM WAV file.</summary>
public static class WavHeader
{
    public const int Length = 44;

    /// <param name="dataLength">Bytes of samples; null: not known yet, so 0xFFFFFFFF is written, which players take as "to the end".</param>
    public static byte[] Make(int sampleRate, int channels, long? dataLength)
    {
        var header = new byte[Length];
        var data = dataLength is { } length and <= uint.MaxValue - Length ? (uint)length : uint.MaxValue;
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), data == uint.MaxValue ? data : data + Length - 8);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), 1); // PCM
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), sampleRate * channels * 2);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), (short)(channels * 2));
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 16);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), data);
        return header;
    }
}
