using System.IO.Pipelines;
using System.Text.Json;
using Telephony.Testing;
using static Telephony.Events.Tests.EventsHost;

namespace Telephony.Events.Tests;

public sealed class EventStoreTests : IAsyncLifetime, IDisposable
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 20, 9, 30, 0, TimeSpan.FromHours(2));
    private readonly TestFolder _folder = new();
    private EventsHost _host = null!;

    public async Task InitializeAsync() => _host = await Start(await PostgresFixture.NewDatabase(), _folder);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_journal_takes_can_be_read_as_a_stream()
    {
        await _host.Journal.Append(new("one", "call-1", 1, [new Opened("Zoë \0 \\u0000 😀", s_at), new Counted(7, DayOfWeek.Friday)], [], "abc\0@host"));
        await _host.Journal.Append(Facts("two", "call-1", 1, new Counted(1)));
        await _host.Shipped();

        var events = await _host.Store.ReadStream("one", "call-1");

        Assert.Equal([(1L, "test_opened"), (2L, "test_counted")], events.Select(e => (e.Version, e.Type)));
        Assert.Equal(new Opened("Zoë \uFFFD \\u0000 😀", s_at), Read(events[0]));
        Assert.Equal(new Counted(7, DayOfWeek.Friday), Read(events[1]));
        Assert.Equal((s_at, "abc\uFFFD@host"), (events[0].At, events[0].CorrelationId));
        Assert.Equal("friday", JsonDocument.Parse(events[1].Data).RootElement.GetProperty("day").GetString());
        Assert.Equal(2, events.DistinctBy(e => e.EventId).Count());
        Assert.Equal([2L], (await _host.Store.ReadStream("one", "call-1", 2)).Select(e => e.Version));
        Assert.Equal(new Counted(1), Read(Assert.Single(await _host.Store.ReadStream("two", "call-1"))));
        Assert.Empty(await _host.Store.ReadStream("three", "call-1"));
    }

    [Fact]
    public async Task An_append_that_expects_another_version_is_refused_and_leaves_nothing()
    {
        Assert.Equal(2, await _host.Store.Append("one", "trunk-1", 0, [new Counted(1), new Counted(2)]));

        var conflict = await Assert.ThrowsAsync<StreamVersionException>(() => _host.Store.Append("one", "trunk-1", 1, [new Counted(3)]));

        Assert.Equal((1, 2), (conflict.Expected, conflict.Actual));
        await Assert.ThrowsAsync<StreamVersionException>(() => _host.Store.Append("one", "trunk-1", 0, [new Counted(3)]));
        await Assert.ThrowsAsync<StreamVersionException>(() => _host.Store.Append("one", "trunk-2", 1, [new Counted(3)]));
        Assert.Equal(3, await _host.Store.Append("one", "trunk-1", 2, [new Counted(3)]));
        Assert.Equal(4, await _host.Store.Append("one", "trunk-1", null, [new Counted(4)]));
        Assert.Equal(1, await _host.Store.Append("two", "trunk-1", 0, [new Counted(1)])); // another tenant's is another stream
        Assert.Equal(5, await _host.Store.Head());
    }

    [Fact]
    public async Task Of_many_who_append_at_one_version_one_wins()
    {
        var results = await Task.WhenAll(Enumerable.Range(1, 10).Select(async i =>
        {
            try
            {
                return await _host.Store.Append("one", "trunk-1", 0, [new Counted(i)]);
            }
            catch (StreamVersionException)
            {
                return 0;
            }
        }));

        Assert.Equal(1, results.Sum());
        Assert.Single(await _host.Store.ReadStream("one", "trunk-1"));
    }

    [Fact]
    public async Task A_reader_among_writers_sees_every_number_once_and_without_gaps()
    {
        const int Writers = 4, Each = 60;
        var writing = Task.WhenAll(Enumerable.Range(1, Writers).Select(w => Task.Run(async () =>
        {
            for (var i = 1; i <= Each; i++)
            {
                await _host.Store.Append("one", $"trunk-{w}", i - 1, [new Counted(i)]);
                await _host.Journal.Append(Facts("two", $"call-{w}", i, new Counted(i)));
            }
        })));

        var read = new List<StoredEvent>();
        while (read.Count < 2 * Writers * Each)
        {
            if (writing.IsFaulted) await writing;
            await foreach (var e in _host.Store.ReadAll(new(read.Count + 1))) read.Add(e); // a number that came later than a higher one would be missing
        }

        Assert.Equal(Enumerable.Range(1, 2 * Writers * Each).Select(i => (long)i), read.Select(e => e.Number));
        Assert.All(read.GroupBy(e => e.Stream), stream => Assert.Equal(Enumerable.Range(1, Each).Select(i => (long)i), stream.Select(e => e.Version)));
    }

    [Fact]
    public async Task All_is_read_from_a_number_of_a_tenant_of_a_stream_and_between_times()
    {
        for (var i = 1; i <= 6; i++) await _host.Store.Append(i % 2 == 0 ? "two" : "one", $"call-{i % 3}", null, [new Opened($"{i}", s_at.AddMinutes(i))]);

        Assert.Equal([1L, 2, 3, 4, 5, 6], await Numbers(new()));
        Assert.Equal([4L, 5, 6], await Numbers(new(4)));
        Assert.Equal([1L, 3, 5], await Numbers(new(Tenant: "one")));
        Assert.Equal([3L], await Numbers(new(Tenant: "one", Stream: "call-0")));
        Assert.Equal([3L, 4], await Numbers(new(From: s_at.AddMinutes(3), To: s_at.AddMinutes(5))));
        Assert.Equal([2L, 3], await Numbers(new(2, Limit: 2)));
        Assert.Empty(await Numbers(new(Tenant: "three")));
        Assert.Empty(await Numbers(new(7)));
    }

    [Fact]
    public async Task The_feed_is_a_line_of_JSON_an_event()
    {
        await _host.Store.Append("one", "call-1", 0, [new Opened("line\nbreak \"quoted\"", s_at), new Counted(2)]);
        await _host.Store.Append("two", "call-1", 0, [new Counted(3)]);
        using var output = new MemoryStream();

        var lines = await EventFeed.WriteNdjson(_host.Store, new(Tenant: "one"), PipeWriter.Create(output, new(leaveOpen: true)), default);

        var text = System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n');
        Assert.Equal((2, 3, ""), (lines, text.Length, text[^1]));
        Assert.Equal(["number", "tenant", "stream", "version", "type", "at", "data"], JsonDocument.Parse(text[0]).RootElement.EnumerateObject().Select(p => p.Name));
        Assert.StartsWith("""{"number":1,"tenant":"one","stream":"call-1","version":1,"type":"test_opened","at":"2026-11-20T07:30:00.000000Z","data":{""", text[0], StringComparison.Ordinal);
        Assert.Equal("line\nbreak \"quoted\"", JsonDocument.Parse(text[0]).RootElement.GetProperty("data").GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_tables_are_those_that_Marten_reads()
    {
        await _host.Journal.Append(new("one", "call-1", 1, [new Opened("a", s_at), new Counted(2)], [], "corr"));
        await _host.Shipped();

        Assert.Equal(
            "tenant_id varchar no, id varchar no, type varchar yes, version int8 yes, timestamp timestamptz no, created timestamptz no, is_archived bool yes", await Columns("mt_streams"));
        Assert.Equal(
            "seq_id int8 no, id uuid no, stream_id varchar yes, version int8 no, data jsonb no, bdata bytea yes, type varchar no, timestamp timestamptz no, tenant_id varchar yes, "
            + "mt_dotnet_type varchar yes, correlation_id varchar yes, causation_id varchar yes, headers jsonb yes, is_archived bool yes", await Columns("mt_events"));
        Assert.Equal("name varchar no, last_seq_id int8 yes, last_updated timestamptz yes", await Columns("mt_event_progression"));
        Assert.Equal(
            "CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON events.mt_events USING btree (tenant_id, stream_id, version)",
            await _host.Query<string>("select indexdef from pg_indexes where indexname = 'pk_mt_events_stream_and_version'"));
        Assert.Equal("mt_events_sequence", await _host.Query<string>("select relname::text from pg_class where oid = pg_get_serial_sequence('events.mt_events', 'seq_id')::regclass"));
        Assert.Equal(2L, await _host.Query<long>("select last_value from events.mt_events_sequence"));
        Assert.Equal("one/call-1 call 2 f", await _host.Query<string>("select tenant_id || '/' || id || ' ' || type || ' ' || version || ' ' || is_archived::text::char from events.mt_streams"));
        Assert.Equal(
            "1 1 test_opened Telephony.Events.Tests.Opened, Telephony.Events.Tests corr f | 2 2 test_counted Telephony.Events.Tests.Counted, Telephony.Events.Tests corr f",
            await _host.Query<string>(
                "select string_agg(concat_ws(' ', seq_id, version, type, mt_dotnet_type, correlation_id, is_archived, bdata, headers), ' | ' order by seq_id) from events.mt_events"));
        Assert.Equal("7", (await _host.Query<Guid>("select id from events.mt_events limit 1")).ToString()[14..15]); // a UUIDv7
    }

    [Fact]
    public async Task Migrations_started_twice_at_once_are_applied_once()
    {
        var postgres = await PostgresFixture.NewDatabase();
        using var second = new TestFolder();
        using var third = new TestFolder();
        await using var one = await Start(postgres, second);
        await using var two = await Start(postgres, third);

        await Task.WhenAll(one.Store.Append("one", "a", 0, [new Counted(1)]), two.Store.Append("one", "b", 0, [new Counted(1)]));

        Assert.Equal(2, await one.Store.Head());
    }

    private object? Read(StoredEvent e) => ((EventTypes)_host.Services.GetService(typeof(EventTypes))!).Read(e);

    private async Task<List<long>> Numbers(EventQuery query)
    {
        var numbers = new List<long>();
        await foreach (var e in _host.Store.ReadAll(query)) numbers.Add(e.Number);
        return numbers;
    }

    private Task<string> Columns(string table) => _host.Query<string>($"""
        select string_agg(column_name || ' ' || udt_name || ' ' || lower(is_nullable), ', ' order by ordinal_position)
        from information_schema.columns where table_schema = 'events' and table_name = '{table}'
        """);
}
