using System.Buffers.Binary;
using Telephony.Testing;

namespace Telephony.Media.Sounds;

/// <summary>Files that sox wrote, and files that are broken.</summary>
public sealed class WavReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wav-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(8000, 1, "-b 16 -e signed-integer", 8000)]
    [InlineData(8000, 1, "-e a-law", 8000)]
    [InlineData(8000, 1, "-e mu-law", 8000)]
    [InlineData(8000, 2, "-b 8 -e unsigned-integer", 8000)]
    [InlineData(11025, 1, "-b 16 -e signed-integer", 16000)]
    [InlineData(16000, 2, "-b 24 -e signed-integer", 16000)] // sox writes WAVE_FORMAT_EXTENSIBLE for 24 and 32 bits
    [InlineData(22050, 1, "-b 32 -e signed-integer", 16000)]
    [InlineData(44100, 2, "-b 32 -e floating-point", 16000)]
    [InlineData(48000, 1, "-b 64 -e floating-point", 16000)]
    public async Task A_tone_in_any_common_format_keeps_its_level_frequency_and_length(int rate, int channels, string encoding, int loadedRate)
    {
        var path = Path.Combine(_folder, "tone.wav");
        await ChildProcess.Run("sox", ["-n", "-r", $"{rate}", "-c", $"{channels}", .. encoding.Split(' '), path, "synth", "1.5", "sine", "1000", "vol", "0.25"]);

        Assert.True(AudioClip.TryLoad(File.OpenRead(path), out var clip, out var error), error);

        Assert.Equal(loadedRate, clip.SampleRate);
        Assert.InRange(clip.Length.TotalSeconds, 1.499, 1.501);
        Assert.InRange(Spectrum.Level(clip.Samples.Span, clip.SampleRate, 1000), 0.2435, 0.2565); // of full scale
        Assert.InRange(Spectrum.Rms(clip.Samples.Span) * Math.Sqrt(2), 0.243, 0.257); // and nothing beside it
    }

    [Fact]
    public async Task What_lies_above_the_new_rates_band_does_not_come_back_as_another_tone()
    {
        var path = Path.Combine(_folder, "high.wav");
        await ChildProcess.Run("sox", ["-n", "-r", "48000", path, "synth", "1", "sine", "11000", "vol", "0.5"]);

        Assert.True(AudioClip.TryLoad(File.OpenRead(path), out var clip, out _));

        Assert.InRange(Spectrum.Rms(clip.Samples.Span[800..^800]), 0, 0.0005);
    }

    [Fact]
    public void Stereo_is_heard_as_the_mean_of_its_sides()
    {
        Assert.Equal([150, -150], Samples([.. WavHeader.Make(8000, 2, 8), .. Pcm(100, 200, -100, -200)]));
    }

    [Fact]
    public void Chunks_of_odd_length_and_unknown_name_are_passed_over()
    {
        var plain = WavHeader.Make(8000, 1, 4);
        byte[] file = [.. plain[..12], .. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0, .. plain[12..36], .. "fact"u8, 4, 0, 0, 0, 2, 0, 0, 0, .. plain[36..], .. Pcm(7, 8), .. "LIST"u8, 2, 0, 0, 0, 9, 9];

        Assert.Equal([7, 8], Samples(file));
    }

    [Theory]
    [InlineData(0xFFFFFFFF)] // streamed
    [InlineData(0x7FFFF000)] // espeak-ng's
    [InlineData(100)] // cut off
    public void A_length_that_was_not_known_or_is_not_there_means_to_the_end(uint length)
    {
        var header = WavHeader.Make(8000, 1, null);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), length);

        Assert.Equal([1, 2, 3], Samples([.. header, .. Pcm(1, 2, 3), 0x55])); // half a sample is none
    }

    [Fact]
    public void A_header_that_was_never_completed_means_to_the_end()
    {
        var header = WavHeader.Make(8000, 1, 0);

        Assert.Equal([1, 2, 3], Samples([.. header, .. Pcm(1, 2, 3)]));
        Assert.Empty(Samples(header));
    }

    [Fact]
    public void A_float_that_is_no_number_or_out_of_range_is_heard_as_silence_or_full_scale()
    {
        var header = WavHeader.Make(8000, 1, 16);
        (header[20], header[32], header[34]) = (3, 4, 32);
        var samples = new byte[16];
        float[] values = [float.NaN, 5, float.NegativeInfinity, 0.5f];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(samples.AsSpan(4 * i), values[i]);

        Assert.Equal([0, 32767, -32768, 16384], Samples([.. header, .. samples]));
    }

    [Fact]
    public void A_file_cut_off_at_any_byte_of_its_head_says_so()
    {
        var file = WavHeader.Make(8000, 1, 4);
        for (var length = 0; length < file.Length; length++)
        {
            Assert.False(AudioClip.TryLoad(new MemoryStream(file[..length]), out _, out var error));
            Assert.Contains(length < 12 ? "no WAV file" : "it ends", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(20, 85, "format 85 with 16 bits")] // MP3 in WAV
    [InlineData(22, 0, "0 channels")]
    [InlineData(22, 9, "9 channels")]
    [InlineData(24, 1, "sample rate is 1 Hz")]
    [InlineData(32, 3, "frames of 3 bytes")]
    [InlineData(34, 12, "12 bits")]
    [InlineData(8, 65, "no WAV file")]
    [InlineData(16, 8, "too short")]
    public void A_file_that_can_not_be_read_says_why(int at, byte value, string reason)
    {
        var file = WavHeader.Make(8000, 1, 0);
        file[at] = value;
        if (at == 24) file[25] = 0;

        Assert.False(AudioClip.TryLoad(new MemoryStream([.. file, 0, 0]), out _, out var error));

        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            byte[] file = [.. WavHeader.Make(8000, 1, random.Next(3)), .. new byte[random.Next(40)]];
            for (var bit = random.Next(6); bit >= 0; bit--) file[random.Next(file.Length)] = (byte)random.Next(256);

            AudioClip.TryLoad(new MemoryStream(file), out _, out _);
        }
    }

    [Fact]
    public void A_file_that_would_fill_the_memory_is_refused()
    {
        Assert.False(AudioClip.TryLoad(new EndlessStream(WavHeader.Make(8000, 1, null)), out _, out var error));

        Assert.Equal("it is longer than 30 minutes", error);
    }

    private static short[] Samples(byte[] file)
    {
        Assert.True(AudioClip.TryLoad(new MemoryStream(file), out var clip, out var error), error);
        return clip.Samples.ToArray();
    }

    private static byte[] Pcm(params short[] samples) => System.Runtime.InteropServices.MemoryMarshal.AsBytes<short>(samples).ToArray();

    private sealed class EndlessStream(byte[] head) : MemoryStream(head)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer) is > 0 and var read ? read : buffer.Length;
    }
}
