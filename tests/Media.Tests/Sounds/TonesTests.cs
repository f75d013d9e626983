namespace Telephony.Media.Sounds;

/// <summary>What a caller hears of ITU-T E.180's tones.</summary>
public class TonesTests
{
    private const int Rate = 8000;

    [Theory]
    [InlineData("ringback:be", new[] { 425 }, new[] { 1000, 3000 })]
    [InlineData("ringback:fr", new[] { 440 }, new[] { 1500, 3500 })]
    [InlineData("ringback:nl", new[] { 425 }, new[] { 1000, 4000 })]
    [InlineData("ringback:de", new[] { 425 }, new[] { 1000, 4000 })]
    [InlineData("ringback:uk", new[] { 400, 450 }, new[] { 400, 200, 400, 2000 })]
    [InlineData("ringback:us", new[] { 440, 480 }, new[] { 2000, 4000 })]
    [InlineData("ringback", new[] { 425 }, new[] { 1000, 4000 })]
    [InlineData("ringback:xx", new[] { 425 }, new[] { 1000, 4000 })]
    [InlineData("busy:be", new[] { 425 }, new[] { 500, 500 })]
    [InlineData("busy:ca", new[] { 480, 620 }, new[] { 500, 500 })]
    [InlineData("congestion:nl", new[] { 425 }, new[] { 250, 250 })]
    [InlineData("congestion:gb", new[] { 400 }, new[] { 400, 350, 225, 525 })]
    [InlineData("call-waiting:fr", new[] { 440 }, new[] { 300, 10000 })]
    public void A_tone_has_its_countrys_frequencies_and_cadence(string name, int[] hertz, int[] milliseconds)
    {
        var clip = Make(name);

        var at = 0;
        for (var i = 0; i < milliseconds.Length; i++)
        {
            var part = clip.Samples.Slice(at, Rate * milliseconds[i] / 1000).ToArray();
            at += part.Length;
            if (i % 2 == 1)
            {
                Assert.Equal(0, Spectrum.Peak(part));
                continue;
            }

            Assert.InRange(20 * Math.Log10(Spectrum.Rms(part)), -17, -15.5);
            var power = hertz.Sum(f => Math.Pow(Spectrum.Level(part, Rate, f), 2) / 2);
            Assert.InRange(power / Math.Pow(Spectrum.Rms(part), 2), 0.9, 1.1); // nothing beside them
            foreach (var f in hertz) Assert.InRange(Math.Pow(Spectrum.Level(part, Rate, f), 2) / 2 / power, 0.8 / hertz.Length, 1.2 / hertz.Length);
        }

        Assert.Equal(at, clip.Samples.Length);
    }

    [Fact]
    public void Every_country_has_every_tone_without_clipping_or_clicks()
    {
        Assert.Subset(
            Tones.Countries.ToHashSet(),
            "at be bg cy cz de dk ee es fi fr gr hr hu ie it lt lu lv mt nl pl pt ro se si sk gb us ca ch no".Split(' ').ToHashSet());
        foreach (var country in Tones.Countries)
        {
            foreach (var kind in (string[])["dial", "ringback", "busy", "congestion", "call-waiting", "information"])
            {
                var samples = Make($"{kind}:{country}").Samples.Span;

                Assert.InRange(Spectrum.Peak(samples), 5000, 16000);
                var step = 0;
                for (var i = 0; i < samples.Length; i++) step = Math.Max(step, Math.Abs(samples[i] - samples[i == 0 ? ^1 : i - 1])); // its end and its beginning meet
                Assert.InRange(step, 1000, 10500); // a sine of 1850 Hz at this level steps by that
            }
        }
    }

    [Fact]
    public void The_special_information_tone_is_three_tones_that_rise()
    {
        var samples = Make("information:be").Samples.Span;

        foreach (var (start, hz) in ((int, int)[])[(0, 900), (330, 1400), (660, 1800)])
        {
            Assert.InRange(Spectrum.Level(samples.Slice(start * 8, 330 * 8), Rate, hz), 0.2, 0.24);
        }

        Assert.Equal(0, Spectrum.Peak(samples[(990 * 8)..]));
        Assert.Equal(1990 * 8, samples.Length);
    }

    [Fact]
    public void A_modulated_tone_swells_at_its_second_frequency()
    {
        var on = Make("ringback:jp").Samples.Span[..Rate];

        Assert.InRange(Spectrum.Level(on, Rate, 400), 0.19, 0.23);
        Assert.InRange(Spectrum.Level(on, Rate, 384), 0.045, 0.06);
        Assert.InRange(Spectrum.Level(on, Rate, 416), 0.045, 0.06);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ring")]
    [InlineData("beep:be")]
    public void An_unknown_tone_is_none(string name) => Assert.False(Tones.TryFind(name, out _));

    private static AudioClip Make(string name)
    {
        Assert.True(Tones.TryFind(name, out var cadence));
        return ToneSynthesis.Make(cadence);
    }
}
