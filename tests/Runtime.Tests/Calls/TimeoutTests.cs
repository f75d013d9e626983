using Telephony.Testing;

namespace Telephony.Runtime.Calls;

public sealed class TimeoutTests
{
    private readonly SimulatedTime _time = new();

    [Fact]
    public async Task A_call_without_an_answer_fails_after_thirty_seconds_and_says_who_waits_for_whom()
    {
        await using var silo = TestSilo.Start(_time);
        var call = silo.GetGrain<IChained>("a").Ask("b", "c").AsTask();

        await _time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(call.IsCompleted);
        await _time.Advance(TimeSpan.FromSeconds(0.1));

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal("No answer within 00:00:30: client -> ChainedGrain/a.IChained.Ask -> ChainedGrain/b.IChained.Ask -> ChainedGrain/c.IChained.Ask (runs)", failure.Message);
    }

    [Fact]
    public async Task A_deadlock_is_named()
    {
        await using var silo = TestSilo.Start(_time);
        var call = silo.GetGrain<IChained>("a").Ask("b", "a").AsTask();

        await _time.Advance(TimeSpan.FromSeconds(30));

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.EndsWith("-> ChainedGrain/b.IChained.Ask -> ChainedGrain/a.IChained.Ask (waits for ChainedGrain/a.IChained.Ask: a deadlock)", failure.Message);
    }

    [Fact]
    public async Task A_method_may_have_a_timeout_of_its_own()
    {
        await using var silo = TestSilo.Start(_time);
        var call = silo.GetGrain<IChained>("a").AskShortly();

        await _time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    [Fact]
    public async Task A_call_that_timed_out_while_it_waited_does_not_run()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<IChained>("a");
        _ = grain.Work(TimeSpan.FromSeconds(40)).AsTask();
        var late = grain.Work(TimeSpan.Zero).AsTask();

        await _time.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<TimeoutException>(() => late);
        await _time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(1, await grain.Worked());
    }

    [Fact]
    public async Task Answers_after_the_timeout_reach_nobody_else()
    {
        await using var silo = TestSilo.Start(_time);
        var slow = silo.GetGrain<IChained>("slow").Work(TimeSpan.FromSeconds(31)).AsTask();
        await _time.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<TimeoutException>(() => slow);

        var next = silo.GetGrain<IChained>("next").Work(TimeSpan.FromSeconds(5)).AsTask(); // its request could be the same object
        await _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(next.IsCompleted);
        await _time.Advance(TimeSpan.FromSeconds(3));

        await next;
    }

    public interface IChained : IGrainWithStringKey
    {
        ValueTask Ask(params string[] others);
        ValueTask Work(TimeSpan time);

        [AlwaysInterleave]
        ValueTask<int> Worked();

        [ResponseTimeout("00:00:05")]
        Task AskShortly();
    }

    internal sealed class ChainedGrain(TimeProvider time) : Grain, IChained
    {
        private int _worked;

        public async ValueTask Ask(params string[] others)
        {
            if (others is [var next, .. var rest]) await GrainFactory.GetGrain<IChained>(next).Ask(rest);
            else await new TaskCompletionSource().Task;
        }

        public async ValueTask Work(TimeSpan takes)
        {
            _worked++;
            await Task.Delay(takes, time);
        }

        public ValueTask<int> Worked() => new(_worked);

        public Task AskShortly() => new TaskCompletionSource().Task;
    }
}
