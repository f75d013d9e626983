using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Telephony.Runtime.Calls;

public sealed class PlainCallTests : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddLocalRuntime(options => options.AddAssembly(typeof(PlainCallTests).Assembly)).BuildServiceProvider();

    private IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task A_grain_answers_whatever_its_methods_return()
    {
        var plain = Grains.GetGrain<IPlain>("a");

        await plain.Remember("x", 2);
        await plain.RememberSoon("y", 3);

        Assert.Equal("x2y3", await plain.Recall());
        Assert.Equal("x2y3", await plain.RecallSoon());
        Assert.Equal("a", await plain.Key());
    }

    [Fact]
    public async Task Many_callers_of_one_grain_are_served_one_at_a_time()
    {
        var plain = Grains.GetGrain<IPlain>("b");

        await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => Task.Run(async () => await plain.Increment())));

        Assert.Equal(2000, await plain.Increment());
    }

    [Fact]
    public async Task A_failure_reaches_the_caller()
    {
        var plain = Grains.GetGrain<IPlain>("c");

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await plain.Fail(late: false));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await plain.Fail(late: true));
        await Assert.ThrowsAsync<InvalidOperationException>(() => plain.FailTask(late: false));
        await Assert.ThrowsAsync<InvalidOperationException>(() => plain.FailTask(late: true));
    }

    [Fact]
    public async Task The_callers_context_flows_to_the_grain_and_stays_with_its_request()
    {
        var plain = Grains.GetGrain<IPlain>("d");

        Plain.Ambient.Value = "mine";
        Assert.Equal("mine", await plain.ReadAmbient()); // the first call is queued
        Assert.Equal("mine", await plain.ReadAmbient()); // the second is not
        Plain.Ambient.Value = null;
        Assert.Null(await plain.ReadAmbient());
    }

    [Fact]
    public async Task A_host_starts_and_stops_the_runtime()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddLocalRuntime(options => options.AddAssembly(typeof(PlainCallTests).Assembly)).AddSingleton<Storage.IGrainStorage, Storage.MemoryGrainStorage>()
            .AddSingleton<StressTests.Overlaps>().AddSingleton<Activations.LifecycleTests.Journal>();
        using var host = builder.Build();
        await host.StartAsync();
        var plain = host.Services.GetRequiredService<IClusterClient>().GetGrain<IPlain>("e");
        Assert.Equal("e", await plain.Key());

        await host.StopAsync();

        await Assert.ThrowsAsync<SiloUnavailableException>(async () => await plain.Key());
    }

    [Fact]
    public async Task Calls_and_activations_are_measured()
    {
        var measured = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "Telephony.Runtime" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>()) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => measured[instrument.Name] = value);
        listener.Start();

        await Grains.GetGrain<IPlain>("f").Key();
        await Grains.GetGrain<IPlain>("g").Key();
        listener.RecordObservableInstruments();

        Assert.Equal(2, measured["grain.calls"]);
        Assert.Equal(2, measured["grain.activations"]);
    }

    public interface IPlain : IGrainWithStringKey
    {
        Task Remember(string text, int number);
        ValueTask RememberSoon(string text, int number);
        Task<string> Recall();
        ValueTask<string> RecallSoon();
        ValueTask<string> Key();
        ValueTask<int> Increment();
        ValueTask Fail(bool late);
        Task<int> FailTask(bool late);
        ValueTask<string?> ReadAmbient();
    }

    internal sealed class Plain(TimeProvider time) : Grain, IPlain
    {
        internal static readonly AsyncLocal<string?> Ambient = new();

        private string _text = "";
        private int _count;

        public ValueTask<string?> ReadAmbient() => new(Ambient.Value);

        public Task Remember(string text, int number)
        {
            _text += text + number;
            return Task.CompletedTask;
        }

        public async ValueTask RememberSoon(string text, int number)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), time);
            _text += text + number;
        }

        public Task<string> Recall() => Task.FromResult(_text);

        public async ValueTask<string> RecallSoon()
        {
            await Task.Yield();
            return _text;
        }

        public ValueTask<string> Key() => new(this.GetPrimaryKeyString());

        public async ValueTask<int> Increment()
        {
            var count = _count;
            if (count % 3 == 0) await Task.Yield();
            _count = count + 1;
            return count;
        }

        public async ValueTask Fail(bool late)
        {
            if (late) await Task.Yield();
            throw new InvalidOperationException();
        }

        public async Task<int> FailTask(bool late)
        {
            if (late) await Task.Yield();
            throw new InvalidOperationException();
        }
    }
}
