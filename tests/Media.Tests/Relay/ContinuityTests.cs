using System.Net;
using Telephony.Media.Rtp;
using Telephony.Media.Sdp;
using Telephony.Testing;

namespace Telephony.Media.Relay;

/// <summary>What a peer is sent is one unbroken stream for it, whatever happens on the other side (RFC 3550 §5.1, §7.1).</summary>
public sealed class ContinuityTests : IAsyncLifetime, IDisposable
{
    private readonly TestNode _test = TestNode.Start();
    private readonly Phone _alice = new(), _bob = new(), _carol = new();
    private int _a, _b, _c;

    public async Task InitializeAsync()
    {
        (_a, _b) = await _test.Call(_alice, _bob);
        _c = await _test.Leg("c", _carol);
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    public void Dispose()
    {
        foreach (var phone in (Phone[])[_alice, _bob, _carol]) phone.Dispose();
    }

    [Fact]
    public async Task Another_speaker_goes_on_with_the_numbers_of_the_one_before()
    {
        var first = await AliceHears(_bob, _b);
        var second = await AliceHears(_bob, _b);
        await _test.Time.Advance(TimeSpan.FromSeconds(10));
        TestNode.Ok(await _test.Node.Connect(1, [new("c", "a"), new("a", "c")]));

        var third = await AliceHears(_carol, _c);
        var fourth = await AliceHears(_carol, _c);

        Assert.Single(new[] { first.Ssrc, second.Ssrc, third.Ssrc, fourth.Ssrc }.Distinct());
        Assert.Equal([1, 1, 1], Steps(p => p.Sequence, first, second, third, fourth));
        Assert.Equal([160, 80_000, 160], Ticks(first, second, third, fourth));
        Assert.Equal([true, false, true, false], new[] { first, second, third, fourth }.Select(p => p.Marker)); // RFC 3551 §4.1
    }

    [Fact]
    public async Task A_hold_is_a_pause_in_the_stream()
    {
        var before = await AliceHears(_bob, _b);
        await Direction("a", MediaDirection.SendOnly);
        _bob.Send(Phone.Packet(), _b);
        await Testing.Eventually.Is(() => _test.Node.Leg("b").Inbound.Packets == 2);
        await _test.Time.Advance(TimeSpan.FromSeconds(50));
        Assert.True(_alice.HeardNoAudio); // RFC 3264 §5.1: who is sendonly is sent nothing

        await Direction("a", MediaDirection.SendReceive);
        var after = await AliceHears(_bob, _b);

        Assert.Equal((before.Ssrc, (short)1), (after.Ssrc, (short)(after.Sequence - before.Sequence)));
        Assert.Equal(50 * 8000, (int)(after.Timestamp - before.Timestamp));
    }

    [Fact]
    public async Task What_was_lost_or_overtaken_on_the_way_to_us_is_so_for_the_listener_too()
    {
        var packets = Enumerable.Range(0, 6).Select(_ => _bob.Next(Phone.Packet())).ToArray();
        foreach (var i in (int[])[0, 1, 4, 3, 5]) _bob.SendRaw(packets[i], _b); // 2 is lost
        var heard = new List<RtpPacket>();
        for (var i = 0; i < 5; i++) heard.Add(Parsed((await _alice.Hear()).Packet));

        Assert.Equal([1, 3, -1, 2], Steps(p => p.Sequence, [.. heard]));
        Assert.Equal([160, 480, -160, 320], Ticks([.. heard]));
    }

    [Fact]
    public async Task A_copy_and_what_is_older_than_the_change_of_speakers_are_dropped()
    {
        var late = _carol.Next(Phone.Packet());
        await AliceHears(_bob, _b);
        TestNode.Ok(await _test.Node.Connect(1, [new("c", "a")]));
        var copy = _carol.Next(Phone.Packet());
        _carol.SendRaw(copy, _c);
        var first = Parsed((await _alice.Hear()).Packet);

        _carol.SendRaw(copy, _c);
        _carol.SendRaw(late, _c);
        var second = await AliceHears(_carol, _c);

        Assert.Equal(1, (short)(second.Sequence - first.Sequence));
        Assert.True(_alice.HeardNothing);
    }

    [Fact]
    public async Task Payload_types_are_the_listeners_and_what_it_has_not_agreed_to_is_dropped()
    {
        await Agree("a", Agreements.Format("PCMU", 0), Agreements.Format("telephone-event", 96, parameters: "0-16"));
        await Agree("b", Agreements.Format("PCMU", 110), Agreements.Format("GSM", 3), Agreements.Format("telephone-event", 101));

        var audio = await AliceHears(_bob, _b, 110);
        var key = await AliceHears(_bob, _b, 101, marker: true);
        _bob.Send(Typed(3), _b);
        var next = await AliceHears(_bob, _b, 110);

        Assert.Equal((0, true), (audio.PayloadType, audio.Marker));
        Assert.Equal((96, true), (key.PayloadType, key.Marker));
        Assert.Equal((0, false), (next.PayloadType, next.Marker));
    }

    [Fact]
    public async Task Sources_extension_and_padding_that_were_not_agreed_do_not_reach_the_listener() // RFC 8285 §5
    {
        var payload = Phone.Packet(160)[12..];
        byte[] packet = [0xb1, 0, .. new byte[10], 1, 2, 3, 4, 0xbe, 0xde, 0, 1, 0x10, 0xff, 0, 0, .. payload, 0, 0, 0, 4];

        _bob.Send(packet, _b);
        var heard = (await _alice.Hear()).Packet;

        Assert.Equal(0x80, heard[0]);
        Assert.Equal(payload, heard[12..]);
    }

    [Fact]
    public async Task A_phone_that_changes_its_SSRC_is_heard_again_and_one_who_forges_its_address_is_not()
    {
        var before = await AliceHears(_bob, _b);
        var old = _bob.Ssrc;
        for (var i = 0; i < 5; i++) // a stream from elsewhere, while bob speaks
        {
            _bob.Ssrc = 1;
            _bob.Send(Phone.Packet(), _b);
            _bob.Ssrc = old;
            var between = await AliceHears(_bob, _b);
            Assert.Equal(before.Ssrc, between.Ssrc);
            await _test.Time.Advance(TimeSpan.FromMilliseconds(20));
        }

        var last = await AliceHears(_bob, _b);
        _bob.Restart();
        await _test.Time.Advance(TimeSpan.FromMilliseconds(60));
        _bob.Send(Phone.Packet(), _b); // one proves nothing
        var after = await AliceHears(_bob, _b);

        Assert.Equal((last.Ssrc, (short)1, true), (after.Ssrc, (short)(after.Sequence - last.Sequence), after.Marker));
        Assert.Equal(6, (await _test.Node.Release("b", 1))!.Dropped);
    }

    [Fact]
    public async Task A_source_that_jumps_is_taken_after_two_packets_in_order() // RFC 3550 A.1
    {
        var before = await AliceHears(_bob, _b);
        _bob.Jump(10_000);
        _bob.Send(Phone.Packet(), _b);

        var after = await AliceHears(_bob, _b);

        Assert.Equal(((short)1, true), ((short)(after.Sequence - before.Sequence), after.Marker));
    }

    [Fact]
    public async Task A_leg_that_is_made_anew_goes_on_with_SSRC_and_numbers() // as on another node after this one's end
    {
        var before = await AliceHears(_bob, _b);
        await _test.Node.Release("a", 1);
        await _test.Time.Advance(TimeSpan.FromSeconds(5));
        await _test.Leg("a", _alice);
        TestNode.Ok(await _test.Node.Connect(1, [new("b", "a")]));

        var after = await AliceHears(_bob, _b);

        Assert.Equal(before.Ssrc, after.Ssrc);
        Assert.InRange((int)(short)(after.Sequence - before.Sequence), 1, 1000);
        Assert.InRange((int)(after.Timestamp - before.Timestamp), 5 * 8000, 6 * 8000);
    }

    [Fact]
    public async Task A_packet_costs_no_allocation()
    {
        await AliceHears(_bob, _b);
        var (leg, thread) = (_test.Node.Leg("b"), new MediaThread(9, TimeProvider.System));
        var source = new PeerAddress(new IPEndPoint(IPAddress.Loopback, _bob.Port));
        var buffer = new byte[MediaThread.MaxDatagram + MediaThread.Slack];
        leg.Inbound.Tap = new PacketRing();

        Assert.Equal(0, Allocations.Of(() => Relay(1000)));
        Assert.Equal(7001, leg.Inbound.Packets);
        thread.Stop();

        void Relay(int count)
        {
            for (var i = 0; i < count; i++)
            {
                RtpPacket.WriteHead(buffer, false, 0, _bob.NextSequence(), 0, _bob.Ssrc);
                leg.Transport.OnDatagram(leg.Transport.Rtp, buffer, 172, source.Bytes, thread);
                while (leg.Inbound.Tap.TryPeek(out _, out _)) leg.Inbound.Tap.Advance();
            }
        }
    }

    private async Task<RtpPacket> AliceHears(Phone speaker, int port, byte payloadType = 0, bool marker = false)
    {
        var packet = Typed(payloadType, marker);
        speaker.Send(packet, port);
        var heard = (await _alice.Hear()).Packet;
        Assert.Equal(packet[12..], heard[12..]);
        return Parsed(heard);
    }

    private async Task Agree(string leg, params AgreedFormat[] formats)
    {
        var found = _test.Node.Leg(leg);
        lock (found.Lock) found.Apply(Agreements.Of(formats).At(leg == "a" ? _alice : _bob));
        await _test.Node.Topology.Replan(found);
    }

    private async Task Direction(string leg, MediaDirection direction)
    {
        var found = _test.Node.Leg(leg);
        lock (found.Lock) found.Apply(Agreements.Of(Agreements.Format("PCMU", 0)).At(_alice) with { Direction = direction });
        await _test.Node.Topology.Replan(found);
    }

    private static byte[] Typed(byte payloadType, bool marker = false)
    {
        var packet = Phone.Packet();
        packet[1] = (byte)(payloadType | (marker ? 0x80 : 0));
        return packet;
    }

    private static RtpPacket Parsed(byte[] packet)
    {
        Assert.True(RtpPacket.TryParse(packet, out var parsed));
        return parsed;
    }

    private static int[] Steps(Func<RtpPacket, ushort> number, params RtpPacket[] packets) => [.. packets.Zip(packets.Skip(1), (a, b) => (int)(short)(number(b) - number(a)))];

    private static int[] Ticks(params RtpPacket[] packets) => [.. packets.Zip(packets.Skip(1), (a, b) => (int)(b.Timestamp - a.Timestamp))];
}
