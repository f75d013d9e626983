namespace Telephony.Media.Codecs;

/// <summary>One direction of one stream. Used by one thread at a time; allocates nothing after it was made.</summary>
internal interface IAudioEncoder : IDisposable
{
    /// <summary>Makes a packet's payload of mono samples at the codec's <see cref="AudioCodec.SampleRate"/>.</summary>
    /// <param name="frame">20 ms, or another packet time of 10, 40 or 60 ms.</param>
    /// <param name="payload">Room for <see cref="AudioCodecs.MaxPayload"/>.</param>
    /// <returns>Bytes of payload; 0: nothing to send, for it is silence (DTX) or could not be encoded.</returns>
    int Encode(ReadOnlySpan<short> frame, Span<byte> payload);

    /// <summary>What part of our packets the peer misses, in percent, as RTCP tells it (RFC 3550 §6.4.1). Opus puts that much redundancy into what follows.</summary>
    void ExpectLoss(int percent) { }
}
