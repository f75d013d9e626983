using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Telephony.Runtime.Calls;

/// <summary>On the thread pool, as in production: what a race would break.</summary>
public sealed class StressTests : IAsyncDisposable
{
    private readonly Overlaps _overlaps = new();
    private readonly ServiceProvider _services;

    public StressTests() => _services = new ServiceCollection().AddSingleton(_overlaps)
        .AddLocalRuntime(options => options.AddAssembly(typeof(StressTests).Assembly)).BuildServiceProvider();

    private IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task No_wake_up_is_lost_and_no_two_turns_overlap()
    {
        var callers = Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            for (var n = 0; n < 3000; n++) await Grains.GetGrain<IStressed>($"{(i + n) % 5}").Visit(n % 7);
        }));

        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

        var visits = 0;
        for (var i = 0; i < 5; i++) visits += await Grains.GetGrain<IStressed>($"{i}").Visits();
        Assert.Equal(16 * 3000, visits);
        Assert.Equal(0, _overlaps.Count);
    }

    [Fact]
    public async Task Messages_are_in_order_between_two_parties_under_load()
    {
        var senders = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            var grain = Grains.GetGrain<IStressed>("ordered");
            for (var n = 0; n < 2000; n++)
            {
                if (n % 5 == 0) await grain.Send(i, n);
                else await grain.Tell(i, n);
            }

            await grain.Visits(); // behind all of them
        }));

        await Task.WhenAll(senders).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

        Assert.Equal(0, _overlaps.Count);
        Assert.Equal(8 * 2000, await Grains.GetGrain<IStressed>("ordered").Received());
    }

    [Fact]
    public async Task Grains_that_come_and_go_lose_no_message()
    {
        var callers = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            for (var n = 0; n < 2000; n++) await Grains.GetGrain<IStressed>($"mortal {n % 3}").VisitAndLeave();
        }));

        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

        Assert.Equal(8 * 2000, _overlaps.Left);
        Assert.Equal(0, _overlaps.Count);
    }

    [Fact]
    public async Task Calls_to_and_fro_between_grains_end()
    {
        var rounds = Enumerable.Range(0, 64).Select(i => Grains.GetGrain<IStressed>($"round {i}").Round($"round {i + 100}", 200).AsTask());

        Assert.All(await Task.WhenAll(rounds).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System), n => Assert.Equal(200, n));
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_goes_to_no_other_caller()
    {
        var (answered, late, astray) = (0, 0, 0);
        var callers = Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            for (var n = 0; n < 1500; n++)
            {
                try
                {
                    if (await Grains.GetGrain<IStressed>($"late {n % 4}").EchoLate(n % 50 == i ? 3 : 0, (i * 10_000) + n) == (i * 10_000) + n) Interlocked.Increment(ref answered);
                    else Interlocked.Increment(ref astray);
                }
                catch (TimeoutException)
                {
                    Interlocked.Increment(ref late);
                }
            }
        }));

        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

        Assert.Equal(16 * 1500, answered + late);
        Assert.Equal(0, astray);
        Assert.NotEqual(0, late);
    }

    [Fact]
    public async Task A_long_chain_of_calls_does_not_exhaust_the_stack() =>
        Assert.Equal(20_000, await Grains.GetGrain<IStressed>("chain").Chain(20_000).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System));

    internal sealed class Overlaps
    {
        public int Count;
        public int Left;
        public ConcurrentDictionary<string, int> Inside { get; } = [];
    }

    public interface IStressed : IGrainWithStringKey
    {
        ValueTask Visit(int how);
        ValueTask VisitAndLeave();
        Task Send(int sender, int number);

        [OneWay]
        ValueTask Tell(int sender, int number);

        ValueTask<int> Visits();
        ValueTask<int> Received();
        ValueTask<int> Round(string other, int times);
        Task<int> Back(int n);
        ValueTask<int> Chain(int length);

        [ResponseTimeout("00:00:00.002")]
        ValueTask<int> EchoLate(int milliseconds, int number);
    }

    internal sealed class StressedGrain(Overlaps overlaps) : Grain, IStressed
    {
        private readonly Dictionary<int, int> _last = [];
        private int _visits, _inside, _received;

        public async ValueTask Visit(int how)
        {
            Enter();
            var visits = _visits;
            if (how == 1) await Task.Yield();
            else if (how == 2) await Task.Run(() => { });
            else if (how == 3) await GrainFactory.GetGrain<IStressed>("other " + this.GetPrimaryKeyString()).Visits();
            _visits = visits + 1;
            Leave();
        }

        public async ValueTask VisitAndLeave()
        {
            if (overlaps.Inside.AddOrUpdate(this.GetPrimaryKeyString(), 1, (_, n) => n + 1) != 1) Interlocked.Increment(ref overlaps.Count);
            await Task.Yield();
            DeactivateOnIdle();
            overlaps.Inside.AddOrUpdate(this.GetPrimaryKeyString(), 0, (_, n) => n - 1);
            Interlocked.Increment(ref overlaps.Left);
        }

        public async Task Send(int sender, int number)
        {
            Receive(sender, number);
            await Task.Yield();
        }

        public ValueTask Tell(int sender, int number)
        {
            Receive(sender, number);
            return default;
        }

        public ValueTask<int> Visits() => new(_visits);
        public ValueTask<int> Received() => new(_received);

        public async ValueTask<int> Round(string other, int times)
        {
            var sum = 0;
            for (var i = 0; i < times; i++) sum += await GrainFactory.GetGrain<IStressed>(other).Back(i);
            return sum;
        }

        public async Task<int> Back(int n)
        {
            if (n % 3 == 0) await Task.Yield();
            return 1;
        }

        public async ValueTask<int> Chain(int length) => length == 0 ? 0 : 1 + await GrainFactory.GetGrain<IStressed>($"link {length}").Chain(length - 1);

        public async ValueTask<int> EchoLate(int milliseconds, int number)
        {
            if (milliseconds > 0) await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
            else await Task.Yield();
            return number;
        }

        private void Receive(int sender, int number)
        {
            Enter();
            if (number != _last.GetValueOrDefault(sender, -1) + 1) Interlocked.Increment(ref overlaps.Count);
            _last[sender] = number;
            _received++;
            Leave();
        }

        private void Enter()
        {
            if (Interlocked.Increment(ref _inside) != 1) Interlocked.Increment(ref overlaps.Count);
        }

        private void Leave() => Interlocked.Decrement(ref _inside);
    }
}
