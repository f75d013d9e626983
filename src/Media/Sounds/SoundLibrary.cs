using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Telephony.Media.Audio;

namespace Telephony.Media.Sounds;

/// <summary>
/// Finds what a <see cref="MediaSource"/> names: the system's own sounds and those of tenants, with what stands in for what is missing. Loads at the command, so that an audio thread
/// only copies. Thread-safe; what it holds is bounded.
/// </summary>
/// <param name="files">Null: there are no tenants' files.</param>
/// <param name="prompts">The folder of the system's prompts, <c>language/name.wav</c>; null: beside the program.</param>
internal sealed class SoundLibrary(IAudioFiles? files, TimeProvider time, ILogger log, string? prompts = null)
{
    private const long MaxBytes = 256 * 1024 * 1024;
    private const int MaxSilence = 3_600_000;
    private const string Default = "default", English = "en";
    private static readonly TimeSpan ForEver = TimeSpan.MaxValue, ForTenants = TimeSpan.FromMinutes(1);
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    private readonly ClipCache _clips = new(time, MaxBytes);
    private readonly string _prompts = prompts ?? Path.Combine(AppContext.BaseDirectory, "prompts");

    /// <summary>Opens a sound. Null: there is none of that name, not even a stand-in; the log says why when a file is bad or its storage away.</summary>
    public async Task<IAudioSource?> Open(MediaSource source, CancellationToken cancellation = default)
    {
        if (source.Kind == MediaSourceKind.Silence)
        {
            return int.TryParse(source.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= MaxSilence ? new SilenceSource(length) : null;
        }

        return await Find(source, cancellation).ConfigureAwait(false) is { } clip ? clip.Play() : null;
    }

    private Task<AudioClip?> Find(MediaSource source, CancellationToken cancellation)
    {
        var slash = source.Name.IndexOf('/', StringComparison.Ordinal);
        var (tenant, name) = slash < 0 ? ("", source.Name) : (source.Name[..slash], source.Name[(slash + 1)..]);
        return source.Kind switch
        {
            MediaSourceKind.Tone => _clips.Get("tone:" + name, ForEver, () => Task.FromResult(Tones.TryFind(name, out var cadence) ? ToneSynthesis.Make(cadence) : null)),
            MediaSourceKind.File => tenant.Length == 0 ? Task.FromResult<AudioClip?>(null) : OfTenant(source.Name, cancellation),
            _ when !IsName(name) || (slash >= 0 && !IsName(tenant)) => Task.FromResult<AudioClip?>(null),
            MediaSourceKind.Music => Music(tenant, name, cancellation),
            MediaSourceKind.Prompt => Prompt(tenant, name, source.Language ?? English, cancellation),
            _ => Task.FromResult<AudioClip?>(null),
        };
    }

    private async Task<AudioClip?> Music(string tenant, string name, CancellationToken cancellation)
    {
        if (tenant.Length > 0)
        {
            if (await OfTenant($"{tenant}/music/{name}.wav", cancellation).ConfigureAwait(false) is { } own) return own;
            if (name != Default && !HoldMusic.Names.Contains(name) && await OfTenant($"{tenant}/music/{Default}.wav", cancellation).ConfigureAwait(false) is { } usual) return usual;
        }

        var piece = HoldMusic.Names.Contains(name) ? name : Default;
        return await _clips.Get("music:" + piece, ForEver, () => Task.FromResult(HoldMusic.Find(piece))).ConfigureAwait(false);
    }

    private async Task<AudioClip?> Prompt(string tenant, string name, string language, CancellationToken cancellation)
    {
        if (!IsName(language)) language = English;
        var dash = language.IndexOf('-', StringComparison.Ordinal);
        string[] languages = [language, dash < 0 ? language : language[..dash], English];
        foreach (var spoken in languages.Distinct())
        {
            if (tenant.Length > 0 && await OfTenant($"{tenant}/prompts/{spoken}/{name}.wav", cancellation).ConfigureAwait(false) is { } own) return own;
            if (await OfSystem(Path.Combine(_prompts, spoken, name + ".wav")).ConfigureAwait(false) is { } found) return found;
        }

        return null;
    }

    private Task<AudioClip?> OfSystem(string path) => _clips.Get("prompt:" + path, ForEver, () => Task.FromResult(File.Exists(path) ? Load(File.OpenRead(path), path) : null));

    private async Task<AudioClip?> OfTenant(string path, CancellationToken cancellation)
    {
        if (files is null) return null;
        try
        {
            return await _clips.Get("file:" + path, ForTenants, async () => await files.OpenAsync(path, CancellationToken.None).ConfigureAwait(false) is { } stream ? Load(stream, path) : null)
                .WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            SoundsLog.Away(log, path, e.Message);
            return null;
        }
    }

    private AudioClip? Load(Stream stream, string path)
    {
        if (AudioClip.TryLoad(stream, out var clip, out var error)) return clip;
        SoundsLog.BadFile(log, path, error);
        return null;
    }

    private static bool IsName(string name) => name.Length is > 0 and <= 100 && !name.AsSpan().ContainsAnyExcept(NameCharacters);
}
