using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Telephony.Events;
using Telephony.Grains.Calls;
using Telephony.Grains.Calls.History;
using Telephony.Testing;

// Events appended and replayed a second, with a private PostgreSQL (nothing synced there; the journal is).
//   dotnet run -c Release --project bench/Events [calls]      default 30,000 calls of 10 events, appended in 3 entries each
var calls = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 30_000;
var data = Directory.CreateTempSubdirectory("telephony-bench-").FullName;
await using var postgres = await PostgresFixture.StartNew();
var connection = await postgres.CreateDatabase();
try
{
    using (var host = Create(run: "journal"))
    {
        var journal = host.Services.GetRequiredService<IJournal>();
        await AppendCalls(journal, "warm", 1000, threads: 1);
        await Measure("journal, 1 thread", () => AppendCalls(journal, "one", calls / 2, threads: 1));
        await Measure("journal, 8 threads", () => AppendCalls(journal, "eight", calls / 2, threads: 8));
    }

    long total;
    using (var host = Create(run: "shipping", projections: false))
    {
        await host.StartAsync();
        var (journal, store) = (host.Services.GetRequiredService<IJournal>(), host.Services.GetRequiredService<IEventStore>());
        total = await AppendCalls(journal, "warm", 1000, threads: 1);
        while (await store.Head() < total) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        await Measure("append and ship", async () =>
        {
            var appended = await AppendCalls(journal, "shipped", calls, threads: 2);
            total += appended;
            while (await store.Head() < total) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            return appended;
        });
        await host.StopAsync();
    }

    using (var host = Create(run: "projected"))
    {
        await host.StartAsync();
        var (journal, store, projections) = (host.Services.GetRequiredService<IJournal>(), host.Services.GetRequiredService<IEventStore>(), host.Services.GetRequiredService<ProjectionRunner>());
        await projections.WhenReady("cdr");
        await Measure("append, ship and project", async () =>
        {
            var appended = await AppendCalls(journal, "projected", calls, threads: 2);
            total += appended;
            while (await store.Head() < total) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            await projections.CatchUp("cdr");
            return appended;
        });
        await Measure("replay, 1 reader", async () => await store.ReadAll(new()).CountAsync());
        await Measure("rebuild of the CDRs", async () => (await projections.Rebuild("cdr"))!.Value);

        var delays = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await AppendCall(journal, "delay", i);
            total += Story.Events;
            while (await store.Head() < total) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            delays.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        delays.Sort();
        Console.WriteLine($"{"append to PostgreSQL",-24} {delays[100]:f1} ms median, {delays[198]:f1} ms p99");
        await host.StopAsync();
    }
}
finally
{
    Directory.Delete(data, recursive: true);
}

IHost Create(string run, bool projections = true)
{
    var builder = Host.CreateEmptyApplicationBuilder(new());
    builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Telephony:Data"] = Path.Combine(data, run), ["ConnectionStrings:Postgres"] = connection });
    builder.Services.AddEvents().AddEventTypes(typeof(CallEvent).Assembly);
    if (projections) builder.Services.AddCallHistory();
    return builder.Build();
}

static async Task<long> AppendCalls(IJournal journal, string tenant, int calls, int threads)
{
    await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(async () =>
    {
        for (var i = thread; i < calls; i += threads) await AppendCall(journal, tenant, i);
    })));
    return (long)calls * Story.Events;
}

static async Task AppendCall(IJournal journal, string tenant, int number)
{
    var (stream, events) = Story.Of(number);
    await journal.Append(new(tenant, stream, 1, events[..4], []));
    await journal.Append(new(tenant, stream, 5, events[4..6], []));
    await journal.Append(new(tenant, stream, 7, events[6..], []));
}

// CPU is user and system time a event, over all threads: it says more than the rate where other things run too.
async Task Measure(string what, Func<Task<long>> work)
{
    var (ours, theirs) = (Environment.CpuUsage.TotalTime, PostgresCpu());
    var started = Stopwatch.GetTimestamp();
    var events = await work();
    var elapsed = Stopwatch.GetElapsedTime(started);
    (ours, theirs) = (Environment.CpuUsage.TotalTime - ours, PostgresCpu() - theirs);
    Console.WriteLine(
        $"{what,-36} {events / elapsed.TotalSeconds,9:n0} events/s; CPU an event: ours {ours.TotalMicroseconds / events,5:f1} us, PostgreSQL's {theirs.TotalMicroseconds / events,5:f1} us");
}

// The server and its children, from /proc: user and system time in hundredths of a second.
TimeSpan PostgresCpu()
{
    var ticks = 0L;
    foreach (var process in Directory.GetDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(process, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var isServer = Path.GetFileName(process) == postgres.ProcessId.ToString(CultureInfo.InvariantCulture);
            if (isServer) ticks += long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture);
            if (isServer || fields[1] == postgres.ProcessId.ToString(CultureInfo.InvariantCulture))
            {
                ticks += long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            }
        }
        catch (IOException)
        {
            // gone meanwhile
        }
    }

    return TimeSpan.FromMilliseconds(ticks * 10);
}

/// <summary>An answered call.</summary>
internal static class Story
{
    public const int Events = 10;

    private static readonly DateTimeOffset s_start = new(2026, 11, 20, 9, 30, 0, TimeSpan.Zero);
    private static readonly Party s_alice = new("101", "Alice Example", "101", "Sales");
    private static readonly Party s_bob = new("102", "Bob Example", "102", "Support");

    public static (string Stream, ImmutableArray<object> Events) Of(int number)
    {
        var at = s_start.AddMilliseconds(number);
        return (CallId.New(at).Stream,
        [
            new CallStarted(s_alice, "102", "101", "a84b4c76e66710@pc33.example.com", at),
            new CallRouted(RouteKind.Extension, s_bob, "extension", at),
            new LegOffered(1, s_bob, "102", "Yealink SIP-T46S", at),
            new LegOffered(2, s_bob, "102-desk", "baresip", at),
            new LegRinging(1, at.AddMilliseconds(80)),
            new LegAnswered(1, at.AddMilliseconds(4080)),
            new LegEnded(2, EndedBy.System, 487, 26, "answered_elsewhere", null, at.AddMilliseconds(4080)),
            new LegEnded(1, EndedBy.Callee, null, 16, "hangup", new LegMedia(3000, 516_000, 3000, 516_000), at.AddMilliseconds(64_080)),
            new LegEnded(0, EndedBy.Callee, null, 16, "hangup", new LegMedia(3000, 516_000, 3000, 516_000), at.AddMilliseconds(64_080)),
            new CallEnded(CallOutcome.Answered, EndedBy.Callee, "hangup", at.AddMilliseconds(64_080)),
        ]);
    }
}
