using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Telephony.Media.Dsp;

namespace Telephony.Media.Codecs;

/// <summary>Linear samples of 16 bits in network order (RFC 3551 §4.5.11).</summary>
internal sealed class L16Encoder : IAudioEncoder
{
    public int Encode(ReadOnlySpan<short> frame, Span<byte> payload)
    {
        if (payload.Length < frame.Length * 2) return 0;
        frame.CopyTo(MemoryMarshal.Cast<byte, short>(payload));
        Swap(MemoryMarshal.Cast<byte, short>(payload[..(frame.Length * 2)]));
        return frame.Length * 2;
    }

    public void Dispose() { }

    internal static void Swap(Span<short> samples)
    {
        if (BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(samples, samples);
    }
}

internal sealed class L16Decoder(int sampleRate) : IAudioDecoder
{
    private readonly LossConcealer _concealer = new(sampleRate);

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        var count = payload.Length / 2;
        if (count == 0 || payload.Length % 2 != 0 || count > samples.Length) return -1;
        payload.CopyTo(MemoryMarshal.AsBytes(samples));
        L16Encoder.Swap(samples[..count]);
        _concealer.Hear(samples[..count]);
        return count;
    }

    public int Conceal(Span<short> samples, ReadOnlySpan<byte> next) => _concealer.Conceal(samples);

    public void Dispose() { }
}
