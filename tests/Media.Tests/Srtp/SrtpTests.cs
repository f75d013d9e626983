using System.Buffers.Binary;
using Telephony.Testing;

namespace Telephony.Media.Srtp;

public sealed class SrtpTests
{
    public static TheoryData<int> Suites => [.. Enum.GetValues<SrtpSuite>().Select(s => (int)s)];

    [Theory, MemberData(nameof(Suites)), Trait("RFC", "3711 3.3")]
    public void What_is_protected_arrives_with_its_extension_and_sources(int suite)
    {
        using var pair = new Pair((SrtpSuite)suite);
        var packet = Packet(7);
        packet[0] = 0x92; // two sources, an extension of one word
        packet[23] = 1;

        var sent = pair.Protect(packet);

        Assert.Equal(packet[..28], sent[..28]); // both stay clear: the peer's network may look at them
        Assert.NotEqual(packet[28..60], sent[28..60]);
        Assert.Equal(packet, pair.Unprotect(sent));
    }

    [Theory, MemberData(nameof(Suites)), Trait("RFC", "3711 3.3.1")]
    public void Sequence_numbers_wrap_while_packets_are_lost_and_come_in_another_order(int suite)
    {
        using var pair = new Pair((SrtpSuite)suite);
        var random = new Random(1);
        var flying = new List<(byte[] Clear, byte[] Protected)>();
        for (var sequence = 60_000; sequence < 60_000 + (3 * 65_536); sequence += random.Next(1, 200))
        {
            var packet = Packet((ushort)sequence);
            flying.Add((packet, pair.Protect(packet)));
            if (flying.Count < 8) continue;
            var next = random.Next(flying.Count);
            Assert.Equal(flying[next].Clear, pair.Unprotect(flying[next].Protected));
            flying.Clear(); // the others are lost, or far too late
        }

        var last = Enumerable.Range(65_500, 100).Select(s => Packet((ushort)s)).Select(p => (Clear: p, Protected: pair.Protect(p))).ToArray();
        foreach (var (clear, late) in last.Reverse()) Assert.Equal(clear, pair.Unprotect(late)); // each one behind the one before, over the wrap
    }

    [Theory, MemberData(nameof(Suites)), Trait("RFC", "3711 3.3.2")]
    public void A_packet_is_taken_once(int suite)
    {
        using var pair = new Pair((SrtpSuite)suite);
        var packets = Enumerable.Range(65_500, 300).Select(s => pair.Protect(Packet((ushort)s))).ToArray();

        Assert.All(packets, p => Assert.NotNull(pair.Unprotect([.. p])));
        Assert.All(packets, p => Assert.Null(pair.Unprotect([.. p])));

        var report = pair.ProtectReport(Report());
        Assert.NotNull(pair.UnprotectReport([.. report]));
        Assert.Null(pair.UnprotectReport([.. report]));
        Assert.NotNull(pair.UnprotectReport(pair.ProtectReport(Report())));
    }

    [Theory, MemberData(nameof(Suites)), Trait("RFC", "3711 9.1")]
    public void A_number_is_never_sent_twice(int suite)
    {
        using var sender = new SrtpSender(SrtpKeys.Create((SrtpSuite)suite));
        var first = new byte[200];
        Packet(7).CopyTo(first, 0);
        var second = first.ToArray();
        second[100] ^= 1;

        Assert.True(sender.ProtectRtp(first, 172) > 172);
        Assert.Equal(-1, sender.ProtectRtp(second, 172));
    }

    [Theory, MemberData(nameof(Suites)), Trait("RFC", "3711 3.2.3")]
    public void Each_source_has_numbers_of_its_own(int suite)
    {
        using var pair = new Pair((SrtpSuite)suite);
        for (var round = 0; round < 3; round++)
        {
            for (uint ssrc = 1; ssrc <= SrtpStreams.Max; ssrc++)
            {
                var packet = Packet((ushort)((ssrc * 8000) + round), ssrc);
                Assert.Equal(packet, pair.Unprotect(pair.Protect(packet)));
            }
        }

        Assert.Null(pair.Protect(Packet(1, ssrc: 99), isRefused: true)); // a leg sends one; another key for the ninth would be needed
    }

    [Fact, Trait("RFC", "3711 3.2.3")]
    public void A_peer_that_often_changes_its_source_is_heard()
    {
        var keys = SrtpKeys.Create(SrtpSuite.AeadAes128Gcm);
        using var receiver = new SrtpReceiver(keys);
        for (uint ssrc = 1; ssrc < 100; ssrc++)
        {
            using var sender = new SrtpSender(keys);
            var buffer = new byte[200];
            Packet(1, ssrc).CopyTo(buffer, 0);
            Assert.Equal(172, receiver.UnprotectRtp(buffer.AsSpan(0, sender.ProtectRtp(buffer, 172))));
        }
    }

    [Theory, MemberData(nameof(Suites)), Trait("RFC", "3711 3.3")]
    public void Nothing_forged_cut_or_made_longer_is_taken_and_it_harms_nothing(int suite)
    {
        using var pair = new Pair((SrtpSuite)suite);
        var random = new Random(3);
        Assert.NotNull(pair.Unprotect(pair.Protect(Packet(1))));
        var packet = pair.Protect(Packet(2));
        var report = pair.ProtectReport(Report());
        for (var length = 0; length < packet.Length; length++) Assert.Null(pair.Unprotect(packet[..length]));
        for (var length = 0; length < report.Length; length++) Assert.Null(pair.UnprotectReport(report[..length]));
        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            var forged = packet.ToArray();
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(pair.Unprotect(forged));
        }

        for (var bit = 0; bit < report.Length * 8; bit++)
        {
            var forged = report.ToArray();
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(pair.UnprotectReport(forged));
        }

        for (var i = 0; i < 2000; i++)
        {
            var garbage = new byte[random.Next(0, 100)];
            random.NextBytes(garbage);
            Assert.Null(pair.Unprotect(garbage));
            Assert.Null(pair.UnprotectReport(garbage));
        }

        Assert.NotNull(pair.Unprotect(packet));
        Assert.NotNull(pair.UnprotectReport(report));
    }

    [Theory, MemberData(nameof(Suites)), Trait("RFC", "3711 3.1")]
    public void A_master_key_identifier_is_skipped(int suite)
    {
        var keys = SrtpKeys.Create((SrtpSuite)suite);
        using var sender = new SrtpSender(keys);
        using var receiver = new SrtpReceiver(keys with { MkiLength = 4 });
        var tag = (SrtpSuite)suite switch { SrtpSuite.AesCm128HmacSha1_80 => 10, SrtpSuite.AesCm128HmacSha1_32 => 4, _ => 0 };
        var buffer = new byte[200];
        Packet(1).CopyTo(buffer, 0);
        var sent = buffer[..sender.ProtectRtp(buffer, 172)];
        Report().CopyTo(buffer, 0);
        var report = buffer[..sender.ProtectRtcp(buffer, 28)];

        Assert.Equal(172, receiver.UnprotectRtp((byte[])[.. sent[..^tag], 0, 0, 0, 1, .. sent[^tag..]]));
        Assert.Equal(28, receiver.UnprotectRtcp((byte[])[.. report[..^(tag == 0 ? 0 : 10)], 0, 0, 0, 1, .. report[^(tag == 0 ? 0 : 10)..]]));
        Assert.Equal(-1, receiver.UnprotectRtp(new byte[3]));
    }

    [Theory, MemberData(nameof(Suites))]
    public void Nothing_is_allocated_for_a_packet(int suite)
    {
        var keys = SrtpKeys.Create((SrtpSuite)suite);
        using var sender = new SrtpSender(keys);
        using var receiver = new SrtpReceiver(keys);
        var buffer = new byte[200];
        var sent = 0;

        Assert.Equal(0, Allocations.Of(() =>
        {
            Send(sent, 1000);
            sent += 1000;
        }));

        void Send(int from, int count)
        {
            for (var i = from; i < from + count; i++)
            {
                (buffer[0], buffer[1], buffer[7], buffer[11]) = (0x80, 0, 1, 1);
                BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(2), (ushort)i);
                receiver.UnprotectRtp(buffer.AsSpan(0, sender.ProtectRtp(buffer, 172)));
                (buffer[0], buffer[1]) = (0x80, 200);
                receiver.UnprotectRtcp(buffer.AsSpan(0, sender.ProtectRtcp(buffer, 28)));
                buffer[60] ^= 1;
                receiver.UnprotectRtp(buffer.AsSpan(0, 188)); // forged
            }
        }
    }

    [Fact]
    public void Keys_that_nobody_needs_are_overwritten()
    {
        var keys = SrtpKeys.Create(SrtpSuite.AeadAes256Gcm);

        keys.Clear();

        Assert.All(keys.Master.Concat(keys.Salt), b => Assert.Equal(0, b));
        Assert.Equal("AeadAes256Gcm", keys.ToString()); // and never in a log
    }

    private static byte[] Packet(ushort sequence, uint ssrc = 0x1234_5678)
    {
        var packet = new byte[172];
        new Random(sequence).NextBytes(packet);
        (packet[0], packet[1]) = (0x80, 0);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        packet.AsSpan(20, 3).Clear();
        return packet;
    }

    private static byte[] Report()
    {
        var report = new byte[28];
        new Random(9).NextBytes(report);
        (report[0], report[1], report[2], report[3]) = (0x80, 200, 0, 6);
        return report;
    }

    private sealed class Pair : IDisposable
    {
        private readonly SrtpSender _sender;
        private readonly SrtpReceiver _receiver;

        public Pair(SrtpSuite suite)
        {
            var keys = SrtpKeys.Create(suite);
            _sender = new SrtpSender(keys);
            _receiver = new SrtpReceiver(keys);
        }

        public byte[] Protect(byte[] packet, bool isRefused = false)
        {
            byte[] buffer = [.. packet, .. new byte[SrtpSender.MaxTrailer]];
            var length = _sender.ProtectRtp(buffer, packet.Length);
            if (isRefused) return length == -1 ? null! : buffer;
            Assert.True(length > packet.Length);
            return buffer[..length];
        }

        public byte[] ProtectReport(byte[] packet)
        {
            byte[] buffer = [.. packet, .. new byte[SrtpSender.MaxTrailer]];
            return buffer[.._sender.ProtectRtcp(buffer, packet.Length)];
        }

        public byte[]? Unprotect(byte[] packet) => Result(packet, _receiver.UnprotectRtp(packet));

        public byte[]? UnprotectReport(byte[] packet) => Result(packet, _receiver.UnprotectRtcp(packet));

        public void Dispose()
        {
            _sender.Dispose();
            _receiver.Dispose();
        }

        private static byte[]? Result(byte[] packet, int length) => length < 0 ? null : packet[..length];
    }
}
