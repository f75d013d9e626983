namespace Telephony.Media.Codecs;

public sealed class G711Tests
{
    // ITU-T G.711 tables 1 and 2, decoder output values y as 16-bit samples: code, sample
    public static TheoryData<string, int, int> Decoded => new()
    {
        { "PCMA", 0xd5, 8 }, { "PCMA", 0xd4, 24 }, { "PCMA", 0xc5, 264 }, { "PCMA", 0xf5, 528 }, { "PCMA", 0xaa, 32256 }, { "PCMA", 0x55, -8 }, { "PCMA", 0x2a, -32256 },
        { "PCMU", 0xff, 0 }, { "PCMU", 0xfe, 8 }, { "PCMU", 0xef, 132 }, { "PCMU", 0xdf, 396 }, { "PCMU", 0x80, 32124 }, { "PCMU", 0x7f, 0 }, { "PCMU", 0x00, -32124 },
    };

    [Theory]
    [MemberData(nameof(Decoded))]
    public void A_code_is_the_sample_of_the_recommendation(string name, int code, int sample)
    {
        using var decoder = AudioCodecs.CreateDecoder(AudioCodecs.Find(name, 8000, 1)!);
        var samples = new short[160];

        Assert.Equal(1, decoder.Decode([(byte)code], samples));

        Assert.Equal(sample, samples[0]);
    }

    [Theory]
    [InlineData("PCMU", 0.032)]
    [InlineData("PCMA", 0.032)]
    public void Each_sample_comes_back_within_half_a_step_and_in_order(string name, double worst)
    {
        var codec = AudioCodecs.Find(name, 8000, 1)!;
        using var encoder = AudioCodecs.CreateEncoder(codec, EncoderSettings.Default);
        using var decoder = AudioCodecs.CreateDecoder(codec);
        var (code, back) = (new byte[1], new short[1]);
        var last = int.MinValue;
        for (int sample = short.MinValue; sample <= short.MaxValue; sample++)
        {
            encoder.Encode([(short)sample], code);
            decoder.Decode(code, back);

            Assert.True(back[0] >= last, $"{sample} went back");
            last = back[0];
            if (Math.Abs(sample) < 32600) Assert.True(Math.Abs(sample - back[0]) <= Math.Max(16, (worst * Math.Abs(sample)) + 4), $"{sample} came back as {back[0]}");
        }
    }

    [Theory]
    [InlineData("PCMU")]
    [InlineData("PCMA")]
    public void Each_code_is_what_its_sample_is_encoded_to(string name)
    {
        var codec = AudioCodecs.Find(name, 8000, 1)!;
        using var encoder = AudioCodecs.CreateEncoder(codec, EncoderSettings.Default);
        using var decoder = AudioCodecs.CreateDecoder(codec);
        var (again, samples) = (new byte[1], new short[160]);
        for (var code = 0; code < 256; code++)
        {
            decoder.Decode([(byte)code], samples);
            encoder.Encode(samples.AsSpan(0, 1), again);

            Assert.Equal(name == "PCMU" && code == 0x7f ? 0xff : code, again[0]); // minus zero is zero
        }
    }

    [Theory] // of what libspandsp 0.0.6 makes of all samples, lowest first; its µ-law breaks ties the other way than ITU-T G.191
    [InlineData("PCMA", 0xf030666eb780cf25UL)]
    public void It_encodes_every_sample_as_another_implementation_does(string name, ulong hash)
    {
        using var encoder = AudioCodecs.CreateEncoder(AudioCodecs.Find(name, 8000, 1)!, EncoderSettings.Default);
        var codes = new byte[65536];

        encoder.Encode([.. Enumerable.Range(short.MinValue, codes.Length).Select(s => (short)s)], codes);

        Assert.Equal(hash, Lcg.Hash(codes));
    }
}
