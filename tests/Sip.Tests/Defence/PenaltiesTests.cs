namespace Telephony.Sip.Tests.Defence;

public class PenaltiesTests
{
    private static readonly DefenceOptions Options = new() { MessagesPerSecond = 10, Burst = 20, Offences = 3, OffenceTime = TimeSpan.FromSeconds(10), BanTime = TimeSpan.FromMinutes(1) };
    private readonly Penalties _penalties = new(Options);
    private Source _source;
    private long _now = TimeSpan.FromDays(1).Ticks;

    private Verdict Message() => _penalties.OnMessage(ref _source, _now);

    private Verdict Offence() => _penalties.OnOffence(ref _source, _now);

    private void Pass(double seconds) => _now += TimeSpan.FromSeconds(seconds).Ticks;

    [Fact]
    public void A_source_within_its_rate_is_never_limited()
    {
        for (var sent = 0; sent < 10_000; sent++)
        {
            Assert.Equal(Verdict.Pass, Message());
            Pass(0.1);
        }
    }

    [Fact]
    public void A_burst_passes_then_as_many_are_dropped_then_the_source_is_banned_for_its_time()
    {
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(Verdict.Pass, Message()));
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(Verdict.Drop, Message()));
        Assert.Equal(Verdict.Banned, Message());

        Pass(59.9);
        Assert.Equal(Verdict.Banned, Message());
        Pass(0.1);
        Assert.Equal(Verdict.Pass, Message());
    }

    [Fact]
    public void A_source_that_slows_down_is_heard_again()
    {
        for (var sent = 0; sent < 30; sent++) Message();
        Assert.Equal(Verdict.Drop, Message());

        Pass(1.2);
        Assert.Equal(Verdict.Pass, Message());
    }

    [Fact]
    public void A_few_offences_are_forgiven_in_time_and_many_are_not()
    {
        for (var made = 0; made < 100; made++)
        {
            Assert.Equal(Verdict.Pass, Offence());
            Pass(10);
        }

        Assert.All(Enumerable.Range(0, 3), _ => Assert.Equal(Verdict.Pass, Offence()));
        Assert.Equal(Verdict.Banned, Offence());
        Assert.Equal(Verdict.Banned, Message());
    }

    [Fact]
    public void What_is_past_is_as_if_it_had_never_been()
    {
        for (var sent = 0; sent < 100; sent++) Message();
        Offence();

        Pass(61);

        Assert.True(_source.WorthUntil <= _now);
    }
}
