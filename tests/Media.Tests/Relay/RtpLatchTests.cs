using System.Net;
using Telephony.Media.Rtp;

namespace Telephony.Media.Relay;

/// <summary>Who is taken for a leg's peer (RFC 4961, RFC 7362), as a table of what comes and what is made of it.</summary>
public sealed class RtpLatchTests : IDisposable
{
    private const int Described = 4000, Nat = 5000, Other = 6000, Stranger = 7000;

    private readonly UdpSocket _socket = UdpSocket.TryBind(new IPEndPoint(IPAddress.Loopback, 0), out _)!;
    private readonly InboundStream _inbound = new(frequency: 1000);
    private readonly MediaChannel _channel;
    private readonly RtpLatch _latch;
    private long _now = 100_000;

    public RtpLatchTests()
    {
        _channel = new LegTransport(new PortPair(0, _socket, _socket), _inbound, 1000).Rtp;
        _latch = new RtpLatch(_channel, _inbound, frequency: 1000);
        _channel.Describe(Address(Described));
    }

    public void Dispose() => _socket.Close();

    [Fact]
    public void The_first_who_sends_is_the_peer()
    {
        Assert.Equal(Verdict.Latch, Packet(Nat, sequence: 1));
        Assert.Equal(Verdict.Peer, Packet(Nat, sequence: 2));
        Assert.Equal(Nat, Target);
    }

    [Fact]
    public void Nobody_is_before_there_is_a_description()
    {
        var channel = new LegTransport(new PortPair(0, _socket, _socket), _inbound, 1000).Rtp;

        Assert.Equal(Verdict.Stranger, new RtpLatch(channel, _inbound, 1000).Judge(Address(Nat).Bytes, Head(1, 1), 0));
    }

    [Theory]
    [InlineData(1, Verdict.Latch)]
    [InlineData(100, Verdict.Latch)]
    [InlineData(RtpLatch.SettledAfter + 50, Verdict.Stranger)]
    public void The_described_address_takes_over_within_the_first_packets(int packets, object expected)
    {
        for (var i = 0; i < packets; i++) Packet(Nat, i);

        Assert.Equal(expected, Packet(Described, 1, ssrc: 2));
    }

    [Theory]
    [InlineData(1, Verdict.Latch)]
    [InlineData(2, Verdict.Latch)]
    [InlineData(RtpLatch.FirmAfter, Verdict.Stranger)]
    public void Who_sprayed_a_packet_or_two_gives_way_to_a_stream(int sprayed, object expected)
    {
        for (var i = 0; i < sprayed; i++) Packet(Stranger, i, ssrc: 3);

        Assert.Equal(Verdict.Stranger, Packet(Nat, 10));
        Assert.Equal(expected, Packet(Nat, 11));
    }

    [Theory]
    [InlineData(900, 1, 5, Verdict.Stranger)] // it may only be late
    [InlineData(1100, 1, 5, Verdict.Latch)] // its NAT has forgotten it
    [InlineData(1100, 2, 5, Verdict.Stranger)] // another SSRC
    [InlineData(1100, 1, 9000, Verdict.Stranger)] // numbers that were guessed
    [InlineData(1100, 1, -3, Verdict.Stranger)] // or heard before
    public void A_peer_that_moves_goes_on_where_it_was(int silence, uint ssrc, int ahead, object expected)
    {
        for (var i = 0; i < 10; i++) Packet(Nat, 100 + i);
        _now += silence;

        Assert.Equal(Verdict.Stranger, Packet(Other, 109 + ahead, ssrc));
        Assert.Equal(expected, Packet(Other, 110 + ahead, ssrc));
        Assert.Equal((Verdict)expected == Verdict.Latch ? Other : Nat, Target);
    }

    [Fact]
    public void A_new_description_begins_anew_and_late_packets_are_still_the_peers_for_a_second()
    {
        for (var i = 0; i < 10; i++) Packet(Nat, i);
        _channel.Describe(Address(Other));

        for (var i = 1; i < RtpLatch.PreviousLimit; i++) Assert.Equal(Verdict.Peer, Packet(Nat, 10 + i));
        Assert.Equal(Other, Target);
        Assert.Equal(Verdict.Latch, Packet(Nat, 100)); // nobody else came
        Assert.Equal(Nat, Target);
    }

    [Fact]
    public void Zeros_hold_the_stream_to_the_peer_and_move_nothing() // RFC 3264 §8.4
    {
        Packet(Nat, 1);
        _channel.Describe(null);

        Assert.Equal(Verdict.Peer, Packet(Nat, 2));
        Assert.Null(_channel.Remote.Target);
        _channel.Describe(Address(Described));
        Assert.Equal(Nat, Target);
    }

    [Fact]
    public void What_ICE_has_found_is_the_peer_whatever_was_described() // RFC 8445 §8.1.1
    {
        _channel.Describe(null);
        _channel.Nominate(Address(Nat));

        Assert.Equal(Verdict.Peer, Packet(Nat, 1));
        Assert.Equal(Verdict.Stranger, Packet(Stranger, 1, 3));
        Assert.Equal(Nat, Target);
    }

    private int Target => (int)BitConverter.ToUInt16([_channel.Remote.Target!.Bytes[3], _channel.Remote.Target.Bytes[2]]);

    private Verdict Packet(int port, int sequence, uint ssrc = 1)
    {
        _now += 20;
        var head = Head(sequence, ssrc);
        var verdict = _latch.Judge(Address(port).Bytes, head, _now);
        if (verdict == Verdict.Stranger) return verdict;

        Assert.True(RtpPacket.TryParse(head, out var packet));
        _inbound.TryTake(packet, head.Length, _now, isTrusted: verdict == Verdict.Latch, out _, out _);
        if (verdict == Verdict.Latch) _latch.Latch(Address(port).Bytes);
        return verdict;
    }

    private static byte[] Head(int sequence, uint ssrc)
    {
        var head = new byte[RtpPacket.HeaderLength];
        RtpPacket.WriteHead(head, false, 0, (ushort)sequence, (uint)sequence * 160, ssrc);
        return head;
    }

    private static PeerAddress Address(int port) => new(new IPEndPoint(IPAddress.Loopback, port));
}
