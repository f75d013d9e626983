using Microsoft.Extensions.DependencyInjection;
using Telephony.Testing;

namespace Telephony.Runtime.Simulation;

public sealed class SimulationTests
{
    [Fact]
    public async Task The_same_seed_takes_the_same_turns()
    {
        var first = await Simulate(17);

        for (var i = 0; i < 3; i++) Assert.Equal(first, await Simulate(17));
    }

    [Fact]
    public async Task Other_seeds_take_other_turns()
    {
        var traces = new HashSet<string>();
        for (var seed = 0; seed < 10; seed++) traces.Add(await Simulate(seed));

        Assert.InRange(traces.Count, 9, 10);
    }

    [Fact]
    public async Task A_scenario_that_waits_is_taken_to_the_next_timer()
    {
        var time = new SimulatedTime();
        await using var silo = TestSilo.Start(time);

        await silo.Run(async () => await Task.Delay(TimeSpan.FromMinutes(10), time));

        Assert.Equal(time.Start + TimeSpan.FromMinutes(10), time.GetUtcNow());
    }

    [Fact]
    public async Task A_scenario_that_is_stuck_fails()
    {
        await using var silo = TestSilo.Start(new());

        await Assert.ThrowsAsync<TimeoutException>(() => silo.Run(() => new TaskCompletionSource().Task));
    }

    [Fact]
    public async Task A_scenario_may_advance_the_time_itself()
    {
        var time = new SimulatedTime();
        await using var silo = TestSilo.Start(time, seed: 1);

        await silo.Run(async () =>
        {
            var answer = silo.GetGrain<IWanderer>("0").Wander(3);
            await time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(time.Start + TimeSpan.FromSeconds(5), time.GetUtcNow());
            await answer;
        });
    }

    [Fact]
    public async Task Grains_go_at_random_if_the_test_wants_it()
    {
        var time = new SimulatedTime();
        var lines = new List<string>();
        await using var silo = TestSilo.Start(time, 3, services => services.AddSingleton(lines), options => options.DeactivatesAtRandom = 0.5);

        await silo.Run(async () =>
        {
            for (var i = 0; i < 20; i++) await silo.GetGrain<IWanderer>("0").Wander(0);
        });

        Assert.InRange(lines.Count(line => line == "0 activates"), 3, 19);
        Assert.Equal(20, lines.Count(line => line.StartsWith("0 at", StringComparison.Ordinal)));
    }

    private static async Task<string> Simulate(int seed)
    {
        var time = new SimulatedTime();
        var lines = new List<string>();
        await using var silo = TestSilo.Start(time, seed, services => services.AddSingleton(lines), options => options.DeactivatesAtRandom = 0.1);
        await silo.Run(async () =>
        {
            var wanderers = Enumerable.Range(0, 8).Select(i => silo.GetGrain<IWanderer>($"{i}").Wander(12).AsTask()).ToList();
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            await silo.GetGrain<IWanderer>("7").Wander(2);
            await Task.WhenAll(wanderers);
        });
        return $"{silo.Scheduler.Fingerprint:x}: {string.Join(", ", lines)}";
    }

    public interface IWanderer : IGrainWithStringKey
    {
        ValueTask Wander(int steps);

        [OneWay]
        ValueTask Note(string text);
    }

    [Reentrant]
    internal sealed class WandererGrain(TimeProvider time, IServiceProvider services) : Grain, IWanderer
    {
        private readonly List<string> _lines = services.GetService<List<string>>() ?? [];

        public override Task OnActivateAsync(CancellationToken cancellationToken)
        {
            _lines.Add($"{this.GetPrimaryKeyString()} activates");
            return Task.CompletedTask;
        }

        public async ValueTask Wander(int steps)
        {
            _lines.Add($"{this.GetPrimaryKeyString()} at {steps}");
            if (steps == 0) return;

            await GrainFactory.GetGrain<IWanderer>($"{(steps * 5) % 7}").Note($"{this.GetPrimaryKeyString()} was here");
            if (steps % 4 == 0) await Task.Delay(TimeSpan.FromMilliseconds(100), time);
            await GrainFactory.GetGrain<IWanderer>($"{(steps * 3) % 8}").Wander(steps - 1);
        }

        public ValueTask Note(string text)
        {
            _lines.Add(text);
            return default;
        }
    }
}
