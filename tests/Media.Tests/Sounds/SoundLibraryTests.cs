using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Telephony.Testing;

namespace Telephony.Media.Sounds;

/// <summary>Which sound somebody hears who asks for one: told by the value of its samples.</summary>
public sealed class SoundLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prompts-").FullName;
    private readonly Files _files = new();
    private readonly SimulatedTime _time = new();
    private readonly SoundLibrary _library;

    public SoundLibraryTests()
    {
        _library = new SoundLibrary(_files, _time, NullLogger.Instance, _folder);
        foreach (var (path, value) in ((string, short)[])[("en/hello", 1), ("fr/hello", 2), ("en/goodbye", 3)])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, path))!);
            File.WriteAllBytes(Path.Combine(_folder, path + ".wav"), Wav(value));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("hello", "fr", 2)]
    [InlineData("hello", "fr-BE", 2)] // its language without the region
    [InlineData("hello", "nl", 1)] // English
    [InlineData("hello", null, 1)]
    [InlineData("goodbye", "fr", 3)]
    [InlineData("acme/hello", "fr", 12)] // the tenant's own
    [InlineData("acme/hello", "nl", 1)]
    [InlineData("other/hello", "fr", 2)]
    public async Task A_prompt_is_the_tenants_then_of_its_language_then_English(string name, string? language, int heard)
    {
        _files["acme/prompts/fr/hello.wav"] = Wav(12);

        Assert.Equal(heard, await Hear(new(MediaSourceKind.Prompt, name, language)));
    }

    [Theory]
    [InlineData("acme/sales", 21)]
    [InlineData("acme/support", 20)] // not there: the tenant's default
    [InlineData("acme/default", 20)]
    public async Task Music_is_the_queues_then_the_tenants(string name, int heard)
    {
        _files["acme/music/default.wav"] = Wav(20);
        _files["acme/music/sales.wav"] = Wav(21);

        Assert.Equal(heard, await Hear(new(MediaSourceKind.Music, name)));
    }

    [Fact]
    public async Task Music_of_a_tenant_who_has_none_or_a_broken_file_is_the_systems()
    {
        _files["acme/music/default.wav"] = "no music"u8.ToArray();
        _files["away/music/default.wav"] = null;
        var expected = HoldMusic.Find("default")!.Samples.Span[1000..1160].ToArray();

        foreach (var name in (string[])["acme/default", "away/default", "none/x", "default", "unknown"])
        {
            using var source = (await _library.Open(new(MediaSourceKind.Music, name)))!;
            var samples = new short[1160];
            source.Read(samples);
            Assert.Equal(expected, samples[1000..]);
        }
    }

    [Theory]
    [InlineData(MediaSourceKind.Prompt, "../secret")]
    [InlineData(MediaSourceKind.Prompt, "a/b/c")]
    [InlineData(MediaSourceKind.Prompt, "unknown")]
    [InlineData(MediaSourceKind.Music, "../../x")]
    [InlineData(MediaSourceKind.File, "acme/none.wav")]
    [InlineData(MediaSourceKind.File, "none.wav")]
    [InlineData(MediaSourceKind.Tone, "unknown")]
    [InlineData(MediaSourceKind.Silence, "-1")]
    [InlineData(MediaSourceKind.Silence, "99999999999")]
    public async Task What_is_not_there_is_none(MediaSourceKind kind, string name) => Assert.Null(await _library.Open(new(kind, name)));

    [Fact]
    public async Task Silence_lasts_as_long_as_it_says()
    {
        using var source = (await _library.Open(new(MediaSourceKind.Silence, "50")))!;
        var frame = new short[160];

        Assert.Equal([160, 160, 80, 0], Enumerable.Range(0, 4).Select(_ => source.Read(frame)));
        Assert.Equal(8000, source.SampleRate);
    }

    [Fact]
    public async Task A_file_is_fetched_once_for_all_who_play_it_and_again_after_a_minute()
    {
        _files["acme/vm/1.wav"] = Wav(7);
        var file = new MediaSource(MediaSourceKind.File, "acme/vm/1.wav");

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Hear(file))), heard => Assert.Equal(7, heard));
        Assert.Equal(1, _files.Opened);
        _files["acme/vm/1.wav"] = Wav(8);
        await _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(8, await Hear(file));
    }

    [Fact]
    public async Task A_file_whose_storage_was_away_is_asked_for_again()
    {
        var file = new MediaSource(MediaSourceKind.File, "acme/1.wav");
        _files["acme/1.wav"] = null;
        Assert.Null(await _library.Open(file));
        _files["acme/1.wav"] = Wav(9);

        Assert.Equal(9, await Hear(file));
    }

    [Fact]
    public async Task Playing_allocates_nothing()
    {
        using var source = (await _library.Open(new(MediaSourceKind.Tone, "ringback:be")))!;
        var frame = new short[160];

        Assert.Equal(0, Allocations.Of(() => source.Read(frame)));
    }

    private async Task<int> Hear(MediaSource what)
    {
        using var source = await _library.Open(what);
        Assert.NotNull(source);
        var frame = new short[160];
        Assert.Equal(160, source.Read(frame));
        return frame[80];
    }

    private static byte[] Wav(short value)
    {
        var samples = new short[800];
        Array.Fill(samples, value);
        return [.. WavHeader.Make(8000, 1, 1600), .. MemoryMarshal.AsBytes<short>(samples)];
    }

    private sealed class Files : ConcurrentDictionary<string, byte[]?>, IAudioFiles
    {
        private int _opened;

        public int Opened => _opened;

        public Task<Stream?> OpenAsync(string path, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _opened);
            if (!TryGetValue(path, out var bytes)) return Task.FromResult<Stream?>(null);
            return bytes is null ? throw new IOException("away") : Task.FromResult<Stream?>(new MemoryStream(bytes));
        }
    }
}
