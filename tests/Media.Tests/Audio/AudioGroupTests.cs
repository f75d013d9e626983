using Telephony.Media.Codecs;
using Telephony.Media.Relay;
using Telephony.Testing;

namespace Telephony.Media.Audio;

public sealed class AudioGroupTests
{
    private const double Loud = 8000 / 32768.0;

    private readonly TestEvents _events = new();
    private readonly AudioGroup _group = new();
    private readonly Traffic _traffic = new();

    [Fact]
    public void Who_listens_in_hears_both_and_who_is_whispered_to_hears_it_alone()
    {
        var (agent, caller, supervisor) = (Peer("agent", 400), Peer("caller", 900), Peer("supervisor", 1500));
        agent.Hears((caller, 1), (supervisor, 0.5f));
        caller.Hears((agent, 1));
        supervisor.Hears((agent, 1), (caller, 1));
        Plan(8000, agent, caller, supervisor);

        Run(30);

        Assert.Equal(Loud, agent.Level(900), 0.02);
        Assert.Equal(Loud / 2, agent.Level(1500), 0.02);
        Assert.True(caller.Level(1500) < 0.005, "the caller hears the supervisor");
        Assert.True(agent.Level(400) < 0.005, "the agent hears himself");
        Assert.Equal(Loud, supervisor.Level(400), 0.02);
        Assert.Equal(Loud, supervisor.Level(900), 0.02);
    }

    [Fact, Trait("RFC", "6716 2.1.7")]
    public void A_peer_that_loses_packets_gets_others_than_one_that_does_not()
    {
        var speaker = Peer("speaker", 400, rate: 48_000);
        var (lossy, sound) = (Peer("lossy", 0, AudioCodecs.Opus, 48_000), Peer("sound", 0, AudioCodecs.Opus, 48_000));
        lossy.Hears((speaker, 1));
        sound.Hears((speaker, 1));
        lossy.ExpectedLoss = 25;
        Plan(48_000, speaker, lossy, sound);

        Run(30);

        Assert.NotEqual(lossy.Packets[^1].Payload, sound.Packets[^1].Payload);
    }

    [Theory]
    [InlineData("PCMU", "PCMA")]
    [InlineData("PCMU", "G722")]
    [InlineData("PCMA", "opus")]
    [InlineData("G722", "opus")]
    [InlineData("opus", "PCMU")]
    [InlineData("L16", "opus")]
    public void A_tone_comes_through_each_pair_of_codecs_without_a_gap(string from, string to)
    {
        AudioCodec Named(string name) => AudioCodecs.All.First(c => c.Name == name && c.SampleRate != 44_100);
        var rate = Math.Max(Named(from).SampleRate, Named(to).SampleRate);
        var (a, b) = (Peer("a", 1000, Named(from), rate), Peer("b", 0, Named(to), rate));
        b.Hears((a, 1));
        Plan(rate, a, b);

        Run(60);

        Assert.Equal(60, b.Packets.Count);
        Assert.All(b.Packets.Skip(1), p => Assert.Equal((uint)b.Codec.RtpClock / 50, p.Step));
        for (var end = b.Heard.Count; end > b.Codec.SampleRate / 2; end -= b.Codec.FrameSamples) // each 20 ms after the first half second
        {
            var part = b.Heard.GetRange(end - b.Codec.FrameSamples, b.Codec.FrameSamples).ToArray();
            Assert.Equal(Loud, Sounds.Spectrum.Level(part, b.Codec.SampleRate, 1000), 0.05);
        }
    }

    [Fact]
    public void A_muted_leg_is_silent_to_all_and_a_change_of_gain_goes_evenly()
    {
        var (a, b) = (Peer("a", 1000), Peer("b", 0));
        b.Hears((a, 1));
        Plan(8000, a, b);
        Run(20);
        Assert.Equal(Loud, b.Level(1000), 0.02);

        a.Leg.Settings = LegAudio.Default with { Muted = true };
        Run(15);
        Assert.True(b.Level(1000) < 0.002);

        a.Leg.Settings = LegAudio.Default with { Gain = 2 };
        Run(15);
        Assert.Equal(2 * Loud, b.Level(1000), 0.04);
        var steps = b.Heard.Zip(b.Heard.Skip(1), (x, y) => Math.Abs(x - y)).Max();
        Assert.True(steps < 2 * 8000 * Math.Tau * 1000 / 8000 * 1.15, $"a step of {steps} is heard as a click");
    }

    [Fact]
    public void Too_loud_a_mix_is_turned_down_and_not_broken()
    {
        var peers = Enumerable.Range(0, 6).Select(i => Peer($"{i}", 500 + (100 * i))).ToArray();
        foreach (var peer in peers) peer.Input.Amplitude = 20_000;
        var listener = Peer("listener", 0, AudioCodecs.All.First(c => c is { Name: "L16", SampleRate: 8000 }));
        listener.Hears([.. peers.Select(p => (p, 1f))]);
        Plan(8000, [.. peers, listener]);

        Run(50);

        var wanted = listener.Level(700);
        Assert.InRange(wanted, 0.1, 0.35);
        Assert.True(listener.Level(1200) < wanted / 20, "other tones come of clipping");
    }

    [Fact]
    public void In_a_room_everybody_hears_the_others_and_not_himself()
    {
        var peers = Enumerable.Range(0, 4).Select(i => Peer($"{i}", 500 + (300 * i))).ToArray();
        Plan(8000, [Room(new Room(), peers)], peers);

        Run(30);

        foreach (var (me, i) in peers.Select((p, i) => (p, i)))
        {
            for (var other = 0; other < 4; other++) Assert.Equal(other == i ? 0 : Loud, me.Level(500 + (300 * other)), 0.02);
        }
    }

    [Fact]
    public void Two_hundred_in_a_room_hear_the_eight_loudest_and_share_one_encoding()
    {
        var peers = Enumerable.Range(0, 200).Select(i => Peer($"{i}", i < 10 ? 300 + (150 * i) : 0)).ToArray();
        for (var i = 0; i < 10; i++) peers[i].Input.Amplitude = (short)(1000 + (400 * i)); // 0 and 1 are the quietest
        Plan(8000, [Room(new Room(), peers)], peers);

        Run(30);

        var listener = peers[150];
        for (var i = 2; i < 10; i++) Assert.Equal((1000 + (400 * i)) / 32768.0, listener.Level(300 + (150 * i)), 0.02);
        Assert.True(listener.Level(300) < 0.008 && listener.Level(450) < 0.008);
        Assert.Equal(listener.Packets[^1].Payload, peers[199].Packets[^1].Payload);
        Assert.True(peers[9].Level(300 + (150 * 9)) < 0.01, "the loudest hears himself");
    }

    [Fact]
    public void Nothing_is_allocated_in_a_tick()
    {
        var peers = Enumerable.Range(0, 30).Select(i => Peer($"{i}", 300 + (50 * i), i % 3 == 0 ? AudioCodecs.Opus : AudioCodecs.Pcmu, 48_000)).ToArray();
        peers[0].Hears((peers[1], 1), (peers[2], 0.5f));
        Plan(48_000, [Room(new Room(), peers, 48_000)], peers);
        foreach (var peer in peers) peer.IsListening = false;
        Run(5);

        Assert.Equal(0, Allocations.Of(() => Run(20)));
    }

    [Fact]
    public void Who_begins_and_stops_to_talk_is_told_once_and_a_pause_between_words_is_talk()
    {
        var a = Peer("a", 500);
        a.Leg.Settings = LegAudio.Default with { ReportTalking = true };
        a.Input.IsSilent = true;
        Plan(8000, a);

        Run(10);
        a.Input.IsSilent = false;
        Run(30);
        a.Input.IsSilent = true;
        Run(15);
        a.Input.IsSilent = false;
        Run(10);
        a.Input.IsSilent = true;
        Run(30);

        Assert.Equal([MediaEventKind.TalkingStarted, MediaEventKind.TalkingStopped], _events.Raised.Select(e => e.Kind));
    }

    [Theory]
    [InlineData(PlayMode.Instead)]
    [InlineData(PlayMode.Mixed)]
    public void A_play_is_heard_to_its_end_and_told_to_be_over(PlayMode mode)
    {
        var (a, b) = (Peer("a", 1000), Peer("b", 0));
        b.Hears((a, 1));
        var play = new Playback("p", "b", [new ToneSource(440, 5), new ToneSource(620, 15)], repeat: 2, mode, _events);
        b.Seat.Plays = [new PlaySeat(play, [null, null])];
        Plan(8000, a, b);

        Run(39);
        Assert.Equal(Loud, b.Level(620), 0.03);
        Assert.Equal(mode == PlayMode.Mixed ? Loud : 0, b.Level(1000), 0.03);
        Run(20);

        Assert.Equal(Loud, b.Level(1000), 0.03);
        Assert.Equal(("b", MediaEventKind.PlayFinished, "p", null, TimeSpan.FromMilliseconds(800)), Assert.Single(_events.Raised));
    }

    [Fact]
    public void A_tap_hears_what_each_leg_said_and_was_sent()
    {
        var a = Peer("a", 1000);
        var tap = new Tap();
        var seat = new Seat { Leg = a.Leg, Input = a.Input, IsTapped = true };
        var b = Peer("b", 400);
        seat.Hears = [new MixInput(b.Seat, 1, new GainRamp { Gain = 1 })];
        _group.Plan = new GroupPlan(8000, [seat, b.Seat], [], [new TapSeat(tap, [seat, null], new Dsp.Resampler?[2], new Dsp.Resampler?[2])]);

        Run(30);

        Assert.Equal(30, tap.Ticks);
        Assert.Equal(Loud, Sounds.Spectrum.Level(tap.Received.ToArray(), 8000, 1000), 0.02);
        Assert.Equal(Loud, Sounds.Spectrum.Level(tap.Sent.ToArray(), 8000, 400), 0.02);
    }

    private Listener Peer(string name, double hz, AudioCodec? codec = null, int rate = 8000) => new(name, _events, hz, codec, rate);

    private static RoomPlan Room(Room room, Listener[] peers, int rate = 8000)
    {
        var shared = peers.Select(p => p.Codec).Distinct().ToDictionary(c => c, c => new SharedEncoder(new FrameEncoder(c, EncoderSettings.Default, 20, rate)));
        var seats = peers.Select(p => new RoomSeat(room, new RoomMember(new RoomPart()), p.Seat, shared[p.Codec])).ToArray();
        foreach (var seat in seats) seat.Seat.Rooms = [seat];
        return new RoomPlan(room, seats, []);
    }

    private void Plan(int rate, params Listener[] peers) => Plan(rate, [], peers);

    private void Plan(int rate, RoomPlan[] rooms, params Listener[] peers) => _group.Plan = new GroupPlan(rate, [.. peers.Select(p => p.Seat)], rooms, []);

    private void Run(int ticks)
    {
        for (var i = 0; i < ticks; i++) _group.Tick(1, 0, _traffic);
    }

    private sealed class ToneSource(double hz, int frames) : IAudioSource
    {
        private int _at;

        public int SampleRate => 8000;

        public int Read(Span<short> frame)
        {
            if (_at == frames * 160) return 0;
            for (var i = 0; i < frame.Length; i++) frame[i] = (short)(8000 * Math.Sin(Math.Tau * hz * _at++ / 8000));
            return frame.Length;
        }

        public bool TryRewind()
        {
            _at = 0;
            return true;
        }

        public void Dispose()
        {
        }
    }

    private sealed class Tap : IAudioTap
    {
        public int SampleRate => 8000;

        public int Ticks { get; private set; }

        public List<short> Received { get; } = [];

        public List<short> Sent { get; } = [];

        public void Write(int party, ReadOnlySpan<short> received, ReadOnlySpan<short> sent)
        {
            if (party == 0)
            {
                Received.AddRange(received);
                Sent.AddRange(sent);
            }
            else
            {
                Assert.Equal(0, Sounds.Spectrum.Peak(received) + Sounds.Spectrum.Peak(sent));
            }
        }

        public void EndTick(int ticks) => Ticks += ticks;

        public void Dispose()
        {
        }
    }
}
