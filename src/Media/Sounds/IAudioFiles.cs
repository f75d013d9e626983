namespace Telephony.Media.Sounds;

/// <summary>Where the sound files of tenants are: hold music, prompts that they recorded, voicemail. The host gives it, for the media know no storage.</summary>
public interface IAudioFiles
{
    /// <summary>Opens a WAV file; the caller disposes it. Null: there is none.</summary>
    /// <param name="path"><c>tenant/music/name.wav</c>, <c>tenant/prompts/language/name.wav</c>, or the path that a <see cref="MediaSourceKind.File"/> names.</param>
    /// <exception cref="IOException">The storage is away, or refuses.</exception>
    Task<Stream?> OpenAsync(string path, CancellationToken cancellation);
}
