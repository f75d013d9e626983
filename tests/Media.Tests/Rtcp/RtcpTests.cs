using System.Buffers.Binary;
using Telephony.Media.Relay;
using Telephony.Testing;

namespace Telephony.Media.Rtcp;

/// <summary>Each leg ends the RTCP of its peer and sends its own (RFC 3550 §6, RFC 3611, RFC 5761).</summary>
public sealed class RtcpTests : IAsyncLifetime, IDisposable
{
    private const byte Sr = RtcpPacket.SenderReport, Rr = RtcpPacket.ReceiverReport;

    private readonly TestNode _test = TestNode.Start();
    private readonly Phone _alice = new(), _bob = new();
    private int _a, _b;

    public async Task InitializeAsync() => (_a, _b) = await _test.Call(_alice, _bob);

    public async Task DisposeAsync() => await _test.DisposeAsync();

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact] // RFC 3550 §6.4.1
    public async Task A_peer_is_told_of_our_stream_and_of_its_own()
    {
        await Talk(_alice, _a, _bob, packets: 50);
        _bob.Send(Phone.Packet(), _b);
        _bob.Jump(4); // lost
        _bob.Send(Phone.Packet(), _b);
        var heard = (await _alice.Hear(), await _alice.Hear());

        var report = await Report(_bob);

        var stream = _test.Node.Leg("b").Outbound.Ssrc;
        Assert.Equal((Sr, stream), (report[0].Type, report[0].Ssrc));
        var info = SenderInfo.Read(report[0].Bytes);
        Assert.Equal((50u, 50u * 160), (info.Packets, info.Bytes));
        var block = ReportBlock.Read(report[0].Bytes.AsSpan(SenderInfo.End));
        Assert.Equal((_bob.Ssrc, 4, (byte)(4 * 256 / 6)), (block.Ssrc, block.Lost, block.FractionLost));
        Assert.Equal(_bob.Sequence - 1, (ushort)block.HighestSequence);
        Assert.Equal(RtcpPacket.Description, report[1].Type);
        Assert.Equal((1, 16), (report[1].Bytes[8], report[1].Bytes[9])); // CNAME
        Assert.Equal(RtcpPacket.Extended, report[2].Type);
        Assert.NotNull(heard.Item1.Packet);
    }

    [Fact, Trait("RFC", "3550 6.4.1")]
    public async Task What_the_peer_loses_is_expected_of_the_packets_to_come()
    {
        await Talk(_alice, _a, _bob, packets: 50);
        var stream = _test.Node.Leg("b").Outbound;

        Assert.True(_test.Node.Leg("b").Reports.Receive(Reports.Receiver(9, new ReportBlock(stream.Ssrc, 64, 12, 0, 0, 0, 0)), _test.Time.GetTimestamp()));
        Assert.Equal(25, stream.ExpectedLoss);
        Assert.True(_test.Node.Leg("b").Reports.Receive(Reports.Receiver(9, new ReportBlock(stream.Ssrc, 0, 12, 0, 0, 0, 0)), _test.Time.GetTimestamp()));
        Assert.Equal(0, stream.ExpectedLoss);
    }

    [Fact] // RFC 3550 §6.4.1: the sender's clock and the stream's
    public async Task The_timestamp_of_a_report_is_that_of_the_stream_at_that_time()
    {
        var packet = await Hearing(_alice, _a, _bob);
        var at = _test.Time.GetUtcNow();

        var info = SenderInfo.Read((await Report(_bob))[0].Bytes);
        var first = BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4));

        var passed = (info.Time.Value - NtpTime.Of(at).Value) / (double)(1UL << 32);
        Assert.InRange(passed, 1, 7);
        Assert.Equal(passed * 8000, info.Timestamp - first, tolerance: 16);
    }

    [Fact] // RFC 3550 §6.2, §6.3.1
    public async Task Reports_come_at_random_intervals_of_2_to_7_seconds()
    {
        await Hearing(_alice, _a, _bob);
        var times = new List<DateTimeOffset>();
        while (times.Count < 12)
        {
            await Report(_bob);
            times.Add(_test.Time.GetUtcNow());
        }

        var intervals = times.Zip(times.Skip(1), (x, y) => (y - x).TotalSeconds).ToArray();
        Assert.All(intervals, i => Assert.InRange(i, 2, 7.2));
        Assert.InRange(intervals.Distinct().Count(), 3, 12);
    }

    [Fact] // RFC 3550 §6.4.2
    public async Task Who_is_sent_nothing_gets_receiver_reports()
    {
        await _test.Node.Connect(1, [new("a", "b")]);
        _alice.Send(Phone.Packet(), _a);
        await _bob.Hear();

        Assert.Equal(Rr, (await Report(_alice))[0].Type);
    }

    [Fact] // RFC 3550 §6.4.1
    public async Task The_round_trip_is_what_is_left_of_the_time_since_our_report()
    {
        await Talk(_alice, _a, _bob, 1);
        var info = SenderInfo.Read((await Report(_bob))[0].Bytes);
        await _test.Advance(0.5);
        var sent = _test.Time.GetUtcNow();

        var stream = _test.Node.Leg("b").Outbound.Ssrc;
        _bob.SendReport(Reports.Receiver(_bob.Ssrc, new ReportBlock(stream, 0, 0, 0, 80, info.Time.Middle, (uint)(0.42 * 65_536))), _b + 1);
        await Testing.Eventually.Is(() => _test.Node.Leg("b").Reports.RoundTripMicroseconds > 0);

        var passed = (sent - _test.Time.Start).TotalMicroseconds - ((info.Time.Value - NtpTime.Of(_test.Time.Start).Value) / 4294.967296);
        Assert.Equal(passed - 420_000, _test.Node.Leg("b").Reports.RoundTripMicroseconds, tolerance: 100);
        Assert.Equal(10_000, _test.Node.Leg("b").Reports.RemoteJitterMicroseconds);
    }

    [Fact] // RFC 3611 §4.4, §4.5
    public async Task Who_sends_no_RTP_learns_the_round_trip_as_well_and_we_do_from_its_answer()
    {
        await Talk(_alice, _a, _bob, 1);
        _bob.SendReport(Reports.Reference(_bob.Ssrc, new NtpTime(0x1234_5678_9abc_def0)), _b + 1);
        await Testing.Eventually.Is(() => _test.Node.Leg("b").Transport.RtcpReceived == 1);

        var blocks = Blocks((await Report(_bob))[2].Bytes);

        var reference = blocks.Single(x => x.Type == ExtendedBlock.ReferenceTime).Body;
        var delay = blocks.Single(x => x.Type == ExtendedBlock.DelaySinceReferenceTime).Body;
        Assert.Equal((_bob.Ssrc, 0x5678_9abcu), (BinaryPrimitives.ReadUInt32BigEndian(delay), BinaryPrimitives.ReadUInt32BigEndian(delay.AsSpan(4))));
        Assert.InRange(BinaryPrimitives.ReadUInt32BigEndian(delay.AsSpan(8)), 1u, 7 * 65_536u);

        await _test.Advance(0.2);
        var time = new NtpTime(BinaryPrimitives.ReadUInt64BigEndian(reference));
        _bob.SendReport(Reports.Delay(_bob.Ssrc, _test.Node.Leg("b").Outbound.Ssrc, time.Middle, 0), _b + 1);
        await Testing.Eventually.Is(() => _test.Node.Leg("b").Reports.RoundTripMicroseconds > 0);
        Assert.InRange(_test.Node.Leg("b").Reports.RoundTripMicroseconds, 199_000, 400_000);
    }

    [Fact] // RFC 3611 §4.7
    public async Task A_peer_is_told_what_its_voice_is_like()
    {
        for (var i = 0; i < 20; i++) await Hearing(_bob, _b, _alice);
        _bob.Jump(2);
        for (var i = 0; i < 28; i++) await Hearing(_bob, _b, _alice);

        var metrics = VoipMetrics.Read(Blocks((await Report(_bob))[2].Bytes).Single(x => x.Type == ExtendedBlock.VoipMetrics).Body);

        Assert.Equal((_bob.Ssrc, (byte)(2 * 256 / 50), VoipMetrics.Gmin), (metrics.Ssrc, metrics.LossRate, VoipMetrics.Gmin));
        Assert.InRange(metrics.RFactor, 60, 93);
        Assert.InRange(metrics.ListeningMos, 30, 44);
    }

    [Fact] // RFC 3550 §6.6
    public async Task A_leg_that_ends_says_goodbye()
    {
        await Talk(_alice, _a, _bob, 1);
        var stream = _test.Node.Leg("b").Outbound.Ssrc;
        await _test.Node.Release("b", 1);

        var report = Parsed((await _bob.HearReport()).Packet);

        Assert.Equal((RtcpPacket.Bye, stream), (report[^1].Type, report[^1].Ssrc));
    }

    [Fact] // RFC 3550 §6.6
    public async Task After_a_goodbye_the_next_source_is_heard_at_once()
    {
        await Hearing(_bob, _b, _alice);
        _bob.SendReport(Reports.Bye(_bob.Ssrc), _b + 1);
        await Testing.Eventually.Is(() => _test.Node.Leg("b").Transport.RtcpReceived == 1);

        _bob.Restart();

        await Hearing(_bob, _b, _alice);
    }

    [Fact] // RFC 5761 §5.1.1
    public async Task Reports_share_the_port_when_both_ends_say_so()
    {
        foreach (var (leg, phone) in new[] { ("a", _alice), ("b", _bob) })
        {
            TestNode.Ok(await _test.Node.SetOffer(leg, 1, phone.Description("a=rtcp-mux\r\n")));
            Assert.Contains("a=rtcp-mux\r\n", TestNode.Ok(await _test.Node.CreateAnswer(leg, 1, leg)), StringComparison.Ordinal);
        }

        await Hearing(_alice, _a, _bob);
        await Hearing(_bob, _b, _alice);
        _alice.SendRaw(Reports.Receiver(_alice.Ssrc), _a);
        await Testing.Eventually.Is(() => _test.Node.Leg("a").Transport.RtcpReceived == 1);

        for (var i = 0; i < 80; i++) await _test.Advance(0.1);

        Assert.Equal(Sr, Parsed((await _bob.Hear()).Packet)[0].Type);
    }

    [Theory]
    [InlineData(4000, 0, 0u, 0)] // more lost than we sent
    [InlineData(0, 4_000_000, 0u, 0)] // minutes of jitter
    [InlineData(0, 0, 0x1234_5678u, 0)] // an answer to what was never sent
    public async Task A_report_that_lies_is_dropped_counted_and_harms_nothing(int lost, uint jitter, uint lastReport, uint delay)
    {
        await Talk(_alice, _a, _bob, 3);
        await Report(_bob);

        _bob.SendReport(Reports.Receiver(_bob.Ssrc, new ReportBlock(_test.Node.Leg("b").Outbound.Ssrc, 255, lost, 0, jitter, lastReport, delay)), _b + 1);
        await Testing.Eventually.Is(() => _test.Node.Leg("b").Transport.Dropped == 1);

        var reports = _test.Node.Leg("b").Reports;
        Assert.Equal((0, 0), (reports.TakeRemoteLost(), reports.RoundTripMicroseconds));
        await Hearing(_alice, _a, _bob);
    }

    [Fact]
    public async Task A_report_that_is_cut_off_anywhere_or_damaged_harms_nothing()
    {
        await Talk(_alice, _a, _bob, 3);
        var session = _test.Node.Leg("b").Reports;
        await Report(_bob);
        byte[] whole = [.. Reports.Sender(_bob.Ssrc, new ReportBlock(_test.Node.Leg("b").Outbound.Ssrc, 1, 1, 1, 1, 0, 0)), .. Reports.Reference(_bob.Ssrc, new NtpTime(1)), .. Reports.Bye(_bob.Ssrc)];
        var random = new Random(4);

        for (var length = 0; length < whole.Length; length++) session.Receive(whole.AsSpan(0, length), 0);
        for (var i = 0; i < 100_000; i++)
        {
            byte[] damaged = [.. whole];
            for (var n = random.Next(1, 6); n > 0; n--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            session.Receive(damaged.AsSpan(0, random.Next(damaged.Length + 1)), 0);
        }

        Assert.True(session.Receive(whole, 0));
    }

    [Fact]
    public async Task A_report_costs_no_allocation()
    {
        await Talk(_alice, _a, _bob, 3);
        await Talk(_bob, _b, _alice, 3);
        var (leg, thread) = (_test.Node.Leg("b"), new MediaThread(9, TimeProvider.System));
        var writer = new ReportWriter("b", leg.Inbound, leg.Outbound, leg.Reports, leg.Quality, TimeProvider.System);
        var report = Reports.Sender(_bob.Ssrc, new ReportBlock(leg.Outbound.Ssrc, 0, 0, 0, 1, 0, 0));
        var written = 0;

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++) Turn();
        }));
        Assert.InRange(written, 100, ReportWriter.MaxLength);
        thread.Stop();

        void Turn()
        {
            Span<byte> buffer = stackalloc byte[ReportWriter.MaxLength];
            written = writer.Write(buffer, 0);
            leg.Reports.Receive(report, 0);
            leg.EachSecond(thread);
        }
    }

    private static async Task Talk(Phone from, int port, Phone to, int packets)
    {
        for (var i = 0; i < packets; i++) await Hearing(from, port, to);
    }

    private static async Task<byte[]> Hearing(Phone from, int port, Phone to)
    {
        var packet = Phone.Packet();
        from.Send(packet, port);
        var heard = (await to.Hear()).Packet;
        Assert.Equal(packet[12..], heard[12..]);
        return heard;
    }

    private async Task<(byte Type, uint Ssrc, byte[] Bytes)[]> Report(Phone phone)
    {
        for (var i = 0; phone.HeardNoReport; i++)
        {
            Assert.InRange(i, 0, 100);
            await _test.Advance(0.1);
        }

        return Parsed((await phone.HearReport()).Packet);
    }

    private static (byte Type, uint Ssrc, byte[] Bytes)[] Parsed(byte[] compound)
    {
        Assert.True(RtcpPacket.IsValid(compound));
        var packets = new List<(byte, uint, byte[])>();
        ReadOnlySpan<byte> rest = compound;
        while (!rest.IsEmpty && RtcpPacket.TryRead(ref rest, out var packet)) packets.Add((packet.Type, packet.Ssrc, packet.Bytes.ToArray()));
        return [.. packets];
    }

    private static (byte Type, byte[] Body)[] Blocks(byte[] extended)
    {
        var blocks = new List<(byte, byte[])>();
        ReadOnlySpan<byte> rest = extended.AsSpan(RtcpPacket.HeaderLength);
        while (!rest.IsEmpty && ExtendedBlock.TryRead(ref rest, out var block)) blocks.Add((block.Type, block.Body.ToArray()));
        return [.. blocks];
    }
}
