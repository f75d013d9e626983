using Telephony.Media.Audio;

namespace Telephony.Media.Sounds;

/// <summary>Silence of a length.</summary>
internal sealed class SilenceSource(int milliseconds) : IAudioSource
{
    private const int SamplesPerMillisecond = 8;
    private int _left = milliseconds * SamplesPerMillisecond;

    public int SampleRate => 1000 * SamplesPerMillisecond;

    public int Read(Span<short> frame)
    {
        var count = Math.Min(frame.Length, _left);
        frame[..count].Clear();
        _left -= count;
        return count;
    }

    /// <summary>Begins anew.</summary>
    public bool TryRewind()
    {
        _left = milliseconds * SamplesPerMillisecond;
        return true;
    }

    public void Dispose()
    {
    }
}
