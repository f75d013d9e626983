using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Telephony.Bench.Runtime;

// What a call, an activation and a stream item cost. Run: dotnet run -c Release --project bench/Runtime [-- queued] (queued: no call runs on its caller's thread)
await using var services = new ServiceCollection().AddLocalRuntime(options =>
{
    options.AddAssembly(typeof(IPing).Assembly);
    if (args.Contains("queued")) options.Scheduler = new QueuedScheduler();
}).BuildServiceProvider();
var client = services.GetRequiredService<IClusterClient>();

for (var warm = 0; warm < 2; warm++)
{
    var isWarm = warm == 1;
    await Calls("client -> grain, ValueTask", 1, isWarm, ping => ping.Ping());
    await Calls("client -> grain, ValueTask", 64, isWarm, ping => ping.Ping());
    await Calls("client -> grain, Task<int>", 1, isWarm, ping => new(ping.PingTask()));
    await Calls("client -> grain, Task<int>", 64, isWarm, ping => new(ping.PingTask()));
    await Calls("client -> grain that awaits", 1, isWarm, async ping => await ping.PingLater());
    await Calls("client -> grain that awaits", 64, isWarm, async ping => await ping.PingLater());
    await GrainCalls("grain -> grain, 64 bytes", 1, isWarm, (from, to, times) => from.Call(to, times));
    await GrainCalls("grain -> grain, 64 bytes", 64, isWarm, (from, to, times) => from.Call(to, times));
    await GrainCalls("grain -> grain that awaits", 64, isWarm, (from, to, times) => from.CallLater(to, times));
    await Streams(isWarm);
}

await Activations();
return;

async Task Calls(string name, int callers, bool print, Func<IPing, ValueTask> call)
{
    var each = (print ? 2_000_000 : 200_000) / callers;
    var latencies = new long[callers][];
    var (cost, bytes) = await Measure(callers, async i =>
    {
        var ping = client.GetGrain<IPing>($"{name} {i}");
        var times = latencies[i] = new long[each / 16];
        for (var n = 0; n < each; n++)
        {
            if (n % 16 == 0 && n / 16 < times.Length)
            {
                var start = Stopwatch.GetTimestamp();
                await call(ping);
                times[n / 16] = Stopwatch.GetTimestamp() - start;
            }
            else
            {
                await call(ping);
            }
        }
    });
    if (print) Print($"{name}, {callers} callers", each * callers, cost, bytes, latencies.SelectMany(t => t));
}

async Task GrainCalls(string name, int callers, bool print, Func<IPing, string, int, Task> call)
{
    var each = (print ? 2_000_000 : 200_000) / callers;
    var (cost, bytes) = await Measure(callers, i => call(client.GetGrain<IPing>($"from {i}"), $"to {i}", each));
    if (print) Print($"{name}, {callers} callers", each * callers, cost, bytes, null);
}

async Task<(Cost Cost, long Bytes)> Measure(int callers, Func<int, Task> body)
{
    GC.Collect();
    var before = GC.GetTotalAllocatedBytes(true);
    var start = Cost.Now;
    await Task.WhenAll(Enumerable.Range(0, callers).Select(i => Task.Run(() => body(i))));
    return (Cost.Since(start), GC.GetTotalAllocatedBytes(true) - before);
}

async Task Streams(bool print)
{
    var stream = client.GetStreamProvider("bench").GetStream<Payload>(StreamId.Create("bench", print ? "b" : "a"));
    var items = print ? 500_000 : 50_000;
    var latencies = new long[items];
    var received = 0;
    var next = new SemaphoreSlim(0);
    var handle = await stream.SubscribeAsync((item, _) =>
    {
        latencies[received++] = Stopwatch.GetTimestamp() - item.A;
        next.Release();
        return Task.CompletedTask;
    });
    var start = Cost.Now;
    for (var i = 0; i < items; i++)
    {
        await stream.OnNextAsync(new(Stopwatch.GetTimestamp(), i, "x"));
        await next.WaitAsync();
    }

    var cost = Cost.Since(start);
    await handle.UnsubscribeAsync();
    if (print) Print("stream, publish to subscriber, one at a time", items, cost, 0, latencies);
}

async Task Activations()
{
    foreach (var (count, print) in new[] { (20_000, false), (200_000, true) })
    {
        var keys = Enumerable.Range(0, count).Select(i => $"{(print ? "p" : "w")}/tenant/{i:D8}").ToArray();
        GC.Collect(2, GCCollectionMode.Forced, true, true);
        var before = GC.GetTotalMemory(true);
        var start = Cost.Now;
        foreach (var key in keys) await client.GetGrain<IPing>(key).Ping();
        var cost = Cost.Since(start);
        var held = GC.GetTotalMemory(true) - before;
        if (print) Console.WriteLine($"{"activations, one after the other",-48} {cost.Rate(count)} {(double)held / count,8:N0} B held each (grain object and index included, key not)");
        GC.KeepAlive(keys);
    }
}

static void Print(string name, int count, Cost cost, long bytes, IEnumerable<long>? latencies)
{
    var sorted = latencies?.Order().ToArray();
    var tail = sorted is null ? "" : $"  p50 {Microseconds(sorted[sorted.Length / 2]):N2} us  p99 {Microseconds(sorted[sorted.Length * 99 / 100]):N2} us";
    Console.WriteLine($"{name,-48} {cost.Rate(count)} {(double)bytes / count,8:N1} B{tail}");

    static double Microseconds(long timestamps) => timestamps * 1e6 / Stopwatch.Frequency;
}
