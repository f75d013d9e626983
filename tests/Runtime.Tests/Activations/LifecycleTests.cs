using Microsoft.Extensions.DependencyInjection;
using Telephony.Testing;

namespace Telephony.Runtime.Activations;

public sealed class LifecycleTests
{
    private readonly SimulatedTime _time = new();
    private readonly Journal _journal = new();

    [Fact]
    public async Task An_idle_grain_goes_after_a_while_and_comes_back_when_called()
    {
        await using var silo = Start();
        var grain = silo.GetGrain<ILiving>("a");
        Assert.Equal(1, await grain.Count());

        await _time.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(2, await grain.Count());
        await _time.Advance(TimeSpan.FromMinutes(17));

        Assert.Equal(0, silo.Activations);
        Assert.Equal(1, await grain.Count());
        Assert.Equal(["a activates", "a goes: ActivationIdle", "a activates"], _journal.Lines);
    }

    [Fact]
    public async Task A_grain_that_asks_for_it_goes_and_what_waited_reaches_the_next_activation()
    {
        await using var silo = Start();
        var grain = silo.GetGrain<ILiving>("a");
        await grain.Count();

        var leaving = grain.Leave().AsTask();
        var counts = Enumerable.Range(0, 5).Select(_ => grain.Count().AsTask()).ToList();
        await leaving;

        var counted = await Task.WhenAll(counts);
        Assert.Equal([1, 2, 3, 4, 5], counted);
        Assert.Equal(["a activates", "a goes: ApplicationRequested", "a activates"], _journal.Lines);
    }

    [Fact]
    public async Task A_message_that_comes_while_a_grain_deactivates_waits_for_the_next_activation()
    {
        await using var silo = Start();
        var grain = silo.GetGrain<ILiving>("slow");
        await grain.Leave();

        var count = grain.Count().AsTask();
        await silo.RunUntilIdle();
        Assert.False(count.IsCompleted);
        await _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, await count);
    }

    [Fact]
    public async Task A_delayed_deactivation_keeps_an_idle_grain()
    {
        await using var silo = Start();
        await silo.GetGrain<ILiving>("a").Delay(TimeSpan.FromHours(2));

        await _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, silo.Activations);
        await _time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(0, silo.Activations);
    }

    [Fact]
    public async Task A_failed_activation_fails_those_who_wait_and_the_next_call_tries_again()
    {
        await using var silo = Start();
        var grain = silo.GetGrain<ILiving>("a");
        _journal.Failures = 1;

        var calls = Enumerable.Range(0, 3).Select(_ => grain.Count().AsTask()).ToList();
        foreach (var call in calls) Assert.Equal("no luck", (await Assert.ThrowsAsync<InvalidOperationException>(() => call)).Message);

        Assert.Equal(1, await grain.Count());
    }

    [Fact]
    public async Task An_activation_that_never_ends_fails_its_callers()
    {
        await using var silo = Start(options => options.LifecycleTimeout = TimeSpan.FromSeconds(5));

        var call = silo.GetGrain<ILiving>("stuck").Count().AsTask();
        await _time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(0, silo.Activations);
    }

    [Fact]
    public async Task Too_many_activations_are_refused()
    {
        await using var silo = Start(options => options.MaxActivations = 2);
        await silo.GetGrain<ILiving>("a").Count();
        await silo.GetGrain<ILiving>("b").Count();

        await Assert.ThrowsAsync<LimitExceededException>(async () => await silo.GetGrain<ILiving>("c").Count());
        await silo.GetGrain<ILiving>("a").Leave();

        Assert.Equal(1, await silo.GetGrain<ILiving>("c").Count());
    }

    [Fact]
    public async Task Stopping_refuses_calls_from_outside_lets_begun_ones_end_and_deactivates_every_grain()
    {
        var silo = Start();
        var a = silo.GetGrain<ILiving>("a");
        var b = silo.GetGrain<ILiving>("b");
        await a.Count();
        var begun = b.CountSlowly(after: a).AsTask();
        await silo.RunUntilIdle();

        var stopped = silo.DisposeAsync();
        await Assert.ThrowsAsync<SiloUnavailableException>(async () => await a.Count());
        await stopped;

        Assert.Equal(2, await begun);
        Assert.Equal(["a goes: ShuttingDown", "b goes: ShuttingDown"], _journal.Lines.Where(line => line.Contains("goes")).Order());
    }

    [Fact]
    public async Task Stopping_gives_a_grain_that_hangs_its_time_and_then_ends_without_it()
    {
        var silo = Start(options => options.ShutdownTimeout = TimeSpan.FromSeconds(3));
        _ = silo.GetGrain<ILiving>("a").Hang().AsTask();
        await silo.RunUntilIdle();

        var before = _time.GetUtcNow();
        await silo.DisposeAsync();

        // simulated time runs on while the last continuation comes to its turn, so only the beginning of the end is exact
        Assert.True(_time.GetUtcNow() - before >= TimeSpan.FromSeconds(3));
    }

    private TestSilo Start(Action<LocalRuntimeOptions>? configure = null) => TestSilo.Start(_time, null, services => services.AddSingleton(_journal), configure);

    public interface ILiving : IGrainWithStringKey
    {
        ValueTask<int> Count();
        ValueTask<int> CountSlowly(ILiving after);
        ValueTask Leave();
        ValueTask Delay(TimeSpan time);
        ValueTask Hang();
    }

    internal sealed class Journal
    {
        public List<string> Lines { get; } = [];
        public int Failures { get; set; }
    }

    internal sealed class LivingGrain(Journal journal, TimeProvider time) : Grain, ILiving
    {
        private int _count;

        public override async Task OnActivateAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (this.GetPrimaryKeyString() == "stuck") await new TaskCompletionSource().Task;
            if (journal.Failures-- > 0) throw new InvalidOperationException("no luck");
            journal.Lines.Add($"{this.GetPrimaryKeyString()} activates");
        }

        public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
        {
            if (this.GetPrimaryKeyString() == "slow") await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            journal.Lines.Add($"{this.GetPrimaryKeyString()} goes: {reason.ReasonCode}");
        }

        public ValueTask<int> Count() => new(++_count);

        public async ValueTask<int> CountSlowly(ILiving after)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            return await after.Count();
        }

        public ValueTask Leave()
        {
            DeactivateOnIdle();
            return default;
        }

        public ValueTask Delay(TimeSpan by)
        {
            DelayDeactivation(by);
            return default;
        }

        public async ValueTask Hang() => await new TaskCompletionSource().Task;
    }
}
