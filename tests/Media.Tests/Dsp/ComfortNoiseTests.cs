namespace Telephony.Media.Dsp;

public sealed class ComfortNoiseTests
{
    [Theory] // RFC 3389 §3.1: -dBov
    [InlineData(30)]
    [InlineData(50)]
    [InlineData(70)]
    public void The_level_is_the_one_of_the_payload_and_comes_back_in_ours(int level)
    {
        var (noise, samples, payload) = (new ComfortNoise(), new short[16_000], new byte[1]);
        noise.Set([(byte)level]);
        noise.Fill(samples);

        ComfortNoise.Write(samples.AsSpan(8000), payload);

        Assert.InRange(payload[0], level - 1, level + 1);
    }

    [Theory] // §3.2
    [InlineData(20, true)]
    [InlineData(234, false)]
    public void Reflection_coefficients_shape_it_and_keep_its_level(byte coefficient, bool isDark)
    {
        var (noise, samples) = (new ComfortNoise(), new short[16_000]);
        noise.Set([40, coefficient]);
        noise.Fill(samples);

        Assert.InRange(Signals.Rms(samples.AsSpan(8000)), 250, 420); // 328
        Assert.Equal(isDark, Enumerable.Range(1, 9).Sum(i => Signals.Amplitude(samples, 8000, 40 * i)) > Enumerable.Range(1, 9).Sum(i => Signals.Amplitude(samples, 8000, 4000 - (40 * i))));
    }

    [Fact]
    public void No_payload_makes_it_throw_or_run_away()
    {
        var (noise, samples, random, payload) = (new ComfortNoise(), new short[160], new Random(1), new byte[40]);
        for (var i = 0; i < 5000; i++)
        {
            random.NextBytes(payload);
            noise.Set(payload.AsSpan(0, random.Next(payload.Length)));
            noise.Fill(samples);
        }

        noise.Set([70]);
        for (var i = 0; i < 400; i++) noise.Fill(samples);
        Assert.InRange(Signals.Rms(samples), 1, 40);
    }
}
