using System.Collections.Immutable;
using Telephony.Media.Dsp;

namespace Telephony.Media.Audio;

/// <summary>Sounds that are played one after the other to a leg or a room. On the audio thread of its group.</summary>
/// <param name="repeat">How many times; 0: until it is stopped.</param>
internal sealed class Playback(string name, string? leg, ImmutableArray<IAudioSource> sources, int repeat, PlayMode mode, IAudioEvents events) : IDisposable
{
    private readonly short[] _native = new short[AudioFrame.MaxSamples];
    private int _at, _round = 1;
    private long _ticks;
    private volatile bool _isOver;

    public string Name => name;

    public PlayMode Mode => mode;

    public ImmutableArray<IAudioSource> Sources => sources;

    /// <summary>Nothing more is to come of it.</summary>
    public bool IsOver => _isOver;

    /// <summary>How much has been heard.</summary>
    public TimeSpan Played => TimeSpan.FromMilliseconds(Volatile.Read(ref _ticks) * AudioFrame.Milliseconds);

    /// <summary>Fills 20 ms. False: it is over.</summary>
    /// <param name="converts">To the frame's rate, for each source; null where that has it.</param>
    public bool Read(Span<short> frame, ReadOnlySpan<Resampler?> converts)
    {
        var isRewound = false;
        while (!_isOver)
        {
            var source = sources[_at];
            var native = _native.AsSpan(0, AudioFrame.Samples(source.SampleRate));
            var count = source.Read(native);
            if (count > 0)
            {
                native[count..].Clear();
                if (converts[_at] is { } convert) convert.Process(native, frame);
                else native.CopyTo(frame);
                Volatile.Write(ref _ticks, _ticks + 1);
                return true;
            }

            if (++_at < sources.Length) continue;
            _at = 0;
            if (isRewound || (repeat > 0 && _round++ >= repeat) || !TryRewind()) End();
            isRewound = true; // a play of nothing would go on for ever
        }

        return false;
    }

    public void Dispose()
    {
        foreach (var source in sources) source.Dispose();
    }

    private bool TryRewind()
    {
        foreach (var source in sources)
        {
            if (!source.TryRewind()) return false;
        }

        return true;
    }

    private void End()
    {
        _isOver = true;
        events.Raise(leg, MediaEventKind.PlayFinished, name, duration: Played);
    }
}
