using Telephony.Testing;

namespace Telephony.Runtime.Activations;

public sealed class TurnTests
{
    private readonly SimulatedTime _time = new();

    [Fact]
    public async Task A_second_request_waits_for_the_whole_first_one()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<ITurns>("a");

        var first = grain.Wait("first").AsTask();
        var second = grain.Wait("second").AsTask();
        await silo.RunUntilIdle();
        await _time.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(first, second);

        Assert.Equal(["first begins", "first ends", "second begins", "second ends"], await grain.Lines());
    }

    [Fact]
    public async Task Requests_of_a_reentrant_grain_interleave_at_awaits()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<IReentrantTurns>("a");

        var first = grain.Wait("first").AsTask();
        var second = grain.Wait("second").AsTask();
        await silo.RunUntilIdle();
        await _time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(first, second);

        Assert.Equal(["first begins", "second begins", "first ends", "second ends"], await grain.Lines());
    }

    [Fact]
    public async Task An_always_interleaving_method_runs_while_another_request_waits()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<ITurns>("a");
        await grain.Lines();

        var first = grain.Wait("first").AsTask();
        var second = grain.Wait("second").AsTask();
        await grain.Interleave("now");
        await _time.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(first, second);

        Assert.Equal(["first begins", "now", "first ends", "second begins", "second ends"], await grain.Lines());
    }

    [Fact]
    public async Task Read_only_requests_run_together_but_not_with_a_write()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<ITurns>("a");
        await grain.Lines();

        var reads = new[] { grain.Read("read 1").AsTask(), grain.Read("read 2").AsTask() };
        var write = grain.Wait("write").AsTask();
        var late = grain.Read("read 3").AsTask();
        await silo.RunUntilIdle();
        await _time.Advance(TimeSpan.FromSeconds(3));
        await Task.WhenAll([.. reads, write, late]);

        Assert.Equal(
            ["read 1 begins", "read 2 begins", "read 1 ends", "read 2 ends", "write begins", "write ends", "read 3 begins", "read 3 ends"],
            await grain.Lines());
    }

    [Fact]
    public async Task One_way_messages_and_calls_between_two_parties_keep_their_order()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<ITurns>("a");

        for (var i = 0; i < 20; i++) await grain.Tell($"told {i}");

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"told {i}"), await grain.Lines());
    }

    [Fact]
    public async Task A_one_way_message_that_fails_is_logged_and_the_sender_never_learns()
    {
        await using var silo = TestSilo.Start(_time);

        await silo.GetGrain<ITurns>("a").TellFailing();
        await silo.RunUntilIdle();

        Assert.Contains("One-way call TurnGrain/a.ITurns.TellFailing failed: as asked", Assert.Single(silo.Errors));
    }

    [Fact]
    public async Task A_full_queue_refuses_calls_and_the_grain_goes_on()
    {
        await using var silo = TestSilo.Start(_time, configure: options => options.MaxQueuedMessages = 3);
        var grain = silo.GetGrain<ITurns>("a");
        await grain.Lines();

        var first = grain.Wait("first").AsTask();
        await silo.RunUntilIdle();
        var queued = Enumerable.Range(0, 3).Select(i => grain.Wait($"{i}").AsTask()).ToList();

        await Assert.ThrowsAsync<LimitExceededException>(async () => await grain.Wait("one too many"));
        await _time.Advance(TimeSpan.FromSeconds(4));
        await Task.WhenAll([first, .. queued]);
        Assert.Equal(8, (await grain.Lines()).Count);
    }

    [Fact]
    public async Task An_await_comes_back_to_the_grain_whatever_completes_it()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<ITurns>("a");

        Assert.True(await grain.AwaitElsewhere());
    }

    public interface ITurns : IGrainWithStringKey
    {
        ValueTask Wait(string name);

        [AlwaysInterleave]
        ValueTask Interleave(string name);

        [ReadOnly]
        ValueTask Read(string name);

        [OneWay]
        ValueTask Tell(string name);

        [OneWay]
        Task TellFailing();

        ValueTask<bool> AwaitElsewhere();
        ValueTask<List<string>> Lines();
    }

    public interface IReentrantTurns : IGrainWithStringKey
    {
        ValueTask Wait(string name);
        ValueTask<List<string>> Lines();
    }

    internal sealed class TurnGrain(TimeProvider time) : Grain, ITurns
    {
        private readonly List<string> _lines = [];

        public async ValueTask Wait(string name)
        {
            _lines.Add($"{name} begins");
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            _lines.Add($"{name} ends");
        }

        public ValueTask Interleave(string name) => Tell(name);
        public ValueTask Read(string name) => Wait(name);

        public ValueTask Tell(string name)
        {
            _lines.Add(name);
            return default;
        }

        public Task TellFailing() => throw new InvalidOperationException("as asked");

        public async ValueTask<bool> AwaitElsewhere()
        {
            var mine = SynchronizationContext.Current;
            var elsewhere = await Task.Run(() => SynchronizationContext.Current);
            await Task.Yield();
            return mine is not null && elsewhere != mine && SynchronizationContext.Current == mine;
        }

        public ValueTask<List<string>> Lines() => new(_lines);
    }

    [Reentrant]
    internal sealed class ReentrantTurnGrain(TimeProvider time) : Grain, IReentrantTurns
    {
        private readonly List<string> _lines = [];

        public async ValueTask Wait(string name)
        {
            _lines.Add($"{name} begins");
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            _lines.Add($"{name} ends");
        }

        public ValueTask<List<string>> Lines() => new(_lines);
    }
}
