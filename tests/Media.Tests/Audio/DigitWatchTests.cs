using Telephony.Media.Dsp;
using Telephony.Media.Sdp;

namespace Telephony.Media.Audio;

public sealed class DigitWatchTests
{
    private readonly TestEvents _events = new();
    private readonly DigitWatch _watch;
    private long _now;

    public DigitWatchTests()
    {
        _watch = new DigitWatch("a", 1000, _events);
        var format = new AgreedFormat("telephone-event", 8000, 1, 101, 101, "0-15", null);
        _watch.Apply(new StreamAgreement(null, null, false, MediaDirection.SendReceive, [format], [format], null, 20, NoSecurity.Instance));
    }

    [Fact]
    [Trait("Rfc", "4733-2.5.1.4")]
    public void A_digit_is_told_once_whichever_of_its_packets_come()
    {
        Hear(1000, '5', 160);
        Hear(1000, '5', 320);
        Hear(1000, '5', 480, isEnd: true);
        Hear(1000, '5', 480, isEnd: true);
        Hear(3000, '5', 480, isEnd: true); // of this one, only the end came
        Hear(1000, '5', 320); // late
        Hear(5000, '#', 160);
        _watch.Hear(101, 6000, [16, 0, 0, 0], 0); // hook flash
        _watch.Hear(101, 6000, [1], 0);
        _watch.Hear(0, 6000, new byte[160], 0);

        Assert.Equal(['5', '5', '#'], _events.Raised.Select(e => e.Digit!.Value));
        Assert.All(_events.Raised, e => Assert.Equal(("a", MediaEventKind.DtmfPressed), (e.Leg, e.Kind)));
    }

    [Fact]
    [Trait("Rfc", "4733-2.5.1.3")]
    public void A_digit_of_several_segments_is_one()
    {
        Hear(1000, '5', 160);
        Hear(1000, '5', 0xff00);
        Hear(1000 + 0xff00, '5', 160);
        Hear(1000 + 0xff00, '5', 320, isEnd: true);

        Assert.Single(_events.Raised);
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16_000)]
    [InlineData(48_000)]
    public void Every_digit_is_found_in_sound_and_speech_like_tones_are_not(int rate)
    {
        var (tones, generator, found) = (new DtmfDetector(), new DtmfGenerator(), "");
        var frame = new short[rate / 50];
        var last = '\0';
        foreach (var digit in Dtmf.Digits.SelectMany(d => (char[])[d, d, d, d, d, '\0', '\0', '\0']))
        {
            generator.Fill(frame, rate, digit);
            var now = tones.Hear(frame, rate);
            if (now != 0 && now != last) found += now;
            last = now;
        }

        Assert.Equal(Dtmf.Digits, found);
        var voice = new ToneInput(200, rate);
        for (var i = 0; i < 200; i++)
        {
            voice.Read(frame, 0);
            for (var s = 0; s < frame.Length; s++) frame[s] = (short)(frame[s] / 2 + (3000 * Math.Sin(s * Math.Tau * (400 + (i * 10)) / rate)));
            Assert.Equal('\0', tones.Hear(frame, rate));
        }
    }

    private void Hear(uint timestamp, char digit, ushort duration, bool isEnd = false)
    {
        var payload = new byte[4];
        Dtmf.WriteEvent(payload, digit, isEnd, duration);
        _watch.Hear(101, timestamp, payload, _now += 20);
    }
}
