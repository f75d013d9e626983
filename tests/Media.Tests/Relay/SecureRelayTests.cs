using Telephony.Media.Sdp;
using Telephony.Media.Srtp;

namespace Telephony.Media.Relay;

/// <summary>A call between a peer in clear and one with SRTP, whose keys are in the descriptions (RFC 3711, RFC 4568).</summary>
public sealed class SecureRelayTests : IAsyncLifetime, IDisposable
{
    private static readonly SrtpKeys Ours = SrtpKeys.Create(SrtpSuite.AesCm128HmacSha1_80), Theirs = SrtpKeys.Create(SrtpSuite.AesCm128HmacSha1_80);

    private readonly TestNode _test = TestNode.Start();
    private readonly Phone _alice = new(), _bob = new(), _carol = new();
    private readonly SrtpSender _sender = new(Theirs);
    private readonly SrtpReceiver _receiver = new(Ours);
    private int _a, _b;

    public async Task InitializeAsync()
    {
        (_a, _b) = await _test.Call(_alice, _bob);
        await Secure(Ours, Theirs);
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    public void Dispose()
    {
        foreach (var d in (IDisposable[])[_alice, _bob, _carol, _sender, _receiver]) d.Dispose();
    }

    [Fact]
    public async Task Each_hears_the_other()
    {
        var (toBob, toAlice) = (Phone.Packet(), Phone.Packet());
        _alice.Send(toBob, _a);
        Assert.Equal(toBob[12..], await BobHears());

        _bob.SendRaw(Protected(toAlice), _b);

        Assert.Equal(toAlice[12..], (await _alice.Hear()).Packet[12..]);
    }

    [Fact]
    public async Task What_is_forged_replayed_or_in_clear_is_dropped_and_counted_and_latches_nobody()
    {
        var forged = Protected(Phone.Packet());
        forged[20] ^= 1;
        _carol.SendRaw(forged, _b);
        _carol.Send(Phone.Packet(), _b);
        var good = Protected(Phone.Packet());
        _bob.SendRaw([.. good], _b);
        await _alice.Hear();
        _bob.SendRaw(good, _b);
        _bob.Send(Phone.Packet(), _b);
        _bob.SendRaw(Protected(Phone.Packet()), _b);
        await _alice.Hear();

        Assert.True(_alice.HeardNothing);
        var statistics = await _test.Node.Release("b", 1);
        Assert.Equal((2, 4), (statistics!.PacketsReceived, statistics.Dropped));
    }

    [Fact]
    public async Task Keys_that_are_repeated_go_on_with_the_numbers_and_new_ones_begin_anew() // RFC 4568 §7.1.4
    {
        _alice.Send(Phone.Packet(), _a);
        await BobHears();
        var (before, sender) = (_test.Node.Leg("b").Transport.Security!, _test.Node.Leg("b").Transport.Security!.Rtp);

        await Secure(Ours with { }, Theirs with { });
        Assert.Same(before, _test.Node.Leg("b").Transport.Security);
        await Secure(Ours, SrtpKeys.Create(SrtpSuite.AesCm128HmacSha1_80));
        Assert.Same(sender, _test.Node.Leg("b").Transport.Security!.Rtp);

        var packet = Phone.Packet();
        _alice.Send(packet, _a);
        Assert.Equal(packet[12..], await BobHears());
    }

    [Fact]
    public async Task Without_keys_nothing_goes()
    {
        _test.Node.Leg("b").Transport.Security = TransportSecurity.WithoutKeys;
        _alice.Send(Phone.Packet(), _a);
        _bob.SendRaw(Protected(Phone.Packet()), _b);

        await Testing.Eventually.Is(() => _test.Node.Leg("b").Transport.Dropped == 1 && _test.Node.Leg("a").Inbound.Packets == 1);
        await _test.Node.Topology.Quiesce();
        Assert.True(_bob.HeardNothing && _alice.HeardNothing);
    }

    private async Task Secure(SrtpKeys send, SrtpKeys receive)
    {
        var leg = _test.Node.Leg("b");
        lock (leg.Lock) leg.Apply(Agreements.Of(Agreements.Format("PCMU", 0)).At(_bob) with { Security = new Sdes(send, receive) });
        await _test.Node.Topology.Replan(leg);
    }

    private byte[] Protected(byte[] packet)
    {
        var buffer = new byte[packet.Length + SrtpSender.MaxTrailer];
        _bob.Next(packet).CopyTo(buffer, 0);
        return buffer[.._sender.ProtectRtp(buffer, packet.Length)];
    }

    private async Task<byte[]> BobHears()
    {
        var packet = (await _bob.Hear()).Packet;
        var length = _receiver.UnprotectRtp(packet);
        Assert.NotEqual(-1, length);
        return packet[12..length];
    }
}
