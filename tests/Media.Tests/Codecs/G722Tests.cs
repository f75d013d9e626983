using System.Runtime.InteropServices;

namespace Telephony.Media.Codecs;

/// <summary>The hashes are of what libspandsp 0.0.6 makes, which is tried there with the test sequences of ITU-T G.722 appendix II.</summary>
public sealed class G722Tests
{
    [Fact]
    public void It_encodes_bit_by_bit_as_another_implementation_does()
    {
        var payload = Encode(Lcg.Signal(64_000));

        Assert.Equal(0x6629b0569b395139UL, Lcg.Hash(payload));
    }

    [Fact]
    public void It_decodes_bit_by_bit_as_another_implementation_does()
    {
        var quiet = Lcg.Signal(64_000).Select(s => (short)(s >> 2)).ToArray(); // nothing that must be clipped: there it wraps

        var payload = Encode(quiet);

        Assert.Equal(0x546c3425f624384bUL, Lcg.Hash(payload));
        Assert.Equal(0xc2e64b777537d202UL, Lcg.Hash(MemoryMarshal.AsBytes<short>(Decode(payload))));
    }

    [Fact]
    public void What_is_too_loud_is_clipped()
    {
        var loud = Enumerable.Range(0, 3200).Select(i => (short)(i / 16 % 2 == 0 ? 32767 : -32768)).ToArray();

        var heard = Decode(Encode(loud));

        for (var i = 100; i < loud.Length; i++)
        {
            if (i % 16 is > 4 and < 12) Assert.True(Math.Sign(heard[i]) == Math.Sign(loud[i - 22]) || Math.Abs(heard[i]) < 20_000, $"{i}: {heard[i]}");
        }
    }

    private static byte[] Encode(short[] samples)
    {
        using var encoder = AudioCodecs.CreateEncoder(AudioCodecs.G722, EncoderSettings.Default);
        var payload = new byte[samples.Length / 2];
        for (var i = 0; i < samples.Length; i += 320) Assert.Equal(160, encoder.Encode(samples.AsSpan(i, 320), payload.AsSpan(i / 2)));
        return payload;
    }

    private static short[] Decode(byte[] payload)
    {
        using var decoder = AudioCodecs.CreateDecoder(AudioCodecs.G722);
        var samples = new short[payload.Length * 2];
        for (var i = 0; i < payload.Length; i += 160) Assert.Equal(320, decoder.Decode(payload.AsSpan(i, 160), samples.AsSpan(2 * i)));
        return samples;
    }
}
