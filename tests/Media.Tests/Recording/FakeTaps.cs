using System.Collections.Immutable;
using Telephony.Media.Audio;

namespace Telephony.Media.Recording;

/// <summary>Legs that speak constant values, ticked by hand.</summary>
internal sealed class FakeTaps : IAudioTaps
{
    private readonly Dictionary<string, (ImmutableArray<string> Legs, IAudioTap Tap)> _taps = [];

    public Dictionary<string, short> Says { get; } = new() { ["a"] = 1000, ["b"] = -300 };

    public int Count => _taps.Count;

    public ValueTask<MediaError> Tap(string name, ImmutableArray<string> legs, IAudioTap tap)
    {
        if (legs.Any(leg => !Says.ContainsKey(leg))) return new(MediaError.UnknownLeg);
        _taps.Add(name, (legs, tap));
        return new(MediaError.None);
    }

    public ValueTask Untap(string name)
    {
        _taps.Remove(name);
        return default;
    }

    public void Tick(int count = 1, int stands = 1)
    {
        Span<short> frame = stackalloc short[320];
        for (; count > 0; count--)
        {
            foreach (var (legs, tap) in _taps.Values)
            {
                for (var party = 0; party < legs.Length; party++)
                {
                    frame.Fill(Says.GetValueOrDefault(legs[party]));
                    tap.Write(party, frame[..(tap.SampleRate / 50)], default);
                }

                tap.EndTick(stands);
            }
        }
    }
}
