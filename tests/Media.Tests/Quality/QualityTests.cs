using Telephony.Media.Relay;
using Telephony.Media.Rtcp;

namespace Telephony.Media.Quality;

/// <summary>What a call was like, second by second.</summary>
public sealed class QualityTests : IAsyncLifetime, IDisposable
{
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

    [Fact]
    public async Task Each_second_has_its_counts_its_loss_and_its_score()
    {
        await Speak(packets: 50);
        await _test.Advance(1);
        await Speak(packets: 40, lost: 10);
        await _test.Advance(1);
        await _test.Advance(1); // silent

        var (heard, sent) = ((await _test.Node.Release("b", 1))!.Quality!, (await _test.Node.Release("a", 1))!.Quality!);

        Assert.Equal([(50, 50 * 172, 0), (40, 40 * 172, 10), (0, 0, 0)], heard.Samples.Select(s => (s.ReceivedPackets, s.ReceivedBytes, s.Lost)));
        Assert.Equal([50, 40, 0], sent.Samples.Select(s => s.SentPackets));
        Assert.Equal((93, 441), (heard.Samples[0].RFactor, heard.Samples[0].MosHundredths));
        Assert.InRange(heard.Samples[1].RFactor, 1, 70);
        Assert.Equal((0, 0), (heard.Samples[2].RFactor, heard.Samples[2].MosHundredths));
        Assert.Equal(_test.Time.GetUtcNow() - TimeSpan.FromSeconds(3), heard.From);
    }

    [Fact]
    public async Task A_minute_is_told_and_the_rest_is_in_the_release()
    {
        for (var second = 0; second < 70; second++)
        {
            await Speak(packets: 1);
            await _test.Advance(1);
        }

        var told = (await _test.Node.ReadEvents("silo", 0, 100, TimeSpan.Zero)).Single(e => e.Kind == MediaEventKind.Quality && e.Leg == "b");

        var rest = (await _test.Node.Release("b", 1))!.Quality!;
        Assert.InRange(told.Quality!.Samples.Length, 60, 61);
        Assert.Equal(70, told.Quality.Samples.Length + rest.Samples.Length);
        Assert.All(told.Quality.Samples, s => Assert.Equal(1, s.ReceivedPackets));
    }

    [Fact]
    public async Task A_leg_that_only_rings_has_none()
    {
        await _test.Advance(61);

        Assert.DoesNotContain(await _test.Node.ReadEvents("silo", 0, 100, TimeSpan.Zero), e => e.Kind == MediaEventKind.Quality);
        Assert.Null((await _test.Node.Release("a", 1))!.Quality);
    }

    [Fact]
    public async Task Jitter_is_that_of_the_arrivals() // RFC 3550 A.8
    {
        for (var i = 0; i < 200; i++)
        {
            await Speak(packets: 1);
            await _test.Time.Advance(TimeSpan.FromMilliseconds(i % 2 == 0 ? 10 : 30)); // 10 ms to and fro
        }

        await _test.Advance(1);

        Assert.InRange((await _test.Node.Release("b", 1))!.Quality!.Samples[^1].JitterMicroseconds, 8_000, 11_000);
    }

    [Fact]
    public async Task What_the_peer_misses_and_how_far_it_is_away_is_in_the_samples()
    {
        await Speak(packets: 20);
        var stream = _test.Node.Leg("a").Outbound.Ssrc;
        _alice.SendReport(Reports.Receiver(_alice.Ssrc, new ReportBlock(stream, 0, 7, 0, 160, 0, 0)), _a + 1);
        await Testing.Eventually.Is(() => _test.Node.Leg("a").Transport.RtcpReceived == 1);
        await _test.Advance(2);

        var samples = (await _test.Node.Release("a", 1))!.Quality!.Samples;

        Assert.Equal([7, 0], samples.Select(s => s.RemoteLost));
        Assert.Equal(20_000, samples[0].RemoteJitterMicroseconds);
    }

    [Fact] // RFC 3611 A.2: its example of gaps and bursts
    public void Losses_are_parted_into_bursts_and_gaps()
    {
        var runs = new LossRuns();
        for (var i = 0; i < 100; i++) runs.Received();
        runs.Lost(1); // alone, in a gap
        for (var i = 0; i < 50; i++) runs.Received();
        for (var i = 0; i < 5; i++)
        {
            runs.Lost(1);
            runs.Received();
        }

        for (var i = 0; i < 100; i++) runs.Received();
        runs.Lost(1);

        var (burstDensity, gapDensity, burst, gap) = runs.Measure(packetTime: 20);

        Assert.Equal(6 + 1, runs.Count);
        Assert.InRange(burstDensity, 100, 200);
        Assert.InRange(gapDensity, 1, 10);
        Assert.InRange(burst, 50, 300);
        Assert.InRange(gap, 1000, 6000);
    }

    private async Task Speak(int packets, int lost = 0)
    {
        _bob.Jump(lost);
        for (var i = 0; i < packets; i++)
        {
            _bob.Send(Phone.Packet(), _b);
            await _alice.Hear();
        }
    }
}
