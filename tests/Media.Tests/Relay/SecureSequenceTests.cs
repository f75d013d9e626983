using Telephony.Media.Rtp;
using Telephony.Media.Sdp;
using Telephony.Media.Srtp;

namespace Telephony.Media.Relay;

/// <summary>A peer that misses the first packets of new keys must not count the wraps of sequence numbers wrong (RFC 3711 §3.3.1).</summary>
public sealed class SecureSequenceTests : IAsyncLifetime, IDisposable
{
    private static readonly SrtpKeys Ours = SrtpKeys.Create(SrtpSuite.AesCm128HmacSha1_80), Theirs = SrtpKeys.Create(SrtpSuite.AesCm128HmacSha1_80);

    private readonly TestNode _test = TestNode.Start();
    private readonly Phone _alice = new(), _bob = new();
    private readonly SrtpReceiver _receiver = new(Ours);
    private int _a;

    // the wall clock says that the first packet of a stream gets this number
    private async Task Begin(int sequence)
    {
        var now = _test.Time.GetUtcNow().ToUnixTimeMilliseconds() / 20;
        await _test.Time.Advance(TimeSpan.FromMilliseconds(20 * (ushort)(sequence - 1 - now)));
        (_a, _) = await _test.Call(_alice, _bob);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _test.DisposeAsync();

    public void Dispose()
    {
        foreach (var d in (IDisposable[])[_alice, _bob, _receiver]) d.Dispose();
    }

    [Fact]
    public async Task A_stream_that_begins_protected_begins_in_the_lower_half()
    {
        await Begin(65_534);
        await Protect();

        var lost = await BobGets();
        Assert.InRange(lost.Sequence, 0, 0x7fff);
        for (var i = 0; i < 4; i++) await BobHears();
    }

    [Fact]
    public async Task A_stream_that_is_protected_in_mid_call_goes_on_and_steps_over_a_wrap_that_is_near()
    {
        await Begin(65_533);
        var before = await BobGets();
        await Protect();

        var lost = await BobGets();
        Assert.Equal((before.Ssrc, 65_533, 0), (lost.Ssrc, before.Sequence, lost.Sequence));
        for (var i = 0; i < 4; i++) await BobHears();
    }

    [Fact]
    public async Task A_stream_that_is_protected_far_from_a_wrap_goes_on_without_a_gap()
    {
        await Begin(40_000);
        var before = await BobGets();
        await Protect();

        var after = await BobGets();
        Assert.Equal((before.Ssrc, 1), (after.Ssrc, after.Sequence - before.Sequence));
        for (var i = 0; i < 4; i++) await BobHears();
    }

    private async Task Protect()
    {
        var leg = _test.Node.Leg("b");
        lock (leg.Lock) leg.Apply(Agreements.Of(Agreements.Format("PCMU", 0)).At(_bob) with { Security = new Sdes(Ours, Theirs) });
        await _test.Node.Topology.Replan(leg);
    }

    private async Task<RtpPacket> BobGets()
    {
        _alice.Send(Phone.Packet(), _a);
        Assert.True(RtpPacket.TryParse((await _bob.Hear()).Packet, out var packet));
        return packet;
    }

    private async Task BobHears()
    {
        var packet = Phone.Packet();
        _alice.Send(packet, _a);
        var heard = (await _bob.Hear()).Packet;
        var length = _receiver.UnprotectRtp(heard);
        Assert.NotEqual(-1, length);
        Assert.Equal(packet[12..], heard[12..length]);
    }
}
