using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Telephony.Testing;
using static Telephony.Events.Tests.EventsHost;

namespace Telephony.Events.Tests;

public sealed class ProjectionRunnerTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new();
    private string _postgres = "";

    public async Task InitializeAsync() => _postgres = await PostgresFixture.NewDatabase();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_projection_follows_the_events_by_itself_each_once_and_each_tenant_apart()
    {
        var totals = new Totals();
        await using var host = await StartWith(totals);

        for (var i = 1; i <= 20; i++)
        {
            await host.Journal.Append(Facts("one", "call-1", i, new Counted(i)));
            await host.Journal.Append(Facts("two", "call-1", i, new Counted(1000)));
        }

        await Eventually.Is(async () => await Read(host) == "one=210 two=20000");
        await Eventually.Is(() => totals.Told == 40);
    }

    [Fact]
    public async Task A_restart_goes_on_where_it_was()
    {
        await using (var host = await StartWith(new Totals()))
        {
            await host.Store.Append("one", "call-1", 0, [new Counted(1), new Counted(2)]);
            await host.Projections.CatchUp("totals");
        }

        await using var again = await StartWith(new Totals());
        await again.Store.Append("one", "call-1", 2, [new Counted(4)]);
        await again.Projections.CatchUp("totals");

        Assert.Equal("one=7", await Read(again));
        Assert.Equal(3L, await again.Query<long>("select last_seq_id from events.mt_event_progression where name = 'totals:All'"));
    }

    [Fact]
    public async Task A_failing_event_is_tried_again_and_reported_never_skipped()
    {
        var totals = new Totals { FailOn = 2 };
        await using var host = await StartWith(totals);
        await host.Store.Append("one", "call-1", 0, [new Counted(1), new Counted(2), new Counted(4)]);

        await Eventually.Is(() => totals.Attempts > 1 && host.Projections.Failing.ContainsKey("totals"));
        Assert.Equal("number 2", host.Projections.Failing["totals"]);
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal((HealthStatus.Unhealthy, "totals: number 2"), (health.Entries["projections"].Status, health.Entries["projections"].Description));
        Assert.Equal("", await Read(host)); // nor is half of a batch applied

        totals.FailOn = 0;
        await Eventually.Is(async () => await Read(host) == "one=7");
        await Eventually.Is(() => host.Projections.Failing.Count == 0);
    }

    [Fact]
    public async Task A_rebuild_gives_the_same_rows_while_events_come_in()
    {
        await using var host = await StartWith(new Totals());
        for (var i = 1; i <= 100; i++) await host.Journal.Append(Facts("one", "call-1", i, new Counted(i)));
        await host.Shipped();
        await host.Projections.CatchUp("totals");
        Assert.Equal("one=5050", await Read(host));

        var appending = Task.Run(async () =>
        {
            for (var i = 101; i <= 300; i++) await host.Journal.Append(Facts("one", "call-1", i, new Counted(i)));
        });
        for (var i = 0; i < 5; i++) Assert.InRange((await host.Projections.Rebuild("totals"))!.Value, 100, 300);
        await appending;
        await host.Shipped();
        await host.Projections.CatchUp("totals");

        Assert.Equal("one=45150", await Read(host));
        Assert.Equal(0L, await host.Query<long>("select count(*) from information_schema.schemata where schema_name like '%rebuild'"));
    }

    [Fact]
    public async Task Rows_that_were_spoilt_are_right_again_after_a_rebuild()
    {
        await using var host = await StartWith(new Totals());
        await host.Store.Append("one", "call-1", 0, [new Counted(3)]);
        await host.Projections.CatchUp("totals");
        await host.Execute("update totals.totals set total = 99; insert into totals.totals values ('nobody', 1)");

        Assert.Equal(1, await host.Projections.Rebuild("totals"));

        Assert.Equal("one=3", await Read(host));
        Assert.Null(await host.Projections.Rebuild("nothing"));
    }

    [Fact]
    public async Task A_new_version_makes_its_rows_from_the_first_event_on()
    {
        await using (var host = await StartWith(new Totals()))
        {
            await host.Store.Append("one", "call-1", 0, [new Counted(3)]);
            await host.Projections.CatchUp("totals");
        }

        await using var next = await StartWith(new Totals { Version = 2, Factor = 10 });
        await next.Projections.WhenReady("totals");

        Assert.Equal("one=30", await Read(next));
        Assert.Equal("totals:V2:All", await next.Query<string>("select string_agg(name, ',') from events.mt_event_progression"));
    }

    [Fact]
    public async Task Two_silos_apply_each_event_once_between_them()
    {
        using var other = new TestFolder();
        await using var one = await StartWith(new Totals());
        await using var two = await Start(_postgres, other, services: s => s.AddSingleton<IProjection>(new Totals()));

        for (var i = 1; i <= 50; i++)
        {
            await one.Journal.Append(Facts("one", "call-1", i, new Counted(i)));
            await two.Journal.Append(Facts("two", "call-1", i, new Counted(i)));
        }

        await Task.WhenAll(one.Shipped(), two.Shipped());
        await one.Projections.CatchUp("totals");

        Assert.Equal("one=1275 two=1275", await Read(two));
    }

    private async Task<EventsHost> StartWith(Totals totals)
    {
        var host = await Start(_postgres, _folder, services: s => s.AddSingleton<IProjection>(totals));
        await host.Projections.WhenReady("totals");
        return host;
    }

    private static Task<string> Read(EventsHost host) => host.Query<string>(
        "select coalesce(string_agg(tenant || '=' || total, ' ' order by tenant), '') from totals.totals");

    /// <summary>Adds up the numbers of each tenant.</summary>
    private sealed class Totals : IProjection
    {
        private static readonly EventTypes s_types = new([typeof(Counted).Assembly]);
        private int _attempts;
        private int _told;

        public int FailOn { get; set; }
        public int Factor { get; init; } = 1;
        public int Attempts => _attempts;
        public int Told => _told;

        public string Name => "totals";
        public int Version { get; init; } = 1;
        public string Schema => "totals";
        public IReadOnlyList<string> Tables => ["totals"];
        public string TablesSql => "create table totals (tenant varchar primary key, total bigint not null)";

        public async Task<Func<Task>?> Apply(NpgsqlConnection connection, IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _attempts);
            foreach (var e in events)
            {
                var counted = (Counted)s_types.Read(e)!;
                if (counted.Number == FailOn) throw new NotSupportedException($"number {FailOn}");

                await using var command = new NpgsqlCommand(
                    "insert into totals as t values ($1, $2) on conflict (tenant) do update set total = t.total + excluded.total", connection)
                {
                    Parameters = { new() { Value = e.Tenant }, new() { Value = (long)counted.Number * Factor } },
                };
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return () =>
            {
                Interlocked.Add(ref _told, events.Count);
                return Task.CompletedTask;
            };
        }
    }
}
