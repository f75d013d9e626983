namespace Telephony.Media.Codecs;

/// <summary>Opus (RFC 6716) to 48 kHz mono; what comes in stereo is mixed down.</summary>
internal sealed class OpusDecoder : IAudioDecoder
{
    private const int Step = 120; // it conceals in steps of 2.5 ms

    private readonly LibOpus.Decoder _decoder;

    /// <exception cref="InvalidOperationException">libopus refuses.</exception>
    public OpusDecoder()
    {
        _decoder = LibOpus.opus_decoder_create(AudioCodecs.Opus.SampleRate, 1, out var error);
        if (_decoder.IsInvalid) throw new InvalidOperationException($"opus_decoder_create: {error}");
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        if (payload.IsEmpty) return -1; // libopus would take it for a loss
        var count = LibOpus.opus_decode(_decoder, payload, payload.Length, samples, samples.Length, isFec: 0);
        return count > 0 ? count : -1;
    }

    public int Conceal(Span<short> samples, ReadOnlySpan<byte> next)
    {
        var room = samples.Length / Step * Step;
        var count = LibOpus.opus_decode(_decoder, next, next.Length, samples, room, next.IsEmpty ? 0 : 1);
        if (count < 0) count = LibOpus.opus_decode(_decoder, [], 0, samples, room, isFec: 0); // the next packet is broken
        samples[Math.Max(count, 0)..].Clear();
        return samples.Length;
    }

    public void Dispose() => _decoder.Dispose();
}
