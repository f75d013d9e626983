using Telephony.Media.Codecs;
using Telephony.Testing;

namespace Telephony.Media.Dsp;

/// <summary>The limits of ITU-T Q.24, table A-1, and Q.23's frequencies.</summary>
public sealed class DtmfDetectorTests
{
    private const string Digits = "123A456B789C*0#D";
    private static readonly double[] Low = [697, 770, 852, 941], High = [1209, 1336, 1477, 1633];

    [Theory]
    [InlineData(40, 40)]
    [InlineData(50, 50)]
    [InlineData(70, 65)]
    [InlineData(100, 100)]
    [InlineData(500, 100)]
    public void Each_digit_is_told_once(int length, int pause)
    {
        var signal = Digits.SelectMany(d => Dial(d, length).Concat(new short[8 * pause])).ToArray();

        Assert.Equal(Digits, Hear(signal));
    }

    [Fact]
    public void A_digit_pressed_twice_is_told_twice() => Assert.Equal("55", Hear([.. Dial('5', 60), .. new short[480], .. Dial('5', 60), .. new short[800]]));

    [Theory]
    [InlineData(0.985)]
    [InlineData(1.015)]
    public void Frequencies_may_be_off_by_1_5_percent(double factor) =>
        Assert.Equal(Digits, Hear([.. Digits.SelectMany(d => Dial(d, 80, factor).Concat(new short[640]))]));

    [Theory]
    [InlineData(0.95)]
    [InlineData(1.05)]
    public void Frequencies_off_by_5_percent_are_no_digits(double factor) =>
        Assert.Equal("", Hear([.. Digits.SelectMany(d => Dial(d, 80, factor).Concat(new short[640]))]));

    [Theory]
    [InlineData(3.5, 0)]
    [InlineData(0, 5)]
    public void Twist_within_the_limits_is_accepted(double lowLouder, double highLouder) =>
        Assert.Equal(Digits, Hear([.. Digits.SelectMany(d => Dial(d, 80, lowDb: lowLouder - 12, highDb: highLouder - 12).Concat(new short[640]))]));

    [Theory]
    [InlineData(12, 0)]
    [InlineData(0, 14)]
    public void Twist_beyond_them_is_not(double lowLouder, double highLouder) =>
        Assert.Equal("", Hear([.. Digits.SelectMany(d => Dial(d, 80, lowDb: lowLouder - 16, highDb: highLouder - 16).Concat(new short[640]))]));

    [Theory]
    [InlineData(0)]
    [InlineData(-30)]
    public void Loud_and_quiet_digits_are_heard(double db) => Assert.Equal(Digits, Hear([.. Digits.SelectMany(d => Dial(d, 80, lowDb: db - 8, highDb: db - 8).Concat(new short[640]))]));

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    public void What_is_not_longer_than_20_ms_is_no_digit(int length) => Assert.Equal("", Hear([.. Digits.SelectMany(d => Dial(d, length).Concat(new short[800]))]));

    [Fact]
    public void A_gap_of_10_ms_within_a_digit_makes_no_second_one() => Assert.Equal("7", Hear([.. Dial('7', 60), .. new short[80], .. Dial('7', 60), .. new short[800]]));

    [Fact]
    public void Noise_15_dB_below_hides_no_digit()
    {
        var random = new Random(3);
        var signal = Digits.SelectMany(d => Dial(d, 80).Concat(new short[640])).Select(s => (short)(s + random.Next(-1300, 1300))).ToArray();

        Assert.Equal(Digits, Hear(signal));
    }

    [Theory]
    [InlineData("PCMU", 8000)]
    [InlineData("PCMA", 8000)]
    public void G711_hides_no_digit(string name, int clock)
    {
        var codec = AudioCodecs.Find(name, clock, 1)!;
        using var encoder = AudioCodecs.CreateEncoder(codec, EncoderSettings.Default);
        using var decoder = AudioCodecs.CreateDecoder(codec);
        var signal = Digits.SelectMany(d => Dial(d, 60).Concat(new short[480])).ToArray();
        var (payload, heard) = (new byte[160], new short[signal.Length]);
        for (var i = 0; i + 160 <= signal.Length; i += 160)
        {
            encoder.Encode(signal.AsSpan(i, 160), payload);
            decoder.Decode(payload, heard.AsSpan(i, 160));
        }

        Assert.Equal(Digits, Hear(heard));
    }

    [Fact]
    public void Nothing_is_heard_in_ten_minutes_of_what_is_like_speech()
    {
        for (var seed = 1; seed <= 10; seed++) Assert.Equal("", Hear(Signals.Speech(8000, 60_000, seed)));
    }

    [Theory]
    [InlineData(425, 0)]
    [InlineData(440, 480)]
    [InlineData(350, 440)]
    [InlineData(1000, 0)]
    [InlineData(1400, 0)]
    [InlineData(697, 0)]
    public void Call_progress_tones_are_no_digits(double one, double other) =>
        Assert.Equal("", Hear([.. Signals.Sine(8000, one, 2000).Zip(Signals.Sine(8000, other, 2000), (a, b) => (short)(a + b))]));

    [Fact]
    public void It_allocates_nothing()
    {
        var (detector, frame) = (new DtmfDetector(), Dial('5', 20));

        Assert.Equal(0, Allocations.Of(() => detector.Hear(frame, 8000)));
    }

    private static short[] Dial(char digit, int ms, double factor = 1, double lowDb = -12, double highDb = -12)
    {
        var index = Digits.IndexOf(digit);
        var low = Signals.Sine(8000, Low[index / 4] * factor, ms, 32767 * Math.Pow(10, lowDb / 20), index);
        var high = Signals.Sine(8000, High[index % 4] * factor, ms, 32767 * Math.Pow(10, highDb / 20), index * 2);
        return [.. low.Zip(high, (a, b) => (short)(a + b))];
    }

    private static string Hear(short[] signal)
    {
        var (detector, digits, last) = (new DtmfDetector(), "", '\0');
        for (var i = 0; i + 160 <= signal.Length; i += 160)
        {
            var now = detector.Hear(signal.AsSpan(i, 160), 8000);
            if (now != 0 && now != last) digits += now;
            last = now;
        }

        return digits;
    }
}
