using Telephony.Media.Dsp;

namespace Telephony.Media.Codecs;

public sealed class OpusTests
{
    private const int Frame = 960;

    [Theory] // RFC 6716: 20 ms, and the other packet times
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(60)]
    public void Speech_comes_back_alike_at_any_packet_time(int packetTime)
    {
        var speech = Signals.Speech(48_000, 2400);
        var heard = new List<short>();
        using var encoder = AudioCodecs.CreateEncoder(AudioCodecs.Opus, EncoderSettings.Default);
        using var decoder = AudioCodecs.CreateDecoder(AudioCodecs.Opus);
        var (payload, samples, bytes, step) = (new byte[AudioCodecs.MaxPayload], new short[AudioCodecs.MaxSamples], 0, 48 * packetTime);
        for (var at = 0; at + step <= speech.Length; at += step)
        {
            var length = encoder.Encode(speech.AsSpan(at, step), payload);
            bytes += length;
            Assert.Equal(step, decoder.Decode(payload.AsSpan(0, length), samples));
            heard.AddRange(samples.AsSpan(0, step));
        }

        Assert.InRange(bytes * 8 / 2.4, 16_000, 40_000);
        Assert.True(Enumerable.Range(0, 500).Max(delay => Signals.Likeness(speech, heard.ToArray(), delay)) > 0.9);
    }

    [Fact]
    public void What_is_spoken_is_coded_as_speech()
    {
        var tone = Signals.Sine(48_000, 300, 400).Zip(Signals.Sine(48_000, 1200, 400), (a, b) => (short)(a + (b / 2))).ToArray();
        using var encoder = AudioCodecs.CreateEncoder(AudioCodecs.Opus, EncoderSettings.Default with { Complexity = 10 });
        var payload = new byte[AudioCodecs.MaxPayload];
        for (var at = 0; at + Frame <= tone.Length; at += Frame) encoder.Encode(tone.AsSpan(at, Frame), payload);

        Assert.InRange(payload[0] >> 3, 0, 15); // RFC 6716 §3.1: SILK or hybrid, not CELT
    }

    [Fact]
    public void Rfc7587_section_6_1_maxplaybackrate_narrows_the_band()
    {
        using var encoder = AudioCodecs.CreateEncoder(AudioCodecs.Opus, EncoderSettings.Parse("maxplaybackrate=8000"));
        var payload = new byte[AudioCodecs.MaxPayload];
        var speech = Signals.Speech(48_000, 400);
        for (var at = 0; at + Frame <= speech.Length; at += Frame) encoder.Encode(speech.AsSpan(at, Frame), payload);

        Assert.InRange(payload[0] >> 3, 0, 3); // RFC 6716 §3.1, table 2: narrow-band SILK
    }

    [Fact]
    public void A_lost_frame_is_heard_from_the_redundancy_in_the_next_one()
    {
        var speech = Signals.Speech(48_000, 4000);
        var (without, with) = (LossOf(speech, useNext: false), LossOf(speech, useNext: true));

        Assert.True(with > without + 0.05, $"{with} with FEC, {without} without");

        static double LossOf(short[] speech, bool useNext)
        {
            using var encoder = AudioCodecs.CreateEncoder(AudioCodecs.Opus, EncoderSettings.Parse("useinbandfec=1"));
            using var decoder = AudioCodecs.CreateDecoder(AudioCodecs.Opus);
            encoder.ExpectLoss(25);
            var packets = new List<byte[]>();
            var payload = new byte[AudioCodecs.MaxPayload];
            for (var at = 0; at + Frame <= speech.Length; at += Frame) packets.Add(payload[..encoder.Encode(speech.AsSpan(at, Frame), payload)]);
            var heard = new short[packets.Count * Frame];
            for (var i = 0; i + 1 < packets.Count; i++)
            {
                var room = heard.AsSpan(i * Frame, Frame);
                if (i % 5 == 3) Assert.Equal(Frame, decoder.Conceal(room, useNext ? packets[i + 1] : []));
                else Assert.Equal(Frame, decoder.Decode(packets[i], room));
            }

            return Enumerable.Range(200, 200).Max(delay => Signals.Likeness(speech, heard, delay));
        }
    }

    [Fact]
    public void Silence_with_usedtx_is_mostly_not_sent()
    {
        using var encoder = AudioCodecs.CreateEncoder(AudioCodecs.Opus, EncoderSettings.Parse("usedtx=1"));
        var payload = new byte[AudioCodecs.MaxPayload];

        var sent = Enumerable.Range(0, 200).Count(_ => encoder.Encode(new short[Frame], payload) > 0);

        Assert.InRange(sent, 5, 60);
    }

    [Fact]
    public void Stereo_from_a_browser_is_heard_as_mono()
    {
        using var decoder = AudioCodecs.CreateDecoder(AudioCodecs.Opus);
        var samples = new short[AudioCodecs.MaxSamples];

        Assert.Equal(Frame, decoder.Decode([0xfc, 0xff, 0xfe], samples)); // CELT, 20 ms, stereo, one frame: silence
    }
}
