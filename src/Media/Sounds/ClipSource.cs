using Telephony.Media.Audio;

namespace Telephony.Media.Sounds;

/// <summary>A clip being played, once from its beginning to its end.</summary>
internal sealed class ClipSource(AudioClip clip) : IAudioSource
{
    private int _at;

    public int SampleRate => clip.SampleRate;

    public int Read(Span<short> frame)
    {
        var part = clip.Samples.Span[_at..];
        if (part.Length > frame.Length) part = part[..frame.Length];
        part.CopyTo(frame);
        _at += part.Length;
        return part.Length;
    }

    /// <summary>Begins anew.</summary>
    public bool TryRewind()
    {
        _at = 0;
        return true;
    }

    public void Dispose()
    {
    }
}
