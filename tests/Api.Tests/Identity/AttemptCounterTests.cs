using Telephony.Api.Identity;

namespace Telephony.Api.Tests.Identity;

public class AttemptCounterTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void After_the_limit_one_has_to_wait_for_the_windows_end()
    {
        var counter = new AttemptCounter(2, TimeSpan.FromMinutes(10), _clock);
        Assert.Null(counter.TryBegin("a"));
        _clock.Now += TimeSpan.FromMinutes(4);
        Assert.Null(counter.TryBegin("a"));

        Assert.Equal(TimeSpan.FromMinutes(6), counter.TryBegin("a"));
        Assert.Null(counter.TryBegin("b"));
        _clock.Now += TimeSpan.FromMinutes(6);
        Assert.Null(counter.TryBegin("a"));
    }

    [Fact]
    public void A_right_password_forgives_and_an_attempt_can_be_given_back()
    {
        var counter = new AttemptCounter(1, TimeSpan.FromMinutes(10), _clock);
        Assert.Null(counter.TryBegin("a"));
        Assert.NotNull(counter.TryBegin("a"));

        counter.Reset("a");
        Assert.Null(counter.TryBegin("a"));
        counter.GiveBack("a");
        Assert.Null(counter.TryBegin("a"));
    }

    [Fact]
    public void Many_at_once_do_not_get_past_the_limit()
    {
        var counter = new AttemptCounter(10, TimeSpan.FromMinutes(10), _clock);
        var begun = 0;

        Parallel.For(0, 1000, _ =>
        {
            if (counter.TryBegin("a") is null) Interlocked.Increment(ref begun);
        });

        Assert.Equal(10, begun);
    }

    [Fact]
    public void A_stranger_cannot_fill_the_memory()
    {
        var counter = new AttemptCounter(1, TimeSpan.FromMinutes(10), _clock, capacity: 100);
        for (var i = 0; i < 1000; i++)
        {
            _clock.Now += TimeSpan.FromMilliseconds(1);
            Assert.Null(counter.TryBegin($"{i}"));
        }

        Assert.NotNull(counter.TryBegin("999")); // the newest are kept
        Assert.Null(counter.TryBegin("0"));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
