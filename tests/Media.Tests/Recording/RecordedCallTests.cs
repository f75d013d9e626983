using System.Runtime.InteropServices;
using Telephony.Media.Audio;
using Telephony.Media.Codecs;
using Telephony.Media.Relay;
using Telephony.Media.Sounds;
using Telephony.Testing;

namespace Telephony.Media.Recording;

/// <summary>Two phones with RTP through a node that records them, in simulated time; what was stored is judged by its spectrum, each 100 ms.</summary>
public sealed class RecordedCallTests : IAsyncLifetime
{
    private const double Loud = 8000 / 32768.0, A = 600, B = 1100;
    private const string Path = "acme/call.wav";

    private readonly MemoryStore _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("recorded-").FullName;
    private TestNode _test = null!;

    private MediaNode Node => _test.Node;

    public Task InitializeAsync()
    {
        _test = Start(_store, _folder);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _test.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(8000, false)]
    [InlineData(16_000, true)]
    public async Task In_stereo_each_phone_is_on_its_side_and_both_sides_are_aligned_REC_13(int rate, bool isWideband)
    {
        using var a = new Talker(AudioCodecs.Pcmu, A);
        using var b = new Talker(isWideband ? AudioCodecs.G722 : AudioCodecs.Pcmu, B);
        await Call(a, b);
        await Talk(20, a, b);
        await Record(RecordingLayout.Stereo, rate, new("a", RecordingSide.Left), new("b", RecordingSide.Right));
        await Talk(75, a, b);
        (a.Sound, b.Sound) = ('9', '9'); // both at once
        await Talk(25, a, b);
        (a.Sound, b.Sound) = ('\0', '\0');
        await Talk(50, a, b);
        var (left, right) = Sides(await Stop(), rate);

        Assert.InRange(left.Length / (rate / 50), 149, 152);
        foreach (var at in Enumerable.Range(2, 11).Concat(Enumerable.Range(23, 6)))
        {
            Assert.Equal((Loud, 0), (Level(left, at, rate, A), Level(left, at, rate, B)), Close);
            Assert.Equal((0, Loud), (Level(right, at, rate, A), Level(right, at, rate, B)), Close);
        }

        Assert.InRange(Math.Abs(EndOf(left, A, rate) - EndOf(right, B, rate)), 0, 20);
        Assert.Equal(Loud, a.Level(B), 0.03); // and they hear each other on
        Assert.Equal(Loud, b.Level(A), 0.03);
    }

    [Fact]
    public async Task A_relayed_call_is_recorded_mixed_while_its_phones_hear_one_stream_and_it_is_relayed_again_after_it()
    {
        using var a = new Talker(AudioCodecs.Pcmu, A);
        using var b = new Talker(AudioCodecs.Pcmu, B);
        await Call(a, b);
        await Talk(20, a, b);
        await Record(RecordingLayout.Mixed, 8000, new("a", RecordingSide.Both), new("b", RecordingSide.Both));
        await Talk(150, a, b);
        var samples = Samples(await Stop(), 8000, 1);
        await Talk(20, a, b);

        Assert.InRange(samples.Length / 160, 149, 152);
        for (var at = 2; at < samples.Length / 800; at++) Assert.Equal((Loud, Loud), (Level(samples, at, 8000, A), Level(samples, at, 8000, B)), Close);
        Assert.True(a.IsOneStream && b.IsOneStream, "SSRC, sequence or timestamps jump");
        Assert.IsType<MediaRoute>(Node.Leg("b").Feeder);
        Assert.Equal(Loud, b.Level(A), 0.03);
    }

    [Fact]
    public async Task One_leg_alone_is_recorded_and_silence_where_it_sends_nothing()
    {
        using var a = new Talker(AudioCodecs.Pcma, A);
        a.Target = TestNode.Port(await Alone(a));
        await Record(RecordingLayout.Mixed, 8000, new RecordingParty("a", RecordingSide.Both));
        await Talk(50, a);
        await Talk(50);
        var samples = Samples(await Stop(), 8000, 1);

        Assert.InRange(samples.Length / 160, 99, 102);
        for (var at = 2; at < 10; at++) Assert.Equal(Loud, Level(samples, at, 8000, A), 0.03);
        for (var at = 13; at < 19; at++) Assert.Equal(0, Level(samples, at, 8000, A), 0.01); // what was lost fades out
    }

    [Fact]
    public async Task Nothing_of_what_is_said_in_a_pause_is_stored()
    {
        using var a = new Talker(AudioCodecs.Pcmu, A);
        using var b = new Talker(AudioCodecs.Pcmu, B);
        await Call(a, b);
        await Record(RecordingLayout.Mixed, 8000, new("a", RecordingSide.Both), new("b", RecordingSide.Both));
        await Talk(50, a, b);
        TestNode.Ok(await Node.PauseRecording("r", 1));
        a.Sound = '9'; // 852 and 1477 Hz
        await Talk(100, a, b);
        a.Sound = '\0';
        await Talk(10, a, b);
        TestNode.Ok(await Node.ResumeRecording("r", 1));
        await Talk(50, a, b);
        var samples = Samples(await Stop(), 8000, 1);

        Assert.InRange(samples.Length / 160, 118, 123); // with 0.4 s of the mark
        for (var at = 0; at < samples.Length / 800; at++) Assert.True(Level(samples, at, 8000, 1477) < 0.02 && Level(samples, at, 8000, 852) < 0.02, $"heard at {at * 100} ms");
        Assert.Contains(Enumerable.Range(9, 6), at => Level(samples, at, 8000, 440) > 0.1);
        for (var at = 16; at < 23; at++) Assert.Equal((Loud, Loud), (Level(samples, at, 8000, A), Level(samples, at, 8000, B)), Close);
    }

    private static TestNode Start(MemoryStore store, string folder) => new(recordings: store, configure: o =>
    {
        o.Codecs = "PCMA,PCMU,G722";
        o.Recording.Folder = folder;
    });

    private async Task Call(Talker a, Talker b) => (a.Target, b.Target) = await _test.Call(a.Description(), b.Description());

    private async Task<MediaDescription> Alone(Talker talker)
    {
        TestNode.Ok(await Node.CreateLeg("a", TestNode.Owner, MediaProfile.Phone));
        TestNode.Ok(await Node.SetRemote("a", 1, talker.Description()));
        return await Node.CreateAnswer("a", 1, "a");
    }

    private async Task Record(RecordingLayout layout, int rate, params RecordingParty[] parties) =>
        TestNode.Ok(await Node.Record("r", TestNode.Owner, new RecordingRequest([.. parties], layout, Path, rate)));

    // and what is stored then
    private async Task<byte[]> Stop()
    {
        TestNode.Ok(await Node.StopRecording("r", 1));
        MediaEvent? stored = null;
        await Eventually.Is(async () =>
        {
            await _test.Time.Advance(TimeSpan.FromMilliseconds(200));
            return (stored = (await Node.ReadEvents("silo", 0, 100, TimeSpan.Zero)).FirstOrDefault(e => e.Kind == MediaEventKind.RecordingStored)) is not null;
        });
        Assert.Equal(_store[Path].Length, stored!.Bytes);
        return _store[Path];
    }

    private async Task Talk(int ticks, params Talker[] talkers)
    {
        for (var i = 0; i < ticks; i++)
        {
            foreach (var talker in talkers) talker.Say();
            await Node.Topology.Quiesce();
            await _test.Time.Advance(TimeSpan.FromMilliseconds(20));
            await Node.Topology.Quiesce();
            await Node.Topology.Quiesce(); // woken, it has ticked
            foreach (var talker in talkers) talker.Listen();
        }
    }

    private static short[] Samples(byte[] file, int rate, int channels)
    {
        Assert.Equal(WavHeader.Make(rate, channels, null), file[..WavHeader.Length]);
        return MemoryMarshal.Cast<byte, short>(file.AsSpan(WavHeader.Length)).ToArray();
    }

    private static (short[] Left, short[] Right) Sides(byte[] file, int rate)
    {
        var samples = Samples(file, rate, 2);
        return ([.. samples.Where((_, i) => i % 2 == 0)], [.. samples.Where((_, i) => i % 2 == 1)]);
    }

    // of a tenth of a second
    private static double Level(short[] samples, int tenth, int rate, double hz) => Spectrum.Level(samples.AsSpan(tenth * rate / 10, rate / 10), rate, hz);

    // where a tone is first gone, in ms, in steps of 10 ms
    private static int EndOf(short[] samples, double hz, int rate) =>
        Enumerable.Range(20, 200).First(at => Spectrum.Level(samples.AsSpan(at * rate / 100, rate / 100), rate, hz) < Loud / 2) * 10;

    private static bool Close((double A, double B) expected, (double A, double B) actual) => Math.Abs(expected.A - actual.A) < 0.03 && Math.Abs(expected.B - actual.B) < 0.03;
}
