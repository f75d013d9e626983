using System.Buffers.Binary;

namespace Telephony.Media.Sounds;

internal enum WavEncoding { Pcm = 1, Float = 3, ALaw = 6, MuLaw = 7 }

/// <summary>What a WAV file's <c>fmt</c> chunk says (Microsoft's RIFF WAVE; RFC 2361 has the format tags).</summary>
internal sealed record WavFormat(WavEncoding Encoding, int Channels, int SampleRate, int BytesPerSample)
{
    private const int Extensible = 0xFFFE;
    private static readonly byte[] SubFormatTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    public int BytesPerFrame => Channels * BytesPerSample;

    /// <param name="error">What is wrong and what can be read, for the person whose file it is.</param>
    public static WavFormat? TryParse(ReadOnlySpan<byte> chunk, out string error)
    {
        error = "its fmt chunk is too short";
        if (chunk.Length < 16) return null;
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        int frame = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        if (tag == Extensible)
        {
            if (chunk.Length < 40 || !chunk[26..40].SequenceEqual(SubFormatTail)) return null;
            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        }

        error = $"it has {channels} channels; 1 to 8 can be read";
        if (channels is < 1 or > 8) return null;
        error = $"its sample rate is {rate} Hz; 4000 to 192000 can be read";
        if (rate is < 4000 or > 192_000) return null;
        error = $"its encoding is format {tag} with {bits} bits; PCM of 8, 16, 24 or 32 bits, float of 32 or 64, A-law and µ-law can be read";
        if ((tag, bits) is not ((1, 8 or 16 or 24 or 32) or (3, 32 or 64) or (6 or 7, 8))) return null;
        error = $"its frames of {frame} bytes don't match {channels} channels of {bits} bits";
        return frame == channels * (bits / 8) ? new WavFormat((WavEncoding)tag, channels, (int)rate, bits / 8) : null;
    }

    /// <summary>One sample as 16 bits.</summary>
    public short Sample(ReadOnlySpan<byte> bytes) => (Encoding, BytesPerSample) switch
    {
        (WavEncoding.Pcm, 1) => (short)((bytes[0] - 128) << 8),
        (WavEncoding.Pcm, 2) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        (WavEncoding.Pcm, 3) => BinaryPrimitives.ReadInt16LittleEndian(bytes[1..]),
        (WavEncoding.Pcm, _) => BinaryPrimitives.ReadInt16LittleEndian(bytes[2..]),
        (WavEncoding.Float, 4) => FromFloat(BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        (WavEncoding.Float, _) => FromFloat(BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
        (WavEncoding.ALaw, _) => ALaw(bytes[0]),
        _ => MuLaw(bytes[0]),
    };

    private static short FromFloat(double value) => double.IsNaN(value) ? (short)0 : (short)Math.Clamp(Math.Round(value * 32767), short.MinValue, short.MaxValue);

    private static short ALaw(byte code) // ITU-T G.711 table 1
    {
        var value = code ^ 0x55;
        var exponent = (value >> 4) & 7;
        var magnitude = ((value & 15) << 4) + 8;
        if (exponent > 0) magnitude = (magnitude + 0x100) << (exponent - 1);
        return (short)((value & 0x80) != 0 ? magnitude : -magnitude);
    }

    private static short MuLaw(byte code) // ITU-T G.711 table 2
    {
        var value = ~code;
        var magnitude = ((((value & 15) << 3) + 0x84) << ((value >> 4) & 7)) - 0x84;
        return (short)((value & 0x80) != 0 ? -magnitude : magnitude);
    }
}
