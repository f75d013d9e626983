using Telephony.Media.Codecs;
using Telephony.Media.Relay;

namespace Telephony.Media.Audio;

/// <summary>Through the node's sockets, in simulated time.</summary>
public sealed class AudioNodeTests : IAsyncLifetime
{
    private const double Loud = 8000 / 32768.0;

    private readonly TestNode _test = Start();

    private static TestNode Start() => new(configure: o => o.Codecs = "PCMA,PCMU,G722");

    private MediaNode Node => _test.Node;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Parties_without_a_common_codec_are_transcoded()
    {
        using var a = new Talker(AudioCodecs.Pcmu, 600);
        using var b = new Talker(AudioCodecs.G722, 1100);
        await Call(a, b);

        await Talk(60, a, b);

        Assert.Equal(Loud, a.Level(1100), 0.03);
        Assert.Equal(Loud, b.Level(600), 0.03);
        Assert.InRange(b.Packets, 55, 61);
    }

    [Fact]
    public async Task A_relayed_call_that_gets_a_play_goes_on_as_one_stream_and_is_relayed_again_after_it()
    {
        using var a = new Talker(AudioCodecs.Pcmu, 600);
        using var b = new Talker(AudioCodecs.Pcmu, 1100);
        await Call(a, b);
        await Talk(20, a, b);
        Assert.IsType<MediaRoute>(Node.Leg("b").Feeder);

        TestNode.Ok(await Node.Play("p", 1, new MediaPlay("b", [new MediaSource(MediaSourceKind.Tone, "busy:us")], Repeat: 0)));
        Assert.IsType<AudioFeeder>(Node.Leg("b").Feeder);
        await Talk(20, a, b);
        Assert.True(b.Level(480) > 0.05, "the tone is not heard");
        Assert.True(b.Level(600) < 0.02, "the peer is heard with the tone");

        TestNode.Ok(await Node.StopPlay("p", 1));
        Assert.IsType<MediaRoute>(Node.Leg("b").Feeder);
        await Talk(30, a, b);

        Assert.Equal(Loud, b.Level(600), 0.03);
        Assert.True(b.IsOneStream, "SSRC, sequence or timestamps jump");
        var told = Assert.Single(await Node.ReadEvents("silo", 0, 100, TimeSpan.Zero), e => e.Kind == MediaEventKind.PlayFinished);
        Assert.Equal(("b", "p"), (told.Leg, told.Subject));
    }

    [Fact, Trait("RFC", "3264 8.3.2")]
    public async Task Who_switches_to_a_codec_that_its_listener_lacks_is_decoded_by_itself()
    {
        using var a = new Talker(AudioCodecs.Pcmu, 600, AudioCodecs.G722);
        using var b = new Talker(AudioCodecs.Pcmu, 1100);
        await Alone(a, "a");
        await Alone(b, "b");
        TestNode.Ok(await Node.Connect(1, [new("a", "b"), new("b", "a")]));
        await Talk(20, a, b);
        Assert.IsType<MediaRoute>(Node.Leg("b").Feeder);

        a.Switch(AudioCodecs.G722);
        await Talk(100, a, b);

        Assert.Equal(Loud, b.Level(600), 0.03);
        Assert.Equal(Loud, a.Level(1100), 0.03);
        Assert.IsType<MediaRoute>(Node.Leg("a").Feeder);

        a.Switch(AudioCodecs.Pcmu);
        await Talk(50, a, b);
        Assert.Equal(Loud, b.Level(600), 0.03);
    }

    [Theory, InlineData("G722"), InlineData("opus")]
    public async Task A_decoded_peer_that_switches_to_a_codec_of_another_rate_is_heard(string name)
    {
        var other = name == "opus" ? AudioCodecs.Opus : AudioCodecs.G722;
        using var a = new Talker(AudioCodecs.Pcmu, 600, other);
        using var b = new Talker(AudioCodecs.Pcma, 1100);
        await Alone(a, "a");
        await Alone(b, "b");
        TestNode.Ok(await Node.Connect(1, [new("a", "b"), new("b", "a")]));
        await Talk(30, a, b);
        Assert.Equal(Loud, b.Level(600), 0.03);

        a.Switch(other);
        await Talk(60, a, b);
        Assert.Equal(Loud, b.Level(600), 0.03);

        a.Switch(AudioCodecs.Pcmu);
        await Talk(60, a, b);
        Assert.Equal(Loud, b.Level(600), 0.03);
    }

    [Fact, Trait("RFC", "3264 6.1")]
    public async Task A_call_that_nobody_but_us_answers_gets_one_of_our_codecs()
    {
        using var a = new Talker(AudioCodecs.Opus, 600, AudioCodecs.Pcmu);
        TestNode.Ok(await Node.CreateLeg("a", TestNode.Owner, MediaProfile.Phone));
        Assert.Equal(MediaError.NoRemote, (await Node.CreateAnswer("a", 1, "")).Error);
        TestNode.Ok(await Node.SetRemote("a", 1, a.Description()));

        var answer = TestNode.Ok(await Node.CreateAnswer("a", 1, ""));

        Assert.Contains("RTP/AVP 0\r\n", answer, StringComparison.Ordinal); // no Opus: this node has none
        Assert.Contains("a=sendrecv", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_in_a_room_hear_each_other_and_one_on_hold_hears_nobody()
    {
        using var a = new Talker(AudioCodecs.Pcmu, 500);
        using var b = new Talker(AudioCodecs.Pcma, 900);
        using var c = new Talker(AudioCodecs.G722, 1300);
        Talker[] all = [a, b, c];
        foreach (var (talker, name) in all.Zip((string[])["a", "b", "c"])) await Alone(talker, name);
        foreach (var name in (string[])["a", "b", "c"]) TestNode.Ok(await Node.Join(name, 1, "room", new RoomPart()));

        await Talk(50, all);
        foreach (var listener in all)
        {
            foreach (var speaker in all) Assert.Equal(speaker == listener ? 0 : Loud, listener.Level(speaker.Hz), 0.03);
        }

        TestNode.Ok(await Node.Join("a", 1, "room", new RoomPart(Speaks: false)));
        TestNode.Ok(await Node.Join("b", 1, "room", new RoomPart(Hears: false)));
        await Talk(40, all);
        var before = b.Packets;
        await Talk(10, all);
        Assert.Equal(before, b.Packets);
        Assert.True(c.Level(500) < 0.01, "who is muted is heard");
        Assert.Equal(Loud, c.Level(900), 0.03);

        TestNode.Ok(await Node.Leave("b", 1, "room"));
        Assert.NotNull(await Node.Release("a", 1));
        await Talk(40, c);
        Assert.True(c.Level(900) < 0.01, "who has left is heard");
    }

    [Fact]
    public async Task A_supervisor_listens_in_to_a_call_that_stays_relayed()
    {
        using var a = new Talker(AudioCodecs.Pcmu, 500);
        using var b = new Talker(AudioCodecs.Pcmu, 900);
        using var s = new Talker(AudioCodecs.Pcma, 1300);
        await Call(a, b);
        await Alone(s, "s");

        TestNode.Ok(await Node.Connect(1, [new("a", "b"), new("b", "a"), new("a", "s"), new("b", "s", 0.5f)]));
        await Talk(50, a, b, s);

        Assert.IsType<MediaRoute>(Node.Leg("a").Feeder);
        Assert.Equal(Loud, s.Level(500), 0.03);
        Assert.Equal(Loud / 2, s.Level(900), 0.03);
        Assert.True(a.Level(1300) < 0.01);
    }

    [Fact]
    public async Task Digits_are_sent_in_a_relayed_call_which_is_relayed_again()
    {
        using var a = new Talker(AudioCodecs.Pcmu, 500);
        using var b = new Talker(AudioCodecs.Pcmu, 900);
        await Call(a, b);
        await Talk(5, a, b);

        TestNode.Ok(await Node.SendDtmf("b", 1, "d", "42#", TimeSpan.FromMilliseconds(100)));
        Assert.Equal(MediaError.Refused, await Node.SendDtmf("b", 1, "e", "4x", TimeSpan.FromMilliseconds(100)));
        await Talk(110, a, b);

        Assert.Equal([4, 2, 11], b.Events.Where(e => (e[1] & 0x80) != 0).Select(e => (int)e[0]).Chunk(3).Select(c => c[0]));
        Assert.IsType<MediaRoute>(Node.Leg("b").Feeder);
        Assert.Equal(Loud, b.Level(500), 0.03);
        Assert.True(b.IsOneStream);
    }

    [Fact]
    public async Task Digits_of_a_relayed_peer_and_those_found_in_sound_are_told_once()
    {
        using var a = new Talker(AudioCodecs.Pcmu, 500);
        using var b = new Talker(AudioCodecs.G722, 900);
        using var c = new Talker(AudioCodecs.Pcmu, 1300);
        await Call(a, c);
        await Alone(b, "x");
        TestNode.Ok(await Node.SetAudio("x", 1, LegAudio.Default with { DetectTones = true }));
        await Talk(5, a, b, c);

        a.Press('7', ticks: 6);
        b.Sound = '9';
        await Talk(8, b);
        b.Sound = '\0';
        await Talk(8, b);

        var told = (await Node.ReadEvents("silo", 0, 100, TimeSpan.Zero)).Where(e => e.Kind == MediaEventKind.DtmfPressed).Select(e => (e.Leg, e.Digit));
        Assert.Equal([("a", '7'), ("x", '9')], told.OrderBy(t => t.Leg).Select(t => (t.Leg, t.Digit!.Value)));
    }

    [Fact]
    public async Task Commands_about_what_is_not_there_say_so()
    {
        Assert.Equal(MediaError.UnknownLeg, await Node.Join("x", 1, "room", new RoomPart()));
        Assert.Equal(MediaError.UnknownLeg, await Node.SetAudio("x", 1, LegAudio.Default));
        Assert.Equal(MediaError.UnknownLeg, await Node.Play("p", 1, new MediaPlay("x", [new(MediaSourceKind.Silence, "100")])));
        Assert.Equal(MediaError.None, await Node.StopPlay("p", 1));
        TestNode.Ok(await Node.CreateLeg("a", TestNode.Owner with { Epoch = 5 }, MediaProfile.Phone));
        Assert.Equal(MediaError.StaleEpoch, await Node.Join("a", 4, "room", new RoomPart()));
        Assert.Equal(MediaError.StaleEpoch, await Node.SendDtmf("a", 4, "c", "1", TimeSpan.FromSeconds(1)));
        TestNode.Ok(await Node.Play("p", 5, new MediaPlay("a", [new(MediaSourceKind.Tone, "nothing")])));

        Assert.Single(await Node.ReadEvents("silo", 0, 10, TimeSpan.Zero), e => e.Kind == MediaEventKind.PlayFailed);
    }

    private async Task Call(Talker a, Talker b)
    {
        (a.Target, b.Target) = await _test.Call(a.Description(), b.Description());
    }

    private async Task Alone(Talker talker, string name)
    {
        TestNode.Ok(await Node.CreateLeg(name, TestNode.Owner, MediaProfile.Phone));
        TestNode.Ok(await Node.SetRemote(name, 1, talker.Description()));
        talker.Target = TestNode.Port(await Node.CreateAnswer(name, 1, name));
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
}
