using Telephony.Blobs;
using Telephony.Media.Sounds;
using Telephony.Testing;

namespace Telephony.MediaStorage;

/// <summary>Against a real Azurite, judged by sox.</summary>
public sealed class RecordingTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    private readonly BlobStore _blobs = new(new BlobOptions { ConnectionString = azurite.ConnectionString }, TimeProvider.System);
    private readonly string _path = Guid.CreateVersion7().ToString("N") + "/call.wav";

    public void Dispose() => _blobs.Dispose();

    [Fact]
    public async Task A_recording_that_grows_can_be_read_at_any_time_with_the_right_length()
    {
        var store = new BlobRecordingStore(_blobs);
        await store.CreateAsync(_path, "me", default);
        await store.AppendAsync(_path, 0, WavHeader.Make(8000, 2, null), default);
        for (var second = 1; second <= 3; second++)
        {
            await store.AppendAsync(_path, await store.GetLengthAsync(_path, default), new byte[32_000], default);

            Assert.Equal($"{second}.000000", await Soxi());
        }
    }

    [Fact]
    public async Task An_append_at_another_place_than_the_end_is_refused()
    {
        var store = new BlobRecordingStore(_blobs);
        Assert.True(await store.CreateAsync(_path, "me", default));
        await store.AppendAsync(_path, 0, new byte[100], default);

        await Assert.ThrowsAsync<IOException>(() => store.AppendAsync(_path, 50, new byte[100], default));

        Assert.Equal(100, await store.GetLengthAsync(_path, default));
        Assert.False(await store.CreateAsync(_path, "another", default));
        Assert.Equal(100, await store.GetLengthAsync(_path, default));
    }

    [Fact]
    public async Task A_recording_that_is_not_there_is_none()
    {
        await _blobs.CreateContainerIfMissingAsync(BlobRecordingStore.Container);

        Assert.Equal(0, await new BlobRecordingStore(_blobs).GetLengthAsync(_path, default));
        Assert.Null(await RecordingReader.OpenAsync(_blobs, _path));
        await Assert.ThrowsAsync<IOException>(() => new BlobRecordingStore(_blobs).CreateAsync("../x", "me", default));
        await Assert.ThrowsAsync<IOException>(() => new BlobRecordingStore(_blobs).AppendAsync("../x", 0, new byte[1], default));
    }

    [Fact]
    public async Task A_tenants_sound_file_is_opened_and_none_that_is_not_there()
    {
        var files = new BlobAudioFiles(_blobs);
        Assert.Null(await files.OpenAsync(_path, default));
        await _blobs.CreateContainerIfMissingAsync(BlobAudioFiles.Container);
        await _blobs.PutAsync(BlobAudioFiles.Container, _path, "RIFF"u8.ToArray(), "audio/wav");

        await using var stream = await files.OpenAsync(_path, default);

        Assert.Equal((byte)'R', stream!.ReadByte());
        Assert.Null(await files.OpenAsync("../" + _path, default));
    }

    private async Task<string> Soxi()
    {
        var file = Path.Combine(Path.GetTempPath(), Guid.NewGuid() + ".wav");
        try
        {
            var (stream, length) = (await RecordingReader.OpenAsync(_blobs, _path))!.Value;
            await using (stream)
            await using (var to = File.Create(file)) await stream.CopyToAsync(to);
            Assert.Equal(length, new FileInfo(file).Length);
            return (await ChildProcess.Run("soxi", ["-D", file])).Trim();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
