using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telephony.Media.Relay;

/// <summary>Through real sockets of loopback.</summary>
public sealed class RelayTests : IAsyncLifetime, IDisposable
{
    private readonly TestNode _test = TestNode.Start();
    private readonly Phone _alice = new(), _bob = new(), _carol = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _test.DisposeAsync();

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
        _carol.Dispose();
    }

    [Fact]
    public async Task Two_peers_hear_each_others_payload_byte_for_byte_from_the_port_they_send_to()
    {
        var (a, b) = await _test.Call(_alice, _bob);

        foreach (var length in (int[])[0, 1, 20, 160, 960, 1460])
        {
            await Heard(_alice, a, _bob, b, Phone.Packet(length));
            await Heard(_bob, b, _alice, a, Phone.Packet(length));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_the_system_has_no_io_uring_it_is_the_same(bool isUringWanted)
    {
        await using var test = new TestNode(configure: o => o.IoUring = isUringWanted);
        var (a, b) = await test.Call(_alice, _bob);
        for (var i = 0; i < 100; i++) await Heard(_alice, a, _bob, b, Phone.Packet());
        _alice.SendRaw(Phone.Packet(MediaThread.MaxDatagram), a);
        for (var i = 0; i < 100; i++) await Heard(_bob, b, _alice, a, Phone.Packet());

        await test.Node.Release("b", 1);
        var released = await test.Node.Release("a", 1);

        Assert.Equal((100, 1, test.Node.FreePairs), (released!.PacketsReceived, released.Dropped, 50));
    }

    [Fact]
    public async Task A_peer_behind_a_NAT_is_sent_to_where_it_sends_from()
    {
        var (a, b) = await _test.Call(_alice.Description(), _bob.Description(port: 9)); // where nobody listens

        await Heard(_bob, b, _alice, a, Phone.Packet());

        await Heard(_alice, a, _bob, b, Phone.Packet());
    }

    [Fact]
    public async Task Strangers_are_not_heard_once_the_peer_was()
    {
        var (a, b) = await _test.Call(_alice, _bob);
        await Heard(_bob, b, _alice, a, Phone.Packet());

        _carol.Send(Phone.Packet(), b);
        _carol.SendReport(Phone.Report(), b);

        await Heard(_bob, b, _alice, a, Phone.Packet());
        await Heard(_alice, a, _bob, b, Phone.Packet());
        Assert.True(_carol.HeardNothing);
        Assert.Equal(2, (await Release("b")).Dropped);
    }

    [Fact]
    public async Task A_stranger_who_was_faster_gives_way_to_the_described_address()
    {
        var (a, b) = await _test.Call(_alice, _bob);
        await Heard(_carol, b, _alice, a, Phone.Packet());

        await Heard(_bob, b, _alice, a, Phone.Packet());

        await Heard(_alice, a, _bob, b, Phone.Packet());
        _carol.Send(Phone.Packet(), b);
        await Heard(_bob, b, _alice, a, Phone.Packet());
    }

    [Fact]
    public async Task Reports_go_where_audio_goes_and_come_from_there_alone()
    {
        var (a, b) = await _test.Call(_alice.Description(), _bob.Description(port: 9));
        _carol.SendReport(Rtcp.Reports.Receiver(7), b + 1); // was faster
        await Heard(_bob, b, _alice, a, Phone.Packet());
        _bob.SendReport(Rtcp.Reports.Receiver(_bob.Ssrc), b + 1);
        await Testing.Eventually.Is(() => _test.Node.Leg("b").Transport.RtcpReceived == 2);
        await Heard(_alice, a, _bob, b, Phone.Packet());

        await _test.Advance(8);

        Assert.False(_bob.HeardNoReport);
        Assert.True(_carol.HeardNothing);
    }

    [Fact]
    public async Task Nothing_is_taken_before_there_is_a_description()
    {
        await _test.Call(_alice, _bob);
        TestNode.Ok(await _test.Node.CreateLeg("c", TestNode.Owner, MediaProfile.Phone));
        var c = TestNode.Port(await _test.Node.CreateOffer("c", 1, "a"));
        TestNode.Ok(await _test.Node.Connect(1, [new("c", "a")]));
        _carol.Send(Phone.Packet(), c);

        TestNode.Ok(await _test.Node.SetRemote("c", 1, _carol.Description()));

        var packet = Phone.Packet();
        await Until(async () => // the first may be taken before or after the description came
        {
            _carol.Send(packet, c);
            return (await _alice.Hear()).Packet.AsSpan(12).SequenceEqual(packet.AsSpan(12));
        });
    }

    [Fact]
    public async Task A_new_description_moves_the_stream_and_late_packets_do_not_bring_it_back()
    {
        var (a, b) = await _test.Call(_alice, _bob);
        await Heard(_bob, b, _alice, a, Phone.Packet());

        TestNode.Ok(await _test.Node.SetRemote("b", 1, _carol.Description())); // as after a transfer at the other side

        await Heard(_alice, a, _carol, b, Phone.Packet());
        await Heard(_bob, b, _alice, a, Phone.Packet()); // was on its way
        await Heard(_alice, a, _carol, b, Phone.Packet());
        await Heard(_carol, b, _alice, a, Phone.Packet());
        _bob.Send(Phone.Packet(), b); // a stranger now
        await Heard(_carol, b, _alice, a, Phone.Packet());
    }

    [Fact] // RFC 3261 §14.1
    public async Task An_offer_of_a_change_moves_the_stream_when_it_is_answered_and_not_when_it_is_refused()
    {
        var (a, b) = await _test.Call(_alice, _bob);
        await Heard(_bob, b, _alice, a, Phone.Packet());

        TestNode.Ok(await _test.Node.SetOffer("b", 1, _carol.Description("a=ptime:40\r\n")));
        var offered = TestNode.Ok(await _test.Node.CreateOffer("a", 1, "b"));
        await Heard(_alice, a, _bob, b, Phone.Packet());
        TestNode.Ok(await _test.Node.Rollback("b", 1));
        TestNode.Ok(await _test.Node.Rollback("a", 1));
        var after = TestNode.Ok(await _test.Node.CreateOffer("a", 1, "b"));
        await Heard(_alice, a, _bob, b, Phone.Packet());

        TestNode.Ok(await _test.Node.SetOffer("b", 1, _carol.Description()));
        TestNode.Ok(await _test.Node.CreateAnswer("b", 1, "a"));
        await Heard(_alice, a, _carol, b, Phone.Packet());
        Assert.Contains("ptime:40", offered, StringComparison.Ordinal);
        Assert.DoesNotContain("ptime:40", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_address_that_nobody_sends_from_does_not_cut_the_peer_off()
    {
        var (a, b) = await _test.Call(_alice, _bob);
        await Heard(_bob, b, _alice, a, Phone.Packet());
        TestNode.Ok(await _test.Node.SetRemote("b", 1, _bob.Description(port: 9))); // it found out its public address, and got that wrong

        for (var i = 0; i < 50; i++) await Heard(_bob, b, _alice, a, Phone.Packet());

        await Heard(_alice, a, _bob, b, Phone.Packet());
    }

    [Fact]
    public async Task The_same_address_again_changes_nothing()
    {
        var (a, b) = await _test.Call(_alice.Description(), _bob.Description(port: 9));
        await Heard(_bob, b, _alice, a, Phone.Packet());

        TestNode.Ok(await _test.Node.SetRemote("b", 1, _bob.Description("a=ptime:30\r\n", port: 9)));

        await Heard(_alice, a, _bob, b, Phone.Packet());
    }

    [Fact]
    public async Task A_peer_that_holds_with_an_address_of_zeros_is_sent_nothing_until_it_resumes()
    {
        var (a, b) = await _test.Call(_alice.Description(), _bob.Description(port: 9));
        await Heard(_bob, b, _alice, a, Phone.Packet());
        TestNode.Ok(await _test.Node.SetRemote("b", 1, _bob.Description(address: "0.0.0.0")));

        _alice.Send(Phone.Packet(), a);
        await Heard(_bob, b, _alice, a, Phone.Packet()); // music

        Assert.True(_bob.HeardNothing);
        TestNode.Ok(await _test.Node.SetRemote("b", 1, _bob.Description(port: 9)));
        await Heard(_alice, a, _bob, b, Phone.Packet());
    }

    [Fact]
    public async Task What_is_no_RTP_is_dropped_and_counted()
    {
        var (a, b) = await _test.Call(_alice, _bob);
        byte[][] garbage =
        [
            [], [0], [0x80], new byte[12], [.. Enumerable.Repeat((byte)0xff, 200)], Phone.Packet()[..11],
            Encoding.ASCII.GetBytes("INVITE sip:100@demo.localhost SIP/2.0\r\n\r\n"), Phone.Packet(MediaThread.MaxDatagram), new byte[60_000],
            [0x8f, .. Phone.Packet(8)[1..]], Phone.Report()[..20],
        ];

        foreach (var datagram in garbage) _alice.SendRaw(datagram, a);
        byte[][] noReports = [Phone.Packet(), [], Phone.Report()[..8], Phone.Report()[..27]];
        foreach (var datagram in noReports) _alice.SendReport(datagram, a + 1);

        await Heard(_alice, a, _bob, b, Phone.Packet());
        Assert.True(_bob.HeardNothing);
        Assert.Equal(new MediaLegStatistics(1, 172, 0, 0, 0, 0, garbage.Length + noReports.Length), await Release("a"));
    }

    [Fact]
    public async Task Packets_and_bytes_are_counted_by_leg()
    {
        var (a, b) = await _test.Call(_alice, _bob);
        for (var i = 0; i < 7; i++) await Heard(_alice, a, _bob, b, Phone.Packet(160));
        for (var i = 0; i < 3; i++) await Heard(_bob, b, _alice, a, Phone.Packet(80));

        Assert.Equal(new MediaLegStatistics(7, 7 * 172, 3, 3 * 92, 0, 1, 0), await Release("a"));
        Assert.Equal(new MediaLegStatistics(3, 3 * 92, 7, 7 * 172, 0, 1, 0), await Release("b"));
    }

    [Fact]
    public async Task Who_hears_whom_is_as_it_was_said_last()
    {
        var (a, b) = await _test.Call(_alice, _bob);
        TestNode.Ok(await _test.Node.CreateLeg("c", TestNode.Owner, MediaProfile.Phone));
        var c = TestNode.Port(await _test.Node.CreateOffer("c", 1, "a"));
        TestNode.Ok(await _test.Node.SetRemote("c", 1, _carol.Description()));

        TestNode.Ok(await _test.Node.Connect(1, [new("a", "c"), new("c", "a")])); // bob is alone now
        await Heard(_alice, a, _carol, c, Phone.Packet());
        _bob.Send(Phone.Packet(), b);
        await Heard(_carol, c, _alice, a, Phone.Packet());
        Assert.True(_bob.HeardNothing);

        TestNode.Ok(await _test.Node.Connect(1, [new("a", "b"), new("b", "a"), new("a", "c")])); // carol listens
        var packet = Phone.Packet();
        _alice.Send(packet, a);
        Same(packet, b, await _bob.Hear());
        Same(packet, c, await _carol.Hear());
        _carol.Send(Phone.Packet(), c);
        await Heard(_bob, b, _alice, a, Phone.Packet());

        Assert.Equal(2, (await Release("c")).PacketsSent);
        Assert.Equal(1, (await Release("b")).PacketsSent);
        Assert.Equal(2, (await Release("a")).PacketsSent);
    }

    [Fact]
    public async Task A_leg_may_hear_itself()
    {
        var (a, _) = await _test.Call(_alice, _bob);
        TestNode.Ok(await _test.Node.Connect(1, [new("a", "a")]));

        await Heard(_alice, a, _alice, a, Phone.Packet());
    }

    [Fact]
    public async Task A_released_leg_is_silent_and_the_other_goes_on()
    {
        var (a, b) = await _test.Call(_alice, _bob);
        TestNode.Ok(await _test.Node.CreateLeg("c", TestNode.Owner, MediaProfile.Phone));
        TestNode.Ok(await _test.Node.SetRemote("c", 1, _carol.Description()));
        TestNode.Ok(await _test.Node.CreateAnswer("c", 1, "c"));
        await Release("b");

        _alice.Send(Phone.Packet(), a);
        _bob.Send(Phone.Packet(), b);
        TestNode.Ok(await _test.Node.Connect(1, [new("a", "c")]));
        var packet = Phone.Packet();
        await Until(async () =>
        {
            _alice.Send(packet, a);
            return (await _carol.Hear()).Packet.AsSpan(12).SequenceEqual(packet.AsSpan(12));
        });

        Assert.True(_bob.HeardNothing);
    }

    /// <summary>Sockets are closed and their numbers reused while packets are on their way: none may come out at another call's phone.</summary>
    [Fact]
    public async Task Calls_that_come_and_go_never_hear_each_other()
    {
        var (wrong, right) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, 4), async (worker, _) =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            using var phone = new Phone();
            var description = phone.Description(port: ((IPEndPoint)socket.LocalEndPoint!).Port);
            var packet = Phone.Packet();
            packet[20] = (byte)worker;
            var buffer = new byte[2048];
            for (var round = 0; round < 200; round++)
            {
                var name = $"{worker}-{round}-";
                var (a, _) = await _test.Call(description, description, name);
                for (var i = 0; i < 20; i++, packet[3]++) socket.SendTo(packet, new IPEndPoint(IPAddress.Loopback, a)); // some are still waiting when the legs go
                await _test.Node.Release(name + (round % 2 == 0 ? "a" : "b"), 1);
                await _test.Node.Release(name + (round % 2 == 0 ? "b" : "a"), 1);
                while (socket.Available > 0)
                {
                    if (socket.Receive(buffer) == packet.Length && buffer[20] == worker) Interlocked.Increment(ref right);
                    else Interlocked.Increment(ref wrong);
                }
            }
        });

        Assert.Equal(0, wrong);
        Assert.InRange(right, 1, int.MaxValue);
    }

    private async Task<MediaLegStatistics> Release(string leg)
    {
        var statistics = await _test.Node.Release(leg, 1);
        Assert.NotNull(statistics);
        return statistics;
    }

    private static async Task Heard(Phone from, int port, Phone to, int expectedFrom, byte[] packet)
    {
        from.Send(packet, port);
        Same(packet, expectedFrom, await to.Hear());
    }

    private static void Same(byte[] packet, int from, (byte[] Packet, int From) heard)
    {
        Assert.Equal(from, heard.From);
        Assert.Equal(packet[12..], heard.Packet[12..]);
    }

    private static async Task Until(Func<Task<bool>> so)
    {
        for (var tries = 0; !await so(); tries++) Assert.InRange(tries, 0, 10);
    }
}
