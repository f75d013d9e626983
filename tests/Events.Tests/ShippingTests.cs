using System.Globalization;
using Telephony.Testing;
using static Telephony.Events.Tests.EventsHost;

namespace Telephony.Events.Tests;

public sealed class ShippingTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new();
    private string _postgres = "";

    public async Task InitializeAsync() => _postgres = await PostgresFixture.NewDatabase();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_restart_ships_what_was_left_and_nothing_twice()
    {
        await using (var host = await Start(_postgres, _folder, run: false))
        {
            await host.Journal.Append(Facts("one", "call-1", 1, new Counted(1), new Counted(2)));
            await host.Journal.Append(Facts("two", "call-1", 1, new Counted(1)));
        }

        for (var start = 1; start <= 3; start++)
        {
            await using var host = await Start(_postgres, _folder);
            await host.Journal.Append(Facts("one", "call-1", start + 2, new Counted(start + 2)));
            await host.Shipped();

            Assert.Equal(Enumerable.Range(1, start + 2).Select(i => (long)i), (await host.Store.ReadStream("one", "call-1")).Select(e => e.Version));
            Assert.Equal(start + 3, await host.Store.Head());
        }

        await using var last = await Start(_postgres, _folder);
        Assert.Single(await last.Store.ReadStream("two", "call-1"));
        Assert.Equal(0L, await last.Query<long>("select count(*) from events.rejected"));
    }

    [Fact]
    public async Task A_journal_whose_position_is_forgotten_is_shipped_again_without_doubles()
    {
        await using (var host = await Start(_postgres, _folder))
        {
            for (var i = 1; i <= 50; i++) await host.Journal.Append(Facts("one", $"call-{i % 5}", ((i - 1) / 5) + 1, new Counted(i)));
            await host.Shipped();
            await host.Execute("delete from events.journals");
        }

        await using var again = await Start(_postgres, _folder);
        await again.Journal.Append(Facts("one", "call-1", 11, new Counted(51)));
        await again.Shipped();

        Assert.Equal(51, await again.Store.Head());
        Assert.Equal(0L, await again.Query<long>("select count(*) from events.rejected"));
    }

    [Fact]
    public async Task A_journal_that_was_restored_from_before_what_PostgreSQL_has_is_shipped_again_without_doubles()
    {
        TestFolder early;
        await using (var host = await Start(_postgres, _folder))
        {
            await host.Journal.Append(Facts("one", "call-1", 1, new Counted(1)));
            await host.Shipped();
            early = _folder.Copy();
            await host.Execute("update events.journals set position = position + (1::bigint << 40)");
        }

        using (early)
        {
            await using var restored = await Start(_postgres, early);
            await restored.Journal.Append(Facts("one", "call-1", 2, new Counted(2)));
            await restored.Shipped();

            Assert.Equal([1L, 2L], (await restored.Store.ReadStream("one", "call-1")).Select(e => e.Version));
        }
    }

    [Fact]
    public async Task An_event_whose_version_another_event_has_is_set_aside_and_holds_nothing_up()
    {
        await using var host = await Start(_postgres, _folder);
        await host.Store.Append("one", "call-1", 0, [new Counted(1)]);

        await host.Journal.Append(Facts("one", "call-1", 1, new Counted(-1)));
        await host.Journal.Append(Facts("one", "call-2", 1, new Counted(2)));
        await host.Shipped();

        Assert.Equal(new Counted(1), Read(host, Assert.Single(await host.Store.ReadStream("one", "call-1"))));
        Assert.Single(await host.Store.ReadStream("one", "call-2"));
        Assert.Equal("call-1/1 test_counted {\"number\":-1}", await host.Query<string>(
            "select stream_id || '/' || version || ' ' || type || ' ' || convert_from(data, 'UTF8') from events.rejected where tenant_id = 'one'"));
    }

    [Fact]
    public async Task An_event_that_PostgreSQL_will_never_take_is_set_aside_and_holds_nothing_up()
    {
        await using var host = await Start(_postgres, _folder, run: false);
        var random = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20_000));
        await host.Journal.Append(Facts("one", "call-1", 1, new Counted(1)));
        await host.Journal.Append(Facts("one", random, 1, new Counted(2))); // larger than an index row may be
        await host.Journal.Append(Facts("one", "call-1", 2, new Counted(3)));
        await host.DisposeAsync();

        await using var again = await Start(_postgres, _folder);
        await again.Shipped();

        Assert.Equal([1L, 2L], (await again.Store.ReadStream("one", "call-1")).Select(e => e.Version));
        Assert.Equal(1L, await again.Query<long>("select count(*) from events.rejected"));
        Assert.Equal(2, await again.Store.Head());
    }

    [Fact]
    public async Task While_PostgreSQL_is_stopped_appends_go_on_and_afterwards_all_is_there_once_and_in_order()
    {
        await using var server = await PostgresFixture.StartNew();
        await using var host = await Start(await server.CreateDatabase(), _folder, o => o.SegmentBytes = 4096);
        var version = 0;
        await Append(100);
        await host.Shipped();

        await server.Stop();
        await Append(300);
        await Eventually.Is(() => host.Shipper.FailingSince is not null);
        await Append(100);
        Assert.Equal("500", Text(await host.Journal.ReadState(new("call", "one", "1"))));
        Assert.True(Directory.GetFiles(_folder.Journal, "*.journal").Length > 3);
        await server.Start();
        await host.Shipped();

        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), (await host.Store.ReadStream("one", "call-1")).Select(e => e.Version));
        Assert.Equal(1000, await host.Store.Head());
        await Eventually.Is(() => host.Shipper.FailingSince is null);
        Assert.Single(Directory.GetFiles(_folder.Journal, "*.journal"));
        Assert.Equal("500", await host.Query<string>("select convert_from(data, 'UTF8') from events.grain_state where tenant_id = 'one'"));

        async Task Append(int count)
        {
            for (; count > 0; count--)
            {
                version++;
                await host.Journal.Append(new("one", "call-1", version, [new Counted(version)], [State("one", "1", version.ToString(CultureInfo.InvariantCulture))]));
                await host.Journal.Append(Facts("two", "call-1", version, new Counted(version)));
            }
        }
    }

    [Fact]
    public async Task A_state_that_is_put_and_removed_in_between_never_touches_PostgreSQL()
    {
        await using var host = await Start(_postgres, _folder, o => o.StateInterval = TimeSpan.FromMilliseconds(300));
        await foreach (var _ in host.Journal.ReadStates("call")) Assert.Fail("nothing yet");
        await host.Execute("""
            create table touched (id varchar);
            create function touch() returns trigger language plpgsql as $$ begin insert into touched values (coalesce(new.id, old.id)); return null; end $$;
            create trigger touch after insert or update or delete on events.grain_state for each row execute function touch();
            """);

        await host.Journal.Append(States(State("one", "short", "1"), State("one", "long", "1")));
        await host.Journal.Append(States(State("one", "short", "2"), State("one", "long", "2")));
        await host.Journal.Append(States(State("one", "short", null)));
        await host.Shipped();

        Assert.Equal("long", await host.Query<string>("select string_agg(id, ',') from touched"));
        Assert.Equal(1, host.Journal.States.Count);
    }

    [Fact]
    public async Task States_are_read_from_PostgreSQL_and_the_journal_together_by_kind_and_tenant()
    {
        await using (var host = await Start(_postgres, _folder))
        {
            await host.Journal.Append(States(State("one", "a", "old"), State("one", "b", "old"), State("two", "a", "theirs"), State("one", "d", "device", "device")));
            await host.Shipped();
        }

        File.Delete(Directory.GetFiles(_folder.Journal, "*.journal").Single()); // what PostgreSQL has is enough
        await using (var host = await Start(_postgres, _folder, run: false))
        {
            await host.Journal.Append(States(State("one", "b", "new"), State("one", "c", "new"), State("one", "a", null)));
        }

        await using var again = await Start(_postgres, _folder);

        Assert.Equal(["one/b=new", "one/c=new", "two/a=theirs"], await List(again, "call", null));
        Assert.Equal(["one/b=new", "one/c=new"], await List(again, "call", "one"));
        Assert.Equal(["one/d=device"], await List(again, "device", null));
        Assert.Empty(await List(again, "call", "three"));
        Assert.Equal("theirs", Text(await again.Journal.ReadState(new("call", "two", "a"))));
        Assert.Null(await again.Journal.ReadState(new("call", "one", "a")));
        Assert.Null(await again.Journal.ReadState(new("call", "two", "b")));
        await again.Shipped();
        Assert.Equal("one/b,one/c,two/a", await again.Query<string>("select string_agg(tenant_id || '/' || id, ',' order by tenant_id, id) from events.grain_state where kind = 'call'"));
    }

    [Fact]
    public async Task Segments_go_once_all_of_them_is_shipped()
    {
        await using var host = await Start(_postgres, _folder, o => (o.SegmentBytes, o.MaxBytes) = (4096, 40_000));

        for (var i = 1; i <= 1000; i++)
        {
            try
            {
                await host.Journal.Append(new("one", "call-1", i, [new Counted(i)], [State("one", $"{i % 10}", $"{i}")]));
            }
            catch (JournalFullException)
            {
                await host.Shipped(); // and there is room again
                i--;
            }
        }

        await host.Shipped();
        Assert.Equal(1000, await host.Store.Head());
        Assert.Single(Directory.GetFiles(_folder.Journal, "*.journal"));
    }

    private static object? Read(EventsHost host, StoredEvent e) => ((EventTypes)host.Services.GetService(typeof(EventTypes))!).Read(e);

    private static async Task<List<string>> List(EventsHost host, string kind, string? tenant)
    {
        var found = new List<string>();
        await foreach (var state in host.Journal.ReadStates(kind, tenant)) found.Add($"{state.Key.Tenant}/{state.Key.Id}={Text(state.Data)}");
        found.Sort(StringComparer.Ordinal);
        return found;
    }
}
