namespace Telephony.Media.Audio;

/// <summary>Samples to hear: a tone, a file, music. Read by one audio thread at a time, so it may neither block nor allocate.</summary>
internal interface IAudioSource : IDisposable
{
    /// <summary>Hz: 8000, 16000 or 48000.</summary>
    int SampleRate { get; }

    /// <summary>Fills 20 ms, mono. Fewer samples: it ends with them.</summary>
    int Read(Span<short> frame);

    /// <summary>Begins anew, for a play that is repeated. False: it can't.</summary>
    bool TryRewind() => false;
}
