namespace Telephony.Media.Audio;

/// <summary>Takes samples away at each tick. Written by one audio thread at a time, so it may neither block nor allocate.</summary>
internal interface IAudioSink : IDisposable
{
    /// <summary>Hz: 8000, 16000 or 48000.</summary>
    int SampleRate { get; }

    /// <summary>20 ms, mono.</summary>
    void Write(ReadOnlySpan<short> frame);
}
