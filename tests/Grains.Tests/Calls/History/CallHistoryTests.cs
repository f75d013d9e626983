using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Telephony.Events;
using Telephony.Grains.Calls;
using Telephony.Grains.Calls.History;
using Telephony.Testing;

namespace Telephony.Grains.Tests.Calls.History;

public sealed class CallHistoryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 9, 30, 0, TimeSpan.Zero);
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("telephony-history-").FullName;
    private IHost _host = null!;
    private long _appended;

    private IJournal Journal => _host.Services.GetRequiredService<IJournal>();
    private IEventStore Store => _host.Services.GetRequiredService<IEventStore>();
    private ICallHistory History => _host.Services.GetRequiredService<ICallHistory>();
    private ProjectionRunner Projections => _host.Services.GetRequiredService<ProjectionRunner>();

    public async Task InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Telephony:Data"] = _folder,
            ["ConnectionStrings:Postgres"] = await PostgresFixture.NewDatabase(),
            ["Telephony:Journal:ShipInterval"] = "00:00:00",
        });
        builder.Services.AddEvents().AddCallHistory();
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    [Fact, Trait("Feature", "CDR-01"), Trait("Feature", "CDR-06")]
    public async Task A_history_is_read_in_pages_newest_first()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++) ids.Add(await Record("one", CallStory.AnsweredCall(Start.AddMinutes(i / 2)))); // two of them at one time
        await Record("two", CallStory.AnsweredCall(Start));

        var read = new List<CallRow>();
        string? cursor = null;
        var pages = 0;
        do
        {
            var page = await History.GetPage("one", "102", cursor, 2, default);
            read.AddRange(page.Items);
            cursor = page.Next;
            pages++;
        }
        while (cursor is not null);

        Assert.Equal(3, pages);
        Assert.Equal(5, read.DistinctBy(r => r.Id).Count());
        Assert.Equal(read.OrderByDescending(r => r.StartedAt).Select(r => r.StartedAt), read.Select(r => r.StartedAt));
        Assert.Equal(ids.Order(), read.Select(r => r.Id).Order());
        Assert.All(read, r => Assert.Equal((CallDirection.Inbound, "101", "Alice", "Sales", 1200L, 3476L, 4676L), (r.Direction, r.Number, r.Name, r.Department, r.RingMs, r.TalkMs, r.TotalMs)));
    }

    [Fact, Trait("Feature", "CDR-22"), Trait("Feature", "CDR-23"), Trait("Feature", "CDR-24")]
    public async Task The_quality_of_a_call_is_read_leg_by_leg_by_those_who_took_part()
    {
        var story = new CallStory(Start).Started().RoutedToBob().Offered(1, "102").Ringing(1).Answered(1)
            .After(60_000).Sampled(1, 440, 420).Sampled(0, 430).After(2_000).Sampled(1, 300).LegEnds(1, EndedBy.Callee, "hangup").Ends(CallOutcome.Answered, EndedBy.Callee, "hangup");
        var call = await Record("one", story);

        var quality = await History.GetQuality("one", "101", call, default);
        var detail = await History.GetCall("one", "101", call, default);

        Assert.Equal([(0, "101"), (1, "102")], quality!.Select(leg => (leg.Leg, leg.Device)));
        Assert.Equal([[440, 420], [300]], quality![1].Series.Select(series => series.Mos.ToArray()));
        Assert.Equal([49, 49], quality[1].Series[0].ReceivedPackets.ToArray());
        Assert.Equal((3.87, 3.0, 2.0), (detail!.Legs[1].Quality!.MosAverage, detail.Legs[1].Quality!.MosMinimum, detail.Legs[1].Quality!.LossPercent));
        foreach (var (tenant, extension) in new[] { ("two", "101"), ("one", "103") }) Assert.Null(await History.GetQuality(tenant, extension, call, default));
    }

    [Fact]
    public async Task Another_tenant_and_another_extension_see_nothing_of_a_call()
    {
        var call = await Record("one", CallStory.AnsweredCall(Start));

        foreach (var (tenant, extension) in new[] { ("two", "101"), ("two", "102"), ("one", "103"), ("one", ""), ("", "101") })
        {
            Assert.Empty((await History.GetPage(tenant, extension, null, 50, default)).Items);
            Assert.Null(await History.GetCall(tenant, extension, call, default));
            Assert.False(await History.SetFlag(tenant, extension, call, true, default));
        }

        Assert.False((await History.GetCall("one", "101", call, default))!.Call.Flagged);
    }

    [Fact, Trait("Feature", "CDR-14"), Trait("Feature", "CDR-16"), Trait("Feature", "CDR-21")]
    public async Task A_call_is_shown_with_its_legs_and_its_timeline()
    {
        var story = CallStory.AnsweredCall(Start);
        var call = await Record("one", story);

        var detail = await History.GetCall("one", "101", call, default);

        Assert.NotNull(detail);
        Assert.Equal("a84b4c76e66710", detail.SipCallId);
        Assert.Equal((CallDirection.Outbound, "102", "Bob", Start), (detail.Call.Direction, detail.Call.Number, detail.Call.Name, detail.Call.StartedAt));
        Assert.Equal(Cdr.Fold(story.Events)!.Legs, detail.Legs);
        Assert.Equal(CallTimeline.Of(story.Events).Select(e => e.ToString()), detail.Timeline.Select(e => e.ToString()));
        Assert.Null(await History.GetCall("one", "101", Guid.CreateVersion7(Start), default));
    }

    [Fact, Trait("Feature", "CDR-20")]
    public async Task A_flag_is_each_viewers_own_and_outlives_a_rebuild()
    {
        var call = await Record("one", CallStory.AnsweredCall(Start));

        Assert.True(await History.SetFlag("one", "101", call, true, default));
        Assert.True(await History.SetFlag("one", "101", call, true, default));
        await Projections.Rebuild("cdr");

        Assert.True((await History.GetCall("one", "101", call, default))!.Call.Flagged);
        Assert.False((await History.GetCall("one", "102", call, default))!.Call.Flagged);
        Assert.True(await History.SetFlag("one", "101", call, false, default));
        Assert.False((await History.GetPage("one", "101", null, 1, default)).Items[0].Flagged);
    }

    [Fact]
    public async Task A_cursor_that_no_page_gave_is_refused() =>
        await Assert.ThrowsAsync<FormatException>(() => History.GetPage("one", "101", "nonsense", 50, default));

    [Fact]
    public async Task A_call_is_not_in_the_history_before_it_has_ended()
    {
        var story = CallStory.AnsweredCall(Start);
        var call = CallId.New(Start);
        await Append("one", call, 1, story.Events[..^1]);
        await CaughtUp();

        Assert.Empty((await History.GetPage("one", "101", null, 50, default)).Items);

        await Append("one", call, story.Events.Count, story.Events[^1..]);
        await CaughtUp();

        Assert.Equal(call.Value, Assert.Single((await History.GetPage("one", "101", null, 50, default)).Items).Id);
    }

    [Fact]
    public async Task A_rebuild_gives_the_same_rows_however_the_events_came_in()
    {
        var calls = new List<(string Tenant, CallId Call, List<CallEvent> Events)>();
        for (var i = 0; i < 40; i++)
        {
            var story = i % 3 == 0
                ? new CallStory(Start.AddSeconds(i)).Started().RoutedToBob().Offered(1, "102").After(30).Ringing(1).After(i).LegEnds(0, EndedBy.Caller, "cancelled", 487)
                    .Ends(CallOutcome.Cancelled, EndedBy.Caller, "cancelled").After(40).LegEnds(1, EndedBy.Caller, "cancelled", 487) // after the end
                : CallStory.AnsweredCall(Start.AddSeconds(i));
            calls.Add((i % 2 == 0 ? "one" : "two", CallId.New(Start.AddSeconds(i)), story.Events));
        }

        // One event of each call at a time, and the projection run after some of them: as uneven as it gets.
        for (var n = 0; n < calls.Max(c => c.Events.Count); n++)
        {
            foreach (var (tenant, call, events) in calls.Where(c => n < c.Events.Count)) await Append(tenant, call, n + 1, events[n..(n + 1)]);
            if (n % 2 == 0) await CaughtUp();
        }

        await CaughtUp();
        var before = await Rows();

        var applied = await Projections.Rebuild("cdr");

        Assert.Equal(calls.Sum(c => c.Events.Count), applied);
        Assert.Equal(before, await Rows());
        Assert.Equal(40, before.Count(r => r.StartsWith("cdr_calls", StringComparison.Ordinal)));
        Assert.Equal(14, before.Count(r => r.StartsWith("cdr_legs", StringComparison.Ordinal) && r.Contains("cancelled", StringComparison.Ordinal) && r.Contains("\"leg\": 1", StringComparison.Ordinal)));

        var next = await Record("one", CallStory.AnsweredCall(Start.AddHours(1))); // it goes on from there
        Assert.Equal(next, (await History.GetPage("one", "101", null, 1, default)).Items[0].Id);
        Assert.Null(await Projections.Rebuild("no_such_projection"));
    }

    private async Task<Guid> Record(string tenant, CallStory story)
    {
        var call = CallId.New(Start);
        await Append(tenant, call, 1, story.Events);
        await CaughtUp();
        return call.Value;
    }

    private ValueTask Append(string tenant, CallId call, long version, List<CallEvent> events)
    {
        _appended += events.Count;
        return Journal.Append(new(tenant, call.Stream, version, [.. events], []));
    }

    // What was appended is shipped, and the projection has it.
    private async Task CaughtUp()
    {
        await Eventually.Get(() => Store.Head(), head => head == _appended);
        await Projections.CatchUp("cdr");
    }

    private async Task<List<string>> Rows()
    {
        await using var connection = await _host.Services.GetRequiredService<EventsDatabase>().Open(default);
        var rows = new List<string>();
        foreach (var table in new[] { "cdr_participants", "cdr_calls", "cdr_legs" })
        {
            await using var command = new NpgsqlCommand($"select '{table} ' || to_jsonb(t)::text from history.{table} t order by 1", connection);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
