using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Telephony.Media.Sounds;
using Telephony.Testing;

namespace Telephony.Media.Recording;

public sealed class RecorderTests : IAsyncLifetime
{
    private static readonly MediaOwner Owner = new("silo", 1, "call-1");

    private readonly SimulatedTime _time = new();
    private readonly FakeTaps _taps = new();
    private readonly MemoryStore _store = new();
    private readonly ConcurrentQueue<MediaEvent> _events = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("recorder-").FullName;
    private Recorder _recorder = null!;
    private long _maxBytes = 100_000_000;

    public Task InitializeAsync()
    {
        _recorder = New();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _recorder.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public async Task In_stereo_each_party_is_on_their_side_REC_13(int rate)
    {
        await Start(RecordingLayout.Stereo, rate, ("a", RecordingSide.Left), ("b", RecordingSide.Right));
        await Talk(3);
        await _recorder.Stop("r", 1);
        var stored = await Stored();

        var samples = Samples(rate, 2);
        Assert.Equal(3 * rate * 2, samples.Length);
        for (var i = 0; i < samples.Length; i += 2) Assert.Equal((1000, -300), (samples[i], samples[i + 1]));
        Assert.Equal(TimeSpan.FromSeconds(3), stored.Duration);
        Assert.Equal(WavHeader.Length + (samples.Length * 2), stored.Bytes);
        Assert.Equal(("acme/r.wav", "r", "call-1", "a"), (stored.Path, stored.Subject, stored.Call, stored.Leg));
    }

    [Fact]
    public async Task Mixed_the_parties_are_one_and_loud_ones_do_not_wrap()
    {
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both), ("b", RecordingSide.Both));
        await Talk(1);
        (_taps.Says["a"], _taps.Says["b"]) = (30_000, 20_000);
        await Talk(1);
        await _recorder.Stop("r", 1);
        await Stored();

        var samples = Samples(8000, 1);
        Assert.All(samples[..8000], s => Assert.Equal(700, s));
        Assert.All(samples[8000..], s => Assert.Equal(short.MaxValue, s));
    }

    [Fact]
    public async Task A_recording_is_in_the_store_while_it_goes_on_and_no_more_than_two_seconds_are_missing()
    {
        await Start(RecordingLayout.Mixed, 16_000, ("a", RecordingSide.Both));
        for (var second = 1; second <= 20; second++)
        {
            for (var turn = 0; turn < 5; turn++)
            {
                _taps.Tick(10);
                await Turn();
                await Eventually.Is(() => !_recorder.IsShipping);
            }

            Assert.InRange(_store["acme/r.wav"].Length, WavHeader.Length + ((second - 2) * 32_000), int.MaxValue);
        }

        Assert.Equal(MediaEventKind.RecordingStarted, Assert.Single(_events).Kind);
        Assert.True(AudioClip.TryLoad(new MemoryStream(_store["acme/r.wav"]), out _, out _)); // and it can be played
    }

    [Fact]
    public async Task What_is_said_in_a_pause_is_not_recorded_and_a_short_tone_marks_it()
    {
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both));
        await Talk(1);
        await _recorder.Pause("r", 1);
        await _recorder.Pause("r", 1);
        _taps.Says["a"] = 7777; // a card number
        await Talk(10);
        await _recorder.Resume("r", 1);
        _taps.Says["a"] = 1000;
        await Talk(1);
        await _recorder.Stop("r", 1);
        await Stored();

        var samples = Samples(8000, 1);
        Assert.Equal(8000 + 3200 + 8000, samples.Length);
        Assert.DoesNotContain<short>(7777, samples);
        Assert.All(samples[..8000], s => Assert.Equal(1000, s));
        Assert.InRange(Spectrum.Level(samples.AsSpan(8800, 1600), 8000, 440), 0.15, 0.25);
        Assert.All(samples[11200..], s => Assert.Equal(1000, s));
    }

    [Fact]
    public async Task Time_that_an_audio_thread_left_out_is_silence_so_nothing_shifts()
    {
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both));
        _taps.Tick(50);
        _taps.Tick(1, stands: 26);
        _taps.Tick(24);
        await _recorder.Stop("r", 1);
        await Stored();

        var samples = Samples(8000, 1);
        Assert.Equal(2 * 8000, samples.Length);
        Assert.All(samples[8000..12000], s => Assert.Equal(0, s));
        Assert.All(samples[12000..], s => Assert.Equal(1000, s));
    }

    [Fact]
    public async Task A_disk_that_stands_still_costs_sound_but_no_time()
    {
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both));
        _taps.Tick(300); // nobody takes it out: 4 s find room
        await Turn();
        _taps.Tick(50);
        await _recorder.Stop("r", 1);
        var stored = await Stored();

        Assert.Equal(TimeSpan.FromSeconds(7), stored.Duration);
        var samples = Samples(8000, 1);
        Assert.All(samples[32_000..48_000], s => Assert.Equal(0, s));
        Assert.All(samples[48_000..], s => Assert.Equal(1000, s));
    }

    [Fact]
    public async Task While_the_store_is_away_a_recording_waits_on_disk_for_its_owners_eyes_only_and_arrives_whole()
    {
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both));
        await Talk(2);
        _store.IsAway = true;
        await Talk(300);
        await _recorder.Stop("r", 1);
        foreach (var file in Directory.GetFiles(_folder, "*", SearchOption.AllDirectories)) Assert.Equal("600", ModeOf(file));
        _store.IsAway = false;
        var stored = await Stored();

        Assert.Equal(TimeSpan.FromSeconds(302), stored.Duration);
        Assert.All(Samples(8000, 1), s => Assert.Equal(1000, s));
        Assert.Empty(Directory.GetDirectories(_folder));
    }

    [Fact]
    public async Task An_answer_that_was_lost_doubles_nothing()
    {
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both));
        await Talk(3);
        _store.LosesAnswer = true;
        await Talk(3);
        await _recorder.Stop("r", 1);
        var stored = await Stored();

        Assert.Equal(stored.Bytes, _store["acme/r.wav"].Length);
        Assert.Equal(TimeSpan.FromSeconds(6), stored.Duration);
    }

    [Fact]
    public async Task A_recording_fails_when_too_much_waits_and_what_there_is_is_stored_later()
    {
        await _recorder.DisposeAsync();
        _maxBytes = 100_000;
        _recorder = New();
        _store.IsAway = true;
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both));
        await Talk(20);

        var failed = Assert.Single(_events, e => e.Kind == MediaEventKind.RecordingFailed);
        Assert.InRange(failed.Duration!.Value.TotalSeconds, 6, 7);
        Assert.Equal(0, _taps.Count);
        Assert.Equal(MediaError.UnknownRecording, await _recorder.Stop("r", 1));
        _store.IsAway = false;
        await Eventually.Is(async () =>
        {
            await Turn();
            return _store["acme/r.wav"].Length == failed.Bytes;
        });
        Assert.DoesNotContain(_events, e => e.Kind == MediaEventKind.RecordingStored);
    }

    [Fact]
    public async Task What_a_process_left_on_disk_is_stored_by_the_next()
    {
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both));
        await Talk(2);
        await Eventually.Is(() => _store["acme/r.wav"].Length > 0);
        _store.IsAway = true;
        await Talk(5);
        await _recorder.DisposeAsync();
        _store.IsAway = false;
        _recorder = New();
        var stored = await Stored();

        Assert.Equal(stored.Bytes, _store["acme/r.wav"].Length);
        Assert.Equal(TimeSpan.FromSeconds(7), stored.Duration);
        Assert.All(Samples(8000, 1), s => Assert.Equal(1000, s));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recording_to_a_path_that_is_taken_becomes_its_next_part_and_loses_neither(bool isAwayFirst)
    {
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both));
        await Talk(3);
        await _recorder.Stop("r", 1);
        await Stored();
        var first = _store["acme/r.wav"];
        _events.Clear();
        _taps.Says["a"] = 5;

        _store.IsAway = isAwayFirst;
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both)); // the same call, on another node
        await Talk(2);
        _store.IsAway = false;
        await _recorder.Stop("r", 1);
        var stored = await Stored();

        Assert.Equal("acme/r.2.wav", stored.Path);
        Assert.Equal(stored.Bytes, _store["acme/r.2.wav"].Length);
        Assert.All(Samples(8000, 1, "acme/r.2.wav"), s => Assert.Equal(5, s));
        Assert.Equal(first, _store["acme/r.wav"]);
    }

    [Fact]
    public async Task A_next_part_stays_that_after_a_crash()
    {
        _store.Writers["acme/r.wav"] = "another node";
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both));
        await Talk(3);
        await Eventually.Is(() => _store["acme/r.2.wav"].Length > 0);
        await _recorder.DisposeAsync();
        _store.Writers.TryRemove("acme/r.wav", out _); // and this one was deleted
        _recorder = New();
        var stored = await Stored();

        Assert.Equal(("acme/r.2.wav", TimeSpan.FromSeconds(3)), (stored.Path, stored.Duration));
        Assert.Equal(stored.Bytes, _store["acme/r.2.wav"].Length);
    }

    [Fact]
    public async Task A_process_that_ended_between_storing_and_deleting_stores_nothing_twice_and_its_next_tells_the_right_length()
    {
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both));
        await Talk(3);
        await _recorder.Stop("r", 1);
        await Turn();
        await Eventually.Is(() => _store["acme/r.wav"].Length == WavHeader.Length + 48_000);
        await _recorder.DisposeAsync();
        _recorder = New();
        var stored = await Stored();

        Assert.Equal((TimeSpan.FromSeconds(3), WavHeader.Length + 48_000L), (stored.Duration, stored.Bytes));
        Assert.Equal(stored.Bytes, _store["acme/r.wav"].Length);
    }

    [Fact]
    public async Task Two_nodes_can_not_have_one_folder()
    {
        var refused = Assert.Throws<InvalidOperationException>(New);
        Assert.StartsWith($"Telephony:Media:Recording:Folder is '{_folder}', allowed is", refused.Message);

        await _recorder.DisposeAsync();
        _recorder = New();
    }

    [Fact]
    public void Options_that_can_not_be_are_named()
    {
        var file = Path.Combine(_folder, "lock");
        var result = new MediaOptionsValidator().Validate(null, new MediaOptions { Recording = new() { MaxBytes = 5, Folder = file } });

        Assert.Equal(
            ["Telephony:Media:Recording:MaxBytes is '5', allowed is 1048576 (1 MiB) to 1125899906842624 (1 PiB)", $"Telephony:Media:Recording:Folder is '{file}', allowed is a folder, or what can become one; this is a file"],
            result.Failures);
    }

    [Fact]
    public async Task A_recording_ends_with_the_last_of_its_legs_REC_09()
    {
        await Start(RecordingLayout.Mixed, 8000, ("a", RecordingSide.Both), ("b", RecordingSide.Both));
        await _recorder.LegGone("a", leg => leg == "b");
        Assert.Equal(1, _taps.Count);

        await _recorder.LegGone("b", _ => false);

        await Stored();
    }

    [Fact]
    public async Task The_parties_of_a_recording_may_change_while_it_goes_on()
    {
        _taps.Says["c"] = 5;
        await Start(RecordingLayout.Stereo, 8000, ("a", RecordingSide.Left), ("b", RecordingSide.Right));
        await Talk(1);
        await Start(RecordingLayout.Stereo, 8000, ("a", RecordingSide.Left), ("c", RecordingSide.Right)); // transferred
        await Talk(1);
        await _recorder.Stop("r", 1);
        await Stored();

        var samples = Samples(8000, 2);
        Assert.Equal([1000, -300, 1000, 5], samples[15_998..16_002]);
        Assert.Equal(32_000, samples.Length);
    }

    [Fact]
    public async Task A_command_that_can_not_be_is_refused_and_leaves_nothing()
    {
        var good = new RecordingRequest([new("a", RecordingSide.Both)], RecordingLayout.Mixed, "acme/r.wav", 8000);

        Assert.Equal(MediaError.CanNotRecord, await _recorder.Record("r", Owner, good with { SampleRate = 44_100 }));
        Assert.Equal(MediaError.CanNotRecord, await _recorder.Record("r", Owner, good with { Parties = [] }));
        Assert.Equal(MediaError.UnknownLeg, await _recorder.Record("r", Owner, good with { Parties = [new("x", RecordingSide.Both)] }));
        Assert.Equal(MediaError.UnknownRecording, await _recorder.Stop("r", 1));
        Assert.Empty(Directory.GetDirectories(_folder));
        await _recorder.Record("r", Owner with { Epoch = 5 }, good);
        Assert.Equal(MediaError.StaleEpoch, await _recorder.Stop("r", 4));
        Assert.Equal(MediaError.StaleEpoch, await _recorder.Record("r", Owner, good));
    }

    [Fact]
    public void A_tap_allocates_nothing()
    {
        var tap = new RecordingTap(16_000, 2, [RecordingSide.Left, RecordingSide.Right]);
        var (frame, bytes) = (new short[320], new byte[64_000]);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                tap.Write(0, frame, frame);
                tap.Write(1, frame, frame);
                tap.EndTick(1);
                if (i % 10 == 0) tap.Read(bytes);
            }
        }));
    }

    private static string ModeOf(string file) => OperatingSystem.IsWindows() ? "600" : Convert.ToString((int)File.GetUnixFileMode(file), 8);

    private Recorder New() => new(new RecordingOptions { Folder = _folder, MaxBytes = _maxBytes }, _store, _taps, _time, NullLogger.Instance, (_, e) => _events.Enqueue(e));

    private async Task Start(RecordingLayout layout, int rate, params (string Leg, RecordingSide Side)[] parties) => Assert.Equal(
        MediaError.None, await _recorder.Record("r", Owner, new([.. parties.Select(p => new RecordingParty(p.Leg, p.Side))], layout, "acme/r.wav", rate)));

    private async Task Talk(int seconds)
    {
        for (var i = 0; i < seconds * 5; i++)
        {
            _taps.Tick(10);
            await Turn();
        }
    }

    private Task Turn() => _time.Advance(TimeSpan.FromMilliseconds(200));

    private async Task<MediaEvent> Stored()
    {
        await Eventually.Is(async () =>
        {
            await Turn();
            return _events.Any(e => e.Kind == MediaEventKind.RecordingStored);
        });
        return _events.Single(e => e.Kind == MediaEventKind.RecordingStored);
    }

    private short[] Samples(int rate, int channels, string path = "acme/r.wav")
    {
        var file = _store[path];
        Assert.Equal(WavHeader.Make(rate, channels, null), file[..WavHeader.Length]);
        return MemoryMarshal.Cast<byte, short>(file.AsSpan(WavHeader.Length)).ToArray();
    }
}
