namespace Telephony.Media.Sounds;

/// <summary>Hold music as somebody on the phone hears it.</summary>
public class HoldMusicTests
{
    public static TheoryData<string> Names => new(HoldMusic.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_piece_is_a_minute_or_two_at_an_even_and_modest_level(string name)
    {
        var clip = HoldMusic.Find(name)!;
        var samples = clip.Samples.Span;

        Assert.InRange(clip.Length.TotalSeconds, 60, 120);
        Assert.InRange(20 * Math.Log10(Spectrum.Rms(samples)), -24.3, -23.7);
        Assert.InRange(Spectrum.Peak(samples), 4000, 20_000); // far from clipping
        for (var at = 0; at + clip.SampleRate <= samples.Length; at += clip.SampleRate)
        {
            Assert.InRange(20 * Math.Log10(Spectrum.Rms(samples.Slice(at, clip.SampleRate))), -30, -19);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nearly_all_of_it_lies_in_a_telephones_band(string name)
    {
        var clip = HoldMusic.Find(name)!;
        double inside = 0, all = 0;
        for (var at = 0; at + 1600 <= clip.Samples.Length; at += 128_000)
        {
            var window = clip.Samples.Span.Slice(at, 1600);
            for (var hz = 10; hz < 8000; hz += 10)
            {
                var power = Math.Pow(Spectrum.Level(window, clip.SampleRate, hz), 2);
                all += power;
                if (hz is >= 180 and <= 3500) inside += power;
            }
        }

        Assert.InRange(inside / all, 0.9, 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_end_runs_into_its_beginning(string name)
    {
        var samples = HoldMusic.Find(name)!.Samples.Span;
        var step = 0;
        for (var i = 1; i < samples.Length; i++) step = Math.Max(step, Math.Abs(samples[i] - samples[i - 1]));

        Assert.InRange(Math.Abs(samples[0] - samples[^1]), 0, step);
        Assert.InRange(Spectrum.Rms(samples[..800]) / Spectrum.Rms(samples[^800..]), 0.3, 3);
    }

    [Fact]
    public void A_piece_is_the_same_each_time_and_unlike_the_others()
    {
        Assert.Equal(HoldMusic.Find("default")!.Samples.ToArray(), HoldMusic.Find("default")!.Samples.ToArray());
        Assert.Equal(3, HoldMusic.Names.Select(name => HoldMusic.Find(name)!.Samples.Length).Distinct().Count());
        Assert.Null(HoldMusic.Find("none"));
    }
}
