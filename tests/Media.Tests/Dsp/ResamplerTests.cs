using Telephony.Testing;

namespace Telephony.Media.Dsp;

public sealed class ResamplerTests
{
    public static TheoryData<int, int> Rates
    {
        get
        {
            int[] rates = [8000, 16_000, 24_000, 32_000, 44_100, 48_000];
            var data = new TheoryData<int, int>();
            foreach (var from in rates)
            {
                foreach (var to in rates) data.Add(from, to);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void Each_frame_of_20_ms_gives_one_and_a_tone_keeps_level_and_pitch_and_the_delay_is_as_said(int from, int to)
    {
        using var resampler = new Resampler(from, to);
        var (tone, heard) = (Signals.Sine(from, 1000, 1000), new short[to]);
        for (var i = 0; i < 50; i++) Assert.Equal(to / 50, resampler.Process(tone.AsSpan(i * from / 50, from / 50), heard.AsSpan(i * to / 50)));

        Assert.InRange(Signals.Amplitude(heard.AsSpan(to / 10, to / 2), to, 1000), 7900, 8100);
        Assert.InRange(resampler.Delay, 0, to / 100);
        var expected = Signals.Sine(to, 1000, 1000);
        Assert.True(Signals.Likeness(expected, heard, resampler.Delay) > 0.98);
    }

    [Fact]
    public void What_the_lower_rate_cannot_carry_is_not_folded_into_it()
    {
        using var resampler = new Resampler(48_000, 8000);
        var (tone, heard) = (Signals.Sine(48_000, 5000, 1000), new short[8000]);
        for (var i = 0; i < 50; i++) resampler.Process(tone.AsSpan(i * 960, 960), heard.AsSpan(i * 160));

        Assert.InRange(Signals.Amplitude(heard.AsSpan(800), 8000, 3000), 0, 80); // 40 dB below
    }

    [Fact]
    public void It_allocates_nothing()
    {
        using var resampler = new Resampler(48_000, 8000);
        var (from, to) = (new short[960], new short[160]);

        Assert.Equal(0, Allocations.Of(() => resampler.Process(from, to)));
    }
}
