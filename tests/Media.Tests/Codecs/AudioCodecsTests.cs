using Telephony.Media.Dsp;
using Telephony.Testing;

namespace Telephony.Media.Codecs;

public sealed class AudioCodecsTests
{
    public static TheoryData<string, int, int> All
    {
        get
        {
            var data = new TheoryData<string, int, int>();
            foreach (var codec in AudioCodecs.All) data.Add(codec.Name, codec.RtpClock, codec.Channels);
            return data;
        }
    }

    [Theory] // RFC 3551 §6, RFC 7587 §7
    [InlineData("pcmu", 8000, 1, 0)]
    [InlineData("PCMA", 8000, 1, 8)]
    [InlineData("g722", 8000, 1, 9)]
    [InlineData("L16", 44100, 1, 11)]
    [InlineData("OPUS", 48000, 2, null)]
    public void A_codec_is_found_by_its_rtpmap_and_its_static_type(string name, int clock, int channels, int? type)
    {
        var codec = AudioCodecs.Find(name, clock, channels)!;

        Assert.Equal(type, codec.StaticPayloadType);
        if (type is { } number) Assert.Same(codec, AudioCodecs.FindStatic(number));
    }

    [Theory]
    [InlineData("PCMU", 16000, 1)]
    [InlineData("opus", 48000, 1)]
    [InlineData("L16", 44100, 2)]
    [InlineData("speex", 8000, 1)]
    public void What_we_cannot_decode_is_not_found(string name, int clock, int channels) => Assert.Null(AudioCodecs.Find(name, clock, channels));

    [Theory]
    [MemberData(nameof(All))]
    public void A_tone_comes_back_at_its_level_and_pitch(string name, int clock, int channels)
    {
        var codec = AudioCodecs.Find(name, clock, channels)!;
        var tone = Signals.Sine(codec.SampleRate, 1000, 1000);

        var heard = RoundTrip(codec, tone);

        Assert.InRange(Signals.Amplitude(heard.AsSpan(heard.Length / 2), codec.SampleRate, 1000), 7000, 9000);
        Assert.InRange(Signals.Rms(heard.AsSpan(heard.Length / 2)), 5000, 6300);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_frame_allocates_nothing(string name, int clock, int channels)
    {
        var codec = AudioCodecs.Find(name, clock, channels)!;
        using var encoder = AudioCodecs.CreateEncoder(codec, EncoderSettings.Default);
        using var decoder = AudioCodecs.CreateDecoder(codec);
        var (frame, payload, samples) = (Signals.Sine(codec.SampleRate, 1000, 20), new byte[AudioCodecs.MaxPayload], new short[AudioCodecs.MaxSamples]);

        var allocated = Allocations.Of(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                var length = encoder.Encode(frame, payload);
                decoder.Decode(payload.AsSpan(0, length), samples);
                decoder.Conceal(samples.AsSpan(0, frame.Length), payload.AsSpan(0, length));
                encoder.ExpectLoss(i);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void No_payload_makes_a_decoder_throw(string name, int clock, int channels)
    {
        var codec = AudioCodecs.Find(name, clock, channels)!;
        using var decoder = AudioCodecs.CreateDecoder(codec);
        var random = new Random(4);
        var (payload, samples) = (new byte[1500], new short[AudioCodecs.MaxSamples]);
        for (var i = 0; i < 3000; i++)
        {
            random.NextBytes(payload);
            var length = random.Next(4) == 0 ? random.Next(payload.Length) : random.Next(100);
            var room = random.Next(10) == 0 ? random.Next(1000) : samples.Length;

            Assert.InRange(decoder.Decode(payload.AsSpan(0, length), samples.AsSpan(0, room)), -1, room);

            var lost = codec.FrameSamples * random.Next(1, 7);
            if (random.Next(3) == 0) Assert.Equal(lost, decoder.Conceal(samples.AsSpan(0, lost), payload.AsSpan(0, random.Next(length + 1))));
        }

        Assert.Equal(-1, decoder.Decode([], samples));
    }

    private static short[] RoundTrip(AudioCodec codec, short[] samples)
    {
        using var encoder = AudioCodecs.CreateEncoder(codec, EncoderSettings.Default);
        using var decoder = AudioCodecs.CreateDecoder(codec);
        var (payload, heard) = (new byte[AudioCodecs.MaxPayload], new short[samples.Length]);
        for (var at = 0; at + codec.FrameSamples <= samples.Length; at += codec.FrameSamples)
        {
            var length = encoder.Encode(samples.AsSpan(at, codec.FrameSamples), payload);
            Assert.Equal(codec.FrameSamples, decoder.Decode(payload.AsSpan(0, length), heard.AsSpan(at)));
        }

        return heard;
    }
}
