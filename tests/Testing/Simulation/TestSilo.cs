using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Telephony.Runtime.Storage;

namespace Telephony.Testing;

/// <summary>
/// The actor runtime for a test: simulated time, turns on one thread at a time (see <see cref="SimulatedScheduler"/>), every message copied as if it went to another
/// machine, state in memory. An answer comes back when the grains have nothing left to do, so a test sees what its call caused.
/// </summary>
public sealed class TestSilo : IAsyncDisposable
{
    private readonly ErrorLog _errors = new();
    private readonly LocalRuntime _runtime;

    private TestSilo(SimulatedTime time, int? seed, Action<IServiceCollection>? configureServices, Action<LocalRuntimeOptions>? configure, IEnumerable<Assembly> assemblies)
    {
        Time = time;
        Scheduler = new(seed);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddLogging(logging => logging.AddProvider(_errors).SetMinimumLevel(LogLevel.Warning));
        configureServices?.Invoke(services);
        services.TryAddSingleton<IGrainStorage, MemoryGrainStorage>();
        services.AddLocalRuntime(options =>
        {
            foreach (var assembly in assemblies) options.AddAssembly(assembly);
            options.Scheduler = Scheduler;
            options.CopiesMessages = true;
            options.Seed = seed ?? 0;
            configure?.Invoke(options);
        });
        Services = services.BuildServiceProvider();
        _runtime = Services.GetRequiredService<LocalRuntime>();
        _runtime.Start();
        time.Attach(this);
    }

    public SimulatedTime Time { get; }
    public SimulatedScheduler Scheduler { get; }
    public ServiceProvider Services { get; }
    public IClusterClient Client => _runtime;

    /// <summary>How many grains are in memory.</summary>
    public int Activations => _runtime.ActivationCount;

    /// <summary>What was logged as an error: one-way calls, timers and handlers that failed.</summary>
    public IReadOnlyCollection<string> Errors => _errors.Lines;

    /// <summary>Starts one with the grains of the calling assembly and of the product's assemblies that it refers to.</summary>
    /// <param name="seed">Orders the turns; null: first come, first served.</param>
    /// <param name="configureServices">Registers what the grains need.</param>
    /// <param name="configure">Changes the runtime's options, such as <see cref="LocalRuntimeOptions.DeactivatesAtRandom"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static TestSilo Start(
        SimulatedTime time, int? seed = null, Action<IServiceCollection>? configureServices = null, Action<LocalRuntimeOptions>? configure = null)
    {
        var caller = Assembly.GetCallingAssembly();
        var product = caller.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Telephony.", StringComparison.Ordinal)).Select(Assembly.Load);
        return new(time, seed, configureServices, configure, product.Append(caller));
    }

    public T GetGrain<T>(string key) where T : IGrainWithStringKey => _runtime.GetGrain<T>(key);

    /// <summary>Lets every grain do all that it can do before time passes.</summary>
    public Task RunUntilIdle() => Time.OutsideWork.Do(Rest);

    internal async Task Rest()
    {
        long turns;
        do
        {
            turns = Scheduler.Turns;
            await Scheduler.WhenIdle().ConfigureAwait(false);
            await ThreadPoolDrain.Once().ConfigureAwait(false);
        }
        while (Scheduler.Turns != turns);
    }

    /// <summary>
    /// Runs a scenario among the grains, on the same one thread at a time: with a seed, the same from start to end whenever it runs. When nothing can go on, time goes
    /// to the next timer.
    /// </summary>
    /// <exception cref="TimeoutException">It took longer than <paramref name="limit"/> (an hour) of simulated time, or nothing was left that could happen.</exception>
    public async Task Run(Func<Task> scenario, TimeSpan? limit = null)
    {
        var end = Time.GetUtcNow() + (limit ?? TimeSpan.FromHours(1));
        var run = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        var context = new OutsideContext(Scheduler);
        context.Post(_ => run.SetResult(scenario()), null);
        var ended = await run.Task.ConfigureAwait(false);
        while (true)
        {
            await Rest().ConfigureAwait(false);
            if (ended.IsCompleted) break;
            if (Time.OutsideWork.IsGoingOn || !Scheduler.IsIdle) continue; // in this order: the work's end is posted before it is over
            if (!Time.FireNext(end)) throw new TimeoutException($"The scenario is stuck at {Time.GetUtcNow():O}.");
        }

        await ended.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        var stop = _runtime.StopAsync(CancellationToken.None);
        while (!stop.IsCompleted) await Time.Advance(TimeSpan.FromMilliseconds(10));
        await stop;
        Time.Detach(this);
        await Services.DisposeAsync();
    }

    /// <summary>The context of a scenario: what it awaits comes back as a turn outside of the grains.</summary>
    private sealed class OutsideContext(SimulatedScheduler scheduler) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => scheduler.ScheduleOutside(new Turn(this, d, state));

        public override SynchronizationContext CreateCopy() => this;

        private sealed class Turn(OutsideContext context, SendOrPostCallback callback, object? state) : IThreadPoolWorkItem
        {
            public void Execute()
            {
                var outer = Current;
                SetSynchronizationContext(context);
                callback(state);
                SetSynchronizationContext(outer);
            }

            public override string ToString() => "scenario";
        }
    }
}
