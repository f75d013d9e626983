namespace Telephony.Media.Codecs;

/// <summary>One direction of one stream. Used by one thread at a time; allocates nothing after it was made. No payload makes it throw.</summary>
internal interface IAudioDecoder : IDisposable
{
    /// <summary>Decodes a packet's payload to mono samples at the codec's <see cref="AudioCodec.SampleRate"/>.</summary>
    /// <param name="payload">Of any length.</param>
    /// <param name="samples">Room for 120 ms, the longest packet that is decoded.</param>
    /// <returns>Samples; -1: not decodable, or longer than the room.</returns>
    int Decode(ReadOnlySpan<byte> payload, Span<short> samples);

    /// <summary>Makes up what a lost packet held.</summary>
    /// <param name="samples">Filled whole: a multiple of 10 ms, at most 120 ms.</param>
    /// <param name="next">The payload of the packet after it, which may hold a copy (Opus in-band FEC, RFC 6716 §2.1.7); empty: not known.</param>
    /// <returns>Samples, the room's length.</returns>
    int Conceal(Span<short> samples, ReadOnlySpan<byte> next);
}
