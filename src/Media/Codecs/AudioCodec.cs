namespace Telephony.Media.Codecs;

/// <summary>A codec that we can encode and decode. One object of each is in <see cref="AudioCodecs.All"/>, so they are compared as they are.</summary>
/// <param name="Name">Its encoding name in rtpmap (RFC 8866 §6.6), as it is written there; compared without regard to case.</param>
/// <param name="RtpClock">What RTP timestamps count, in Hz. G.722's is 8000 although it has 16,000 samples a second (RFC 3551 §4.5.2).</param>
/// <param name="SampleRate">Samples a second of what its decoder gives and its encoder takes, always mono.</param>
/// <param name="Channels">What rtpmap says. Opus says 2 whatever is sent (RFC 7587 §7).</param>
/// <param name="StaticPayloadType">The payload type that needs no rtpmap (RFC 3551 §6); null: none.</param>
internal sealed record AudioCodec(string Name, int RtpClock, int SampleRate, int Channels, byte? StaticPayloadType)
{
    /// <summary>Samples of a frame of 20 ms.</summary>
    public int FrameSamples => SampleRate / 50;

    /// <summary>How many samples so much of an RTP timestamp is.</summary>
    public int SamplesOf(int timestamp) => (int)((long)timestamp * SampleRate / RtpClock);
}
