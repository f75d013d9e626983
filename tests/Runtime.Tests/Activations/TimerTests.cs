using Telephony.Testing;

namespace Telephony.Runtime.Activations;

public sealed class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly SimulatedTime _time = new();

    [Fact]
    public async Task A_timer_ticks_when_due_and_then_every_period()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<ITimed>("a");
        await grain.Set("tick", 2 * Second, 3 * Second);

        await _time.Advance(Second);
        Assert.Empty(await grain.Lines());
        await _time.Advance(10 * Second);

        Assert.Equal(["tick at 2", "tick at 5", "tick at 8", "tick at 11"], await grain.Lines());
    }

    [Fact]
    public async Task The_period_counts_from_the_end_of_a_callback()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<ITimed>("a");
        await grain.Set("tick", Second, Second, takes: 2 * Second);

        await _time.Advance(8 * Second);

        Assert.Equal(["tick at 1", "tick at 4", "tick at 7"], await grain.Lines());
    }

    [Fact]
    public async Task A_disposed_timer_ticks_no_more()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<ITimed>("a");
        await grain.Set("tick", Second, Second);

        await _time.Advance(Second);
        await grain.Stop();
        await _time.Advance(5 * Second);

        Assert.Equal(["tick at 1"], await grain.Lines());
    }

    [Fact]
    public async Task A_timer_that_was_for_once_can_be_set_again()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<ITimed>("a");
        await grain.Set("tick", Second, Timeout.InfiniteTimeSpan);

        await _time.Advance(5 * Second);
        await grain.Change(2 * Second, Timeout.InfiniteTimeSpan);
        await _time.Advance(5 * Second);

        Assert.Equal(["tick at 1", "tick at 7"], await grain.Lines());
    }

    [Fact]
    public async Task A_tick_waits_for_a_running_request_unless_it_interleaves()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<ITimed>("a");
        await grain.Set("tick", Second, Timeout.InfiniteTimeSpan);
        await grain.Set("interleaving tick", Second, Timeout.InfiniteTimeSpan, interleave: true);

        var busy = grain.Busy(3 * Second).AsTask();
        await _time.Advance(4 * Second);
        await busy;

        Assert.Equal(["interleaving tick at 1", "tick at 3"], await grain.Lines());
    }

    [Fact]
    public async Task A_failing_callback_is_logged_and_the_timer_goes_on()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<ITimed>("a");
        await grain.Set("fail", Second, Second);

        await _time.Advance(3 * Second);

        Assert.Equal(3, (await grain.Lines()).Count);
        Assert.Equal(3, silo.Errors.Count(error => error.Contains("timer")));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Ticks_keep_a_grain_only_if_they_shall(bool keepAlive, int activations)
    {
        await using var silo = TestSilo.Start(_time);
        await silo.GetGrain<ITimed>("a").Set("tick", 10 * Second, 10 * Second, keepAlive: keepAlive);

        await _time.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal(activations, silo.Activations);
    }

    [Fact]
    public async Task A_timer_ends_with_its_activation()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<ITimed>("a");
        await grain.Set("tick", Second, Second);

        await grain.Leave();
        await _time.Advance(5 * Second);

        Assert.Empty(await grain.Lines());
    }

    public interface ITimed : IGrainWithStringKey
    {
        ValueTask Set(string name, TimeSpan due, TimeSpan period, TimeSpan takes = default, bool interleave = false, bool keepAlive = false);
        ValueTask Change(TimeSpan due, TimeSpan period);
        ValueTask Stop();
        ValueTask Leave();
        ValueTask Busy(TimeSpan time);

        [AlwaysInterleave]
        ValueTask<List<string>> Lines();
    }

    internal sealed class TimedGrain(TimeProvider time) : Grain, ITimed
    {
        private readonly DateTimeOffset _start = time.GetUtcNow();
        private readonly List<string> _lines = [];
        private IGrainTimer _timer = null!;

        public ValueTask Set(string name, TimeSpan due, TimeSpan period, TimeSpan takes, bool interleave, bool keepAlive)
        {
            _timer = this.RegisterGrainTimer(
                async () =>
                {
                    _lines.Add($"{name} at {(time.GetUtcNow() - _start).TotalSeconds}");
                    if (takes > TimeSpan.Zero) await Task.Delay(takes, time);
                    if (name == "fail") throw new InvalidOperationException();
                },
                new() { DueTime = due, Period = period, Interleave = interleave, KeepAlive = keepAlive });
            return default;
        }

        public ValueTask Change(TimeSpan due, TimeSpan period)
        {
            _timer.Change(due, period);
            return default;
        }

        public ValueTask Stop()
        {
            _timer.Dispose();
            return default;
        }

        public ValueTask Leave()
        {
            DeactivateOnIdle();
            return default;
        }

        public async ValueTask Busy(TimeSpan takes) => await Task.Delay(takes, time);

        public ValueTask<List<string>> Lines() => new(_lines);
    }
}
