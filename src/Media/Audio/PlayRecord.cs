using Telephony.Media.Dsp;

namespace Telephony.Media.Audio;

/// <summary>A play as commands see it: one of the two targets is there. Under the node's lock.</summary>
internal sealed record PlayRecord(string Name, Playback Play, AudioParty? Leg, RoomRecord? Room)
{
    private PlaySeat? _seat;
    private int _rate;

    /// <summary>For a group of this rate.</summary>
    public PlaySeat SeatFor(int sampleRate)
    {
        if (_seat is null || _rate != sampleRate)
        {
            var byRate = new Dictionary<int, Resampler>();
            _seat = new PlaySeat(Play, [.. Play.Sources.Select(s => s.SampleRate == sampleRate ? null : byRate.TryGetValue(s.SampleRate, out var r) ? r : byRate[s.SampleRate] = new Resampler(s.SampleRate, sampleRate))]);
            _rate = sampleRate;
        }

        return _seat;
    }
}
