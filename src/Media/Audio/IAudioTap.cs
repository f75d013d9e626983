namespace Telephony.Media.Audio;

/// <summary>
/// Hears some legs, aligned: what a recorder is. In each tick of 20 ms the audio thread calls <see cref="Write"/> for each leg in the order in which they were named, then
/// <see cref="EndTick"/>. None of it may block or allocate.
/// </summary>
internal interface IAudioTap : IDisposable
{
    /// <summary>Hz: 8000, 16000 or 48000. The frames have it.</summary>
    int SampleRate { get; }

    /// <param name="party">The leg's place among those that were named.</param>
    /// <param name="received">What its peer said, as others hear it: silence while it is muted, lost or gone.</param>
    /// <param name="sent">What its peer was sent.</param>
    void Write(int party, ReadOnlySpan<short> received, ReadOnlySpan<short> sent);

    /// <summary>All legs have been written.</summary>
    /// <param name="ticks">How much time this tick stands for: 1, and more after some that an overloaded thread left out.</param>
    void EndTick(int ticks);
}
