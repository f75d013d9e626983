using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Telephony.Media.Relay;
using Telephony.Media.Sdp;

namespace Telephony.Media;

public sealed class MediaNodeTests : IAsyncLifetime
{
    private readonly TestNode _test = TestNode.Start();

    private MediaNode Node => _test.Node;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task A_command_may_be_repeated()
    {
        using var phone = new Phone();
        var ports = await _test.Call(phone, phone);

        Assert.Equal(ports, await _test.Call(phone, phone));

        Assert.NotNull(await Node.Release("a", 1));
        Assert.Null(await Node.Release("a", 1));
    }

    [Fact]
    public async Task An_unknown_leg_is_said_to_be_so()
    {
        await Node.CreateLeg("a", TestNode.Owner, MediaProfile.Phone);

        Assert.Equal(MediaError.UnknownLeg, await Node.SetRemote("x", 1, Samples.Sipp));
        Assert.Equal(MediaError.UnknownLeg, (await Node.CreateOffer("x", 1, "a")).Error);
        Assert.Equal(MediaError.UnknownLeg, (await Node.CreateOffer("a", 1, "x")).Error);
        Assert.Equal(MediaError.UnknownLeg, (await Node.CreateAnswer("a", 1, "x")).Error);
        Assert.Equal(MediaError.UnknownLeg, await Node.Connect(1, [new("a", "x")]));
        Assert.Null(await Node.Release("x", 1));
    }

    [Fact]
    public async Task An_older_epoch_is_refused_everywhere()
    {
        using var phone = new Phone();
        await _test.Call(phone, phone);
        TestNode.Ok(await Node.SetRemote("a", 7, phone.Description()));
        TestNode.Ok(await Node.SetRemote("b", 7, phone.Description()));

        Assert.Equal(MediaError.StaleEpoch, await Node.CreateLeg("a", TestNode.Owner with { Epoch = 6 }, MediaProfile.Phone));
        Assert.Equal(MediaError.StaleEpoch, await Node.SetRemote("a", 6, Samples.Sipp));
        Assert.Equal(MediaError.StaleEpoch, (await Node.CreateOffer("a", 6, "b")).Error);
        Assert.Equal(MediaError.StaleEpoch, (await Node.CreateAnswer("a", 6, "b")).Error);
        Assert.Equal(MediaError.StaleEpoch, await Node.Connect(6, [new("a", "b")]));
        Assert.Null(await Node.Release("a", 6));
        Assert.NotNull(await Node.Release("a", 7));
    }

    [Fact]
    public async Task Without_a_description_there_is_nothing_to_offer_or_answer()
    {
        await Node.CreateLeg("a", TestNode.Owner, MediaProfile.Phone);
        await Node.CreateLeg("b", TestNode.Owner, MediaProfile.Phone);

        Assert.Equal(MediaError.NoRemote, (await Node.CreateOffer("b", 1, "a")).Error);
        await Node.SetRemote("a", 1, Samples.Sipp);
        Assert.Equal(MediaError.NoRemote, (await Node.CreateAnswer("a", 1, "b")).Error);
        Assert.Equal(MediaError.NoRemote, (await Node.CreateAnswer("b", 1, "a")).Error);
    }

    [Fact]
    public async Task A_description_that_can_not_be_used_is_refused_and_the_last_one_stays()
    {
        await Node.CreateLeg("a", TestNode.Owner, MediaProfile.Phone);
        await Node.CreateLeg("b", TestNode.Owner, MediaProfile.Phone);
        TestNode.Ok(await Node.SetRemote("a", 1, Samples.Sipp));
        var before = TestNode.Text(await Node.CreateOffer("b", 1, "a"));

        Assert.Equal(MediaError.UnsupportedTransport, await Node.SetRemote("a", 1, OfferAnswerTests.Sdp("m=audio 4000 RTP/SAVP 0\n")));
        Assert.Equal(MediaError.BadDescription, await Node.SetRemote("a", 1, "nonsense"u8.ToArray()));
        Assert.Equal(MediaError.BadDescription, await Node.SetRemote("a", 1, ReadOnlyMemory<byte>.Empty));
        Assert.Equal(MediaError.BadDescription, await Node.SetRemote("a", 1, Samples.Bytes("v=0\no=- 1 1 IN IP6 ::1\ns=-\nc=IN IP6 ::1\nt=0 0\nm=audio 4000 RTP/AVP 0\n")));

        Assert.Equal(before, TestNode.Text(await Node.CreateOffer("b", 1, "a")));
    }

    [Fact]
    public async Task Each_fork_has_its_own_ports_and_the_answer_is_that_of_the_one_who_took_it()
    {
        using var caller = new Phone();
        using var first = new Phone();
        using var second = new Phone();
        foreach (var leg in (string[])["a", "b1", "b2"]) TestNode.Ok(await Node.CreateLeg(leg, TestNode.Owner, MediaProfile.Phone));
        TestNode.Ok(await Node.SetRemote("a", 1, caller.Description("a=rtpmap:8 PCMA/8000\r\n")));
        var (offer1, offer2) = (await Node.CreateOffer("b1", 1, "a"), await Node.CreateOffer("b2", 1, "a"));

        TestNode.Ok(await Node.SetRemote("b1", 1, first.Description("a=ptime:30\r\n"))); // 183
        var early = await Node.CreateAnswer("a", 1, "b1");
        TestNode.Ok(await Node.SetRemote("b2", 1, second.Description("a=ptime:40\r\n"))); // 200
        var final = await Node.CreateAnswer("a", 1, "b2");

        Assert.Equal(2, new[] { TestNode.Port(offer1), TestNode.Port(offer2) }.Distinct().Count());
        Assert.Equal(TestNode.Port(early), TestNode.Port(final));
        Assert.Contains("a=ptime:30", TestNode.Text(early), StringComparison.Ordinal);
        Assert.Contains("a=ptime:40", TestNode.Text(final), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sendonly", "recvonly")]
    [InlineData("inactive", "inactive")]
    public async Task Hold_passes_through_in_both_directions(string offered, string answered)
    {
        using var phone = new Phone();
        await _test.Call(phone, phone);

        TestNode.Ok(await Node.SetRemote("a", 1, phone.Description($"a={offered}\r\n")));
        Assert.Contains($"a={offered}\r\n", TestNode.Text(await Node.CreateOffer("b", 1, "a")), StringComparison.Ordinal);
        TestNode.Ok(await Node.SetRemote("b", 1, phone.Description($"a={answered}\r\n")));
        Assert.Contains($"a={answered}\r\n", TestNode.Text(await Node.CreateAnswer("a", 1, "b")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_range_says_so_and_a_release_makes_room()
    {
        await using var test = new TestNode(pairs: 3);
        for (var i = 0; i < 3; i++) TestNode.Ok(await test.Node.CreateLeg($"{i}", TestNode.Owner, MediaProfile.Phone));

        Assert.Equal(MediaError.NoPorts, await test.Node.CreateLeg("3", TestNode.Owner, MediaProfile.Phone));
        Assert.Equal(MediaError.None, await test.Node.CreateLeg("2", TestNode.Owner, MediaProfile.Phone));
        for (var round = 0; round < 10; round++)
        {
            Assert.NotNull(await test.Node.Release("1", 1));
            TestNode.Ok(await test.Node.CreateLeg("1", TestNode.Owner, MediaProfile.Phone));
            Assert.Equal(MediaError.NoPorts, await test.Node.CreateLeg("3", TestNode.Owner, MediaProfile.Phone));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_port_that_is_taken_is_skipped(int which)
    {
        await using var test = new TestNode(pairs: 3);
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, test.FirstPort + 2 + which));

        TestNode.Ok(await test.Node.CreateLeg("0", TestNode.Owner, MediaProfile.Phone));
        TestNode.Ok(await test.Node.CreateLeg("1", TestNode.Owner, MediaProfile.Phone));
        Assert.Equal(MediaError.NoPorts, await test.Node.CreateLeg("2", TestNode.Owner, MediaProfile.Phone));

        TestNode.Ok(await test.Node.SetRemote("0", 1, Samples.Sipp));
        int[] ports = [TestNode.Port(await test.Node.CreateOffer("0", 1, "0")), TestNode.Port(await test.Node.CreateOffer("1", 1, "0"))];
        Assert.Equal([test.FirstPort, test.FirstPort + 4], ports.Order());
        other.Close();
        TestNode.Ok(await test.Node.CreateLeg("2", TestNode.Owner, MediaProfile.Phone));
    }

    [Fact]
    public async Task A_leg_that_nobody_renews_is_released_and_told_of()
    {
        await using var test = new TestNode(pairs: 2);
        TestNode.Ok(await test.Node.CreateLeg("a", TestNode.Owner, MediaProfile.Phone));
        TestNode.Ok(await test.Node.CreateLeg("b", new MediaOwner("other", 1, "x"), MediaProfile.Phone));
        for (var i = 0; i < 4; i++)
        {
            await test.Time.Advance(TimeSpan.FromSeconds(30));
            await test.Node.Renew("silo", 1);
        }

        Assert.Equal(MediaError.UnknownLeg, await test.Node.SetRemote("b", 1, Samples.Sipp));
        Assert.Equal(MediaError.None, await test.Node.SetRemote("a", 1, Samples.Sipp));
        var told = Assert.Single(await test.Node.ReadEvents("other", 0, 10, TimeSpan.Zero));
        Assert.Equal((1, "b", "x", MediaEventKind.LeaseExpired, test.Time.Start.AddSeconds(60)), (told.Number, told.Leg, told.Call, told.Kind, told.At));
        Assert.Empty(await test.Node.ReadEvents("silo", 0, 10, TimeSpan.Zero));
        await Testing.Eventually.Is(() => test.Node.FreePairs == 1);
    }

    [Fact]
    public async Task A_renewal_from_an_older_epoch_is_nobodys()
    {
        TestNode.Ok(await Node.CreateLeg("a", TestNode.Owner with { Epoch = 5 }, MediaProfile.Phone));
        await _test.Time.Advance(TimeSpan.FromSeconds(30));
        await Node.Renew("silo", 4);
        await _test.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(MediaError.UnknownLeg, await Node.SetRemote("a", 5, Samples.Sipp));
    }

    [Fact]
    public async Task A_leg_that_an_owner_who_came_back_does_not_adopt_is_released_with_its_old_lease()
    {
        TestNode.Ok(await Node.CreateLeg("kept", TestNode.Owner, MediaProfile.Phone));
        TestNode.Ok(await Node.CreateLeg("forgotten", TestNode.Owner, MediaProfile.Phone));
        await _test.Time.Advance(TimeSpan.FromSeconds(30));
        TestNode.Ok(await Node.Adopt("kept", TestNode.Owner with { Epoch = 2 }));
        for (var i = 0; i < 3; i++)
        {
            await Node.Renew("silo", 2);
            await _test.Time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(MediaError.UnknownLeg, await Node.SetRemote("forgotten", 2, Samples.Sipp));
        Assert.Equal(MediaError.None, await Node.SetRemote("kept", 2, Samples.Sipp));
    }

    [Fact]
    public async Task A_leg_goes_over_to_a_new_owner()
    {
        TestNode.Ok(await Node.CreateLeg("a", TestNode.Owner, MediaProfile.Phone));
        TestNode.Ok(await Node.CreateLeg("a", new MediaOwner("successor", 2, "call"), MediaProfile.Phone));
        await _test.Time.Advance(TimeSpan.FromSeconds(40));
        await Node.Renew("successor", 2);
        await _test.Time.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal(MediaError.StaleEpoch, await Node.SetRemote("a", 1, Samples.Sipp));
        Assert.Equal(MediaError.None, await Node.SetRemote("a", 2, Samples.Sipp));
    }

    [Fact]
    public async Task Events_are_numbered_and_kept_until_they_are_read_past()
    {
        for (var i = 0; i < 5; i++) TestNode.Ok(await Node.CreateLeg($"{i}", TestNode.Owner, MediaProfile.Phone));
        await _test.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal([1, 2], Numbers(await Node.ReadEvents("silo", 0, 2, TimeSpan.Zero)));
        Assert.Equal([1, 2], Numbers(await Node.ReadEvents("silo", 1, 2, TimeSpan.Zero)));
        Assert.Equal([3, 4, 5], Numbers(await Node.ReadEvents("silo", 3, 10, TimeSpan.Zero)));
        Assert.Equal([3, 4, 5], Numbers(await Node.ReadEvents("silo", 0, 10, TimeSpan.Zero)));
        Assert.Empty(await Node.ReadEvents("silo", 6, 10, TimeSpan.Zero));
        Assert.Empty(await Node.ReadEvents("nobody", 0, 10, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_reader_waits_for_the_first_event()
    {
        var reading = Node.ReadEvents("silo", 0, 10, TimeSpan.FromSeconds(20)).AsTask();
        TestNode.Ok(await Node.CreateLeg("a", TestNode.Owner, MediaProfile.Phone));
        Assert.False(reading.IsCompleted);
        await _test.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Empty(await reading);

        reading = Node.ReadEvents("silo", 0, 10, TimeSpan.FromHours(1)).AsTask();
        await _test.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(await reading); // the most that it waits

        reading = Node.ReadEvents("silo", 0, 10, TimeSpan.FromSeconds(30)).AsTask();
        await _test.Time.Advance(TimeSpan.FromSeconds(10)); // the lease ends after 60 s
        Assert.Equal([1], Numbers(await reading));
    }

    [Fact]
    public async Task Its_state_says_what_is_in_use_and_is_anothers_after_a_restart()
    {
        await using var other = new TestNode(pairs: 2);
        TestNode.Ok(await other.Node.CreateLeg("a", TestNode.Owner, MediaProfile.Phone));

        var state = await other.Node.GetState();

        Assert.Equal((1, 1, 2), (state.Legs, state.FreePorts, state.Ports));
        Assert.NotEqual((await Node.GetState()).Boot, state.Boot);
    }

    [Fact]
    public async Task Of_too_many_events_the_newest_are_kept()
    {
        for (var round = 0; round < 30; round++)
        {
            for (var i = 0; i < 50; i++) TestNode.Ok(await Node.CreateLeg($"{round}-{i}", TestNode.Owner, MediaProfile.Phone));
            await _test.Time.Advance(TimeSpan.FromSeconds(60));
            await Testing.Eventually.Is(() => Node.FreePairs == 50);
        }

        var events = await Node.ReadEvents("silo", 0, int.MaxValue, TimeSpan.Zero);

        Assert.Equal(OwnerRecord.MaxEvents, events.Length);
        Assert.Equal(30 * 50, events[^1].Number);
    }

    [Fact]
    public async Task Reading_behind_the_last_event_there_ever_was_starts_anew() // the node is younger than the reader
    {
        TestNode.Ok(await Node.CreateLeg("a", TestNode.Owner, MediaProfile.Phone));
        await _test.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal([1], Numbers(await Node.ReadEvents("silo", 4711, 10, TimeSpan.Zero)));
    }

    [Fact]
    public async Task A_peers_first_packet_is_told_of()
    {
        using var alice = new Phone();
        using var bob = new Phone();
        var (_, b) = await _test.Call(alice, bob);
        bob.Send(Phone.Packet(), b);
        await alice.Hear();

        await _test.Time.Advance(TimeSpan.FromSeconds(1));

        var told = Assert.Single(await Node.ReadEvents("silo", 0, 10, TimeSpan.Zero));
        Assert.Equal((MediaEventKind.RemoteLatched, "b"), (told.Kind, told.Leg));
    }

    [Fact]
    public async Task A_leg_that_should_send_and_does_not_is_told_of_once_until_it_sends_again()
    {
        await using var test = new TestNode(configure: o => (o.Lease, o.SilentAfter) = (TimeSpan.FromHours(1), TimeSpan.FromSeconds(20)));
        using var alice = new Phone();
        using var bob = new Phone();
        using var carol = new Phone();
        var (_, b) = await test.Call(alice, bob);
        await test.Call(alice.Description("a=sendonly\r\n"), carol.Description("a=recvonly\r\n"), "held"); // who holds may have no music: silence says nothing

        await test.Time.Advance(TimeSpan.FromSeconds(19));
        Assert.Empty(await Silences());
        await test.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(["b"], await Silences());

        bob.Send(Phone.Packet(), b);
        await alice.Hear();
        await test.Time.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal(["b"], await Silences());
        await test.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["b", "b"], await Silences());
        Assert.Equal([MediaEventKind.RemoteLatched, MediaEventKind.SoundAgain], (await Told()).Where(e => e.Leg == "b" && e.Kind is not (MediaEventKind.Silent or MediaEventKind.Quality)).Select(e => e.Kind).Order());

        async Task<ImmutableArray<MediaEvent>> Told() => await test.Node.ReadEvents("silo", 0, 100, TimeSpan.Zero);
        async Task<string[]> Silences() => [.. (await Told()).Where(e => e.Kind == MediaEventKind.Silent && e.Leg != "a").Select(e => e.Leg)];
    }

    [Fact]
    public async Task The_meter_tells_legs_ports_packets_bytes_and_drops()
    {
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = meters.GetRequiredService<IMeterFactory>();
        var first = Testing.FreePorts.Range(8);
        await using var node = new MediaNode(
            new MediaOptions { PortRange = $"{first}-{first + 7}" }, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<MediaNode>.Instance, factory);
        using var alice = new Phone();
        using var bob = new Phone();
        foreach (var (leg, phone) in new[] { ("a", alice), ("b", bob) })
        {
            TestNode.Ok(await node.CreateLeg(leg, TestNode.Owner, MediaProfile.Phone));
            TestNode.Ok(await node.SetRemote(leg, 1, phone.Description()));
            TestNode.Ok(await node.CreateAnswer(leg, 1, leg));
        }

        TestNode.Ok(await node.Connect(1, [new("a", "b")]));
        var a = TestNode.Port(await node.CreateAnswer("a", 1, "b"));
        alice.SendRaw([0x80, 2, 3], a);
        alice.Send(Phone.Packet(), a);
        await bob.Hear();

        var seen = Measure(factory);
        Assert.Equal((2, 2, 4), (seen["telephony.media.legs"], seen["telephony.media.ports.free"], seen["telephony.media.ports.total"]));
        Assert.Equal((1, 1), (seen["telephony.media.packets/in"], seen["telephony.media.packets/out"]));
        Assert.Equal((172, 172), (seen["telephony.media.bytes/in"], seen["telephony.media.bytes/out"]));
        Assert.Equal((1, 0, 0), (seen["telephony.media.dropped/malformed"], seen["telephony.media.dropped/stranger"], seen["telephony.media.dropped/unsent"]));
        Assert.True(seen["telephony.media.audio.ticks.late"] >= seen["telephony.media.audio.ticks.skipped"]);
    }

    [Theory]
    [InlineData("PortRange", "1", "first-last")]
    [InlineData("PortRange", "40000-30000", "first-last")]
    [InlineData("PortRange", "30001-30002", "first-last")]
    [InlineData("PortRange", "80-90", "first-last")]
    [InlineData("PortRange", "60000-70000", "first-last")]
    [InlineData("Address", "phone.example", "an IP address")]
    [InlineData("Address", "0.0.0.0", "an IP address")]
    [InlineData("Address", "192.0.2.1", "of this machine")]
    [InlineData("Bind", "192.0.2.1", "of this machine")]
    [InlineData("Bind", "::1", "IPv4")]
    [InlineData("Threads", "0", "1 to 64")]
    [InlineData("Lease", "00:00:00", "00:00:01 to")]
    [InlineData("Codecs", "PCMA,GSM", "a list without repetitions, with commas, of opus, G722, PCMA, PCMU, L16")]
    [InlineData("Codecs", "PCMA,pcma", "a list without repetitions")]
    [InlineData("SilentAfter", "-00:00:01", "0 (never)")]
    public void A_bad_value_stops_the_start_with_key_value_and_what_is_allowed(string key, string value, string allowed)
    {
        var e = Assert.Throws<OptionsValidationException>(() => Options(key, value));

        Assert.Contains($"Telephony:Media:{key} is '{value}', allowed is ", e.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PortRange", "30000-30001")]
    [InlineData("PortRange", " 30000 - 39999 ")]
    [InlineData("Bind", "0.0.0.0")]
    [InlineData("SilentAfter", "0")]
    [InlineData("Codecs", "")]
    [InlineData("Codecs", " g722, OPUS,PCMU ")]
    public void Good_values_are_taken(string key, string value) => Assert.NotNull(Options(key, value));

    [Fact]
    public async Task The_node_comes_from_the_container()
    {
        var first = Testing.FreePorts.Range(2);
        await using var services = Services(("PortRange", $"{first}-{first + 1}"));

        var node = services.GetRequiredService<IMediaNode>();

        Assert.Equal("local", node.Id);
        TestNode.Ok(await node.CreateLeg("a", TestNode.Owner, MediaProfile.Phone));
        Assert.Equal(MediaError.NoPorts, await node.CreateLeg("b", TestNode.Owner, MediaProfile.Phone));
    }

    [Fact]
    public void A_container_may_dispose_of_the_node_without_waiting()
    {
        var services = Services(("PortRange", "20000-29999"));
        services.GetRequiredService<IMediaNode>();

        services.Dispose();
    }

    [Fact]
    public async Task A_node_that_ends_frees_everything()
    {
        var test = new TestNode(pairs: 4);
        using var phone = new Phone();
        await test.Call(phone, phone);

        await test.DisposeAsync();
        await test.DisposeAsync();

        foreach (var port in Enumerable.Range(test.FirstPort, 8))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await test.Node.CreateLeg("x", TestNode.Owner, MediaProfile.Phone));
        Assert.Null(await test.Node.Release("a", 1));
    }

    private static IEnumerable<long> Numbers(ImmutableArray<MediaEvent> events) => events.Select(e => e.Number);

    private static MediaOptions Options(string key, string value)
    {
        using var services = Services((key, value));
        return services.GetRequiredService<IOptions<MediaOptions>>().Value;
    }

    private static ServiceProvider Services(params (string Key, string Value)[] values) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create("Telephony:Media:" + v.Key, (string?)v.Value))).Build())
        .AddMedia().BuildServiceProvider();

    private static Dictionary<string, long> Measure(IMeterFactory factory)
    {
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Scope == factory) l.EnableMeasurementEvents(instrument);
            },
        };
        void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            seen[instrument.Name + (tags.IsEmpty ? "" : "/" + tags[0].Value)] = value;

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
