using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Telephony.Blobs;
using Telephony.Media.Audio;
using Telephony.Media.Codecs;
using Telephony.Media.Relay;
using Telephony.Media.Sounds;
using Telephony.MediaStorage;
using Telephony.Testing;

namespace Telephony.Media.Remote;

/// <summary>A media node in another process that records two phones to a real Azurite.</summary>
[SupportedOSPlatform("linux")]
public sealed class RecordingProcessTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    private const double Loud = 8000 / 32768.0, A = 600, B = 1100;
    private static readonly MediaOwner Owner = new("silo", 1, "call");

    private readonly BlobStore _blobs = new(new BlobOptions { ConnectionString = azurite.ConnectionString }, TimeProvider.System);
    private readonly string _path = Guid.CreateVersion7().ToString("N") + "/call.wav";

    public void Dispose() => _blobs.Dispose();

    [Fact]
    public async Task A_recording_of_a_node_that_is_killed_lacks_at_most_two_seconds_and_its_successors_is_the_next_part()
    {
        await using var process = await MediaProcess.StartNew(new Dictionary<string, string?> { ["ConnectionStrings__Blobs"] = azurite.ConnectionString });
        var node = await process.Drive();
        using var a = new Talker(AudioCodecs.Pcmu, A);
        using var b = new Talker(AudioCodecs.Pcmu, B);
        await Record(node, a, b);
        await Talk(250, a, b); // 5 s

        await process.Kill();
        var before = await Length(_path);
        await process.Start();
        await Eventually.Is(() => node.State is not null);
        await Eventually.Is(async () => (await node.ReadEvents("silo", 0, 100, TimeSpan.Zero)).Any(e => e.Kind == MediaEventKind.RecordingStored), TimeSpan.FromSeconds(30));
        var (left, right) = await Sides(_path);

        Assert.InRange(before, 1, WavHeader.Length + (left.Length * 4)); // a part had been stored while it went on
        Assert.True(left.Length >= (250 - 100) * 160, $"{left.Length / 8000.0} of 5 s are there");
        Assert.True(Heard(left, A) >= 20, "the left side has gaps"); // tenths of a second; a busy machine is late with some
        Assert.True(Heard(right, B) >= 20, "the right side has gaps");
        Assert.Equal((0, 0), (Heard(left, B), Heard(right, A)));

        await Record(node, a, b); // the call is recovered, and its recording begun anew
        await Talk(100, a, b);
        TestNode.Ok(await node.StopRecording("r", 1));
        await Eventually.Is(async () => (await node.ReadEvents("silo", 0, 100, TimeSpan.Zero)).Any(e => e.Kind == MediaEventKind.RecordingStored && e.Path!.EndsWith("call.2.wav", StringComparison.Ordinal)));
        Assert.Equal(left.Length, (await Sides(_path)).Left.Length);
        Assert.True(Heard((await Sides(_path.Replace("call", "call.2", StringComparison.Ordinal))).Left, A) >= 5, "the next part has gaps");
    }

    private async Task Record(RemoteMediaNode node, Talker a, Talker b)
    {
        TestNode.Ok(await node.CreateLeg("a", Owner, MediaProfile.Phone));
        TestNode.Ok(await node.CreateLeg("b", Owner, MediaProfile.Phone));
        TestNode.Ok(await node.SetRemote("a", 1, a.Description()));
        b.Target = TestNode.Port(await node.CreateOffer("b", 1, "a"));
        TestNode.Ok(await node.SetRemote("b", 1, b.Description()));
        a.Target = TestNode.Port(await node.CreateAnswer("a", 1, "b"));
        TestNode.Ok(await node.Connect(1, [new("a", "b"), new("b", "a")]));
        TestNode.Ok(await node.Record("r", Owner, new RecordingRequest([new("a", RecordingSide.Left), new("b", RecordingSide.Right)], RecordingLayout.Stereo, _path, 8000)));
    }

    // a packet of each every 20 ms or later, never two at once
    private static async Task Talk(int packets, Talker a, Talker b)
    {
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        for (var i = 0; i < packets && await every.WaitForNextTickAsync(); i++)
        {
            a.Say();
            b.Say();
        }
    }

    private async Task<long> Length(string path) => (await _blobs.GetPropertiesAsync(BlobRecordingStore.Container, path))?.Length ?? 0;

    private async Task<(short[] Left, short[] Right)> Sides(string path)
    {
        var (stream, _) = (await RecordingReader.OpenAsync(_blobs, path))!.Value;
        await using (stream)
        {
            var file = new MemoryStream();
            await stream.CopyToAsync(file);
            var samples = MemoryMarshal.Cast<byte, short>(file.ToArray().AsSpan(WavHeader.Length)).ToArray();
            return ([.. samples.Where((_, i) => i % 2 == 0)], [.. samples.Where((_, i) => i % 2 == 1)]);
        }
    }

    // the tenths of a second in which a tone is as loud as it was said, more or less: a late packet costs some of it
    private static int Heard(short[] samples, double hz) => samples.Chunk(800).Count(c => c.Length == 800 && Spectrum.Level(c, 8000, hz) > Loud / 2);
}
