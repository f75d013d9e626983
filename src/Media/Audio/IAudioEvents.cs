namespace Telephony.Media.Audio;

/// <summary>Takes what the audio threads notice. Never blocks; events are rare, so it may allocate.</summary>
internal interface IAudioEvents
{
    /// <param name="leg">Whose owner is told; null: that is <paramref name="subject"/>'s matter.</param>
    /// <param name="subject">The command or play that it is about.</param>
    void Raise(string? leg, MediaEventKind kind, string? subject = null, char? digit = null, TimeSpan? duration = null);
}
