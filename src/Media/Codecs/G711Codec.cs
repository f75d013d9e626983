using Telephony.Media.Dsp;

namespace Telephony.Media.Codecs;

internal sealed class G711Encoder(G711 law) : IAudioEncoder
{
    public int Encode(ReadOnlySpan<short> frame, Span<byte> payload)
    {
        if (payload.Length < frame.Length) return 0;
        law.Encode(frame, payload);
        return frame.Length;
    }

    public void Dispose() { }
}

internal sealed class G711Decoder(G711 law) : IAudioDecoder
{
    private readonly LossConcealer _concealer = new(sampleRate: 8000);

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        if (payload.IsEmpty || payload.Length > samples.Length) return -1;
        law.Decode(payload, samples);
        _concealer.Hear(samples[..payload.Length]);
        return payload.Length;
    }

    public int Conceal(Span<short> samples, ReadOnlySpan<byte> next) => _concealer.Conceal(samples);

    public void Dispose() { }
}
