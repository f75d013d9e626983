namespace Telephony.Media.Dsp;

public sealed class LossConcealerTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(16_000)]
    [InlineData(44_100)]
    [InlineData(48_000)]
    public void A_lost_frame_of_a_steady_voice_goes_on_as_before(int rate)
    {
        var frame = rate / 50;
        var voice = Signals.Sine(rate, 150, 200, 6000).Zip(Signals.Sine(rate, 450, 200, 3000), (a, b) => (short)(a + b)).ToArray();
        var heard = voice.ToArray();
        var concealer = new LossConcealer(rate);
        for (var i = 0; i < 10; i++)
        {
            var room = heard.AsSpan(i * frame, frame);
            if (i == 6) concealer.Conceal(room);
            else concealer.Hear(room);
        }

        Assert.InRange(Signals.Likeness(voice.AsSpan(6 * frame, frame), heard.AsSpan(6 * frame, frame), 0), 0.95, 1);
        Assert.InRange(LargestStep(heard), 0, 1.5 * LargestStep(voice)); // else it clicks
    }

    [Fact]
    public void A_long_loss_fades_to_silence_within_60_ms()
    {
        var concealer = new LossConcealer(8000);
        concealer.Hear(Signals.Sine(8000, 200, 100));
        var lost = new short[800];
        for (var i = 0; i < 5; i++) concealer.Conceal(lost.AsSpan(i * 160, 160));

        var levels = Enumerable.Range(0, 10).Select(i => Signals.Rms(lost.AsSpan(i * 80, 80))).ToArray();
        Assert.True(levels[0] > 4500);
        Assert.True(levels[1] < levels[0] && levels[3] < levels[1] && levels[5] < levels[3]);
        Assert.All(levels[6..], level => Assert.Equal(0, level));
    }

    [Fact]
    public void The_voice_comes_back_without_a_click()
    {
        var voice = Signals.Sine(8000, 150, 400);
        var heard = voice.ToArray();
        var concealer = new LossConcealer(8000);
        for (var i = 0; i < 20; i++)
        {
            var room = heard.AsSpan(i * 160, 160);
            if (i is 8 or 9 or 10 or 11) concealer.Conceal(room);
            else concealer.Hear(room);
        }

        Assert.True(LargestStep(heard) < 1.5 * LargestStep(voice));
        Assert.Equal(voice[(13 * 160)..], heard[(13 * 160)..]);
    }

    [Fact]
    public void A_loss_before_anything_was_heard_is_silence()
    {
        var lost = new short[160];

        new LossConcealer(8000).Conceal(lost);

        Assert.Equal(new short[160], lost);
    }

    private static int LargestStep(short[] samples) => samples.Zip(samples.Skip(1), (a, b) => Math.Abs(b - a)).Max();
}
