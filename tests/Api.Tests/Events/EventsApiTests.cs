using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Telephony.Events;
using Telephony.Grains.Calls;

namespace Telephony.Api.Tests.Events;

public class EventsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly DateTimeOffset Day = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_platform_reads_all_events_and_a_tenants_administrator_the_own_ones()
    {
        var tenant = await host.AddTenant();
        var other = await host.AddTenant();
        var call = await Append(tenant.Id, Day.AddHours(12));
        var othersCall = await Append(other.Id, Day.AddHours(13));
        using var platform = host.Platform();
        using var alice = await tenant.SignIn("100");

        var all = await Feed(platform, "from=0");
        var own = await Feed(alice.Http, "");
        var stolen = await Feed(alice.Http, $"call={othersCall.Value}");

        Assert.True(all.Count >= 4);
        Assert.Equal(all.Select(e => e.GetProperty("number").GetInt64()).Order(), all.Select(e => e.GetProperty("number").GetInt64()));
        Assert.Equal([(1, "call_started"), (2, "call_ended")], own.Select(e => (e.GetProperty("version").GetInt32(), e.GetProperty("type").GetString()!)));
        Assert.All(own, e => Assert.Equal((tenant.Id, call.Stream), (e.GetProperty("tenant").GetString(), e.GetProperty("stream").GetString())));
        Assert.Equal("100", own[0].GetProperty("data").GetProperty("caller").GetProperty("number").GetString());
        Assert.Empty(stolen);
    }

    [Fact]
    public async Task The_feed_is_cut_by_number_day_moment_and_call()
    {
        var tenant = await host.AddTenant();
        var first = await Append(tenant.Id, Day.AddHours(12));
        await Append(tenant.Id, Day.AddDays(1).AddHours(12));
        using var alice = await tenant.SignIn("100");
        var numbers = (await Feed(alice.Http, "")).Select(e => e.GetProperty("number").GetInt64()).ToList();

        Assert.Equal(4, numbers.Count);
        Assert.Equal(numbers[1..], await Numbers($"from={numbers[1]}"));
        Assert.Equal(numbers[2..], await Numbers("from=2026-11-21"));
        Assert.Equal(numbers[..2], await Numbers("from=2026-11-20&to=2026-11-20"));
        Assert.Equal(numbers[..2], await Numbers("to=2026-11-21T12:00:00Z"));
        Assert.Equal(numbers[2..], await Numbers("from=2026-11-21T13:00:00%2B01:00"));
        Assert.Equal(numbers[..2], await Numbers($"call={first.Value}"));
        Assert.Empty(await Numbers("from=2027-01-01"));
        Assert.Equal(numbers, await Numbers("to=9999-12-31"));

        async Task<List<long>> Numbers(string query) => [.. (await Feed(alice.Http, query)).Select(e => e.GetProperty("number").GetInt64())];
    }

    [Theory]
    [InlineData("from=yesterday")]
    [InlineData("from=-1")]
    [InlineData("from=2026-13-01")]
    [InlineData("from=99999999999999999999")]
    [InlineData("to=7")]
    [InlineData("call=me")]
    public async Task A_malformed_query_is_a_bad_request(string query)
    {
        using var platform = host.Platform();

        await platform.GetAsync($"/api/v1/events?{query}").IsProblem(HttpStatusCode.BadRequest);
    }

    private async Task<CallId> Append(string tenant, DateTimeOffset at)
    {
        var call = CallId.New(at);
        await host.Services.GetRequiredService<IEventStore>().Append(
            tenant, call.Stream, 0, [new CallStarted(new Party("100", "Alice", "100"), "101", "100", "abc", at), new CallEnded(CallOutcome.Cancelled, EndedBy.Caller, "cancelled", at)]);
        return call;
    }

    private static async Task<List<JsonElement>> Feed(HttpClient http, string query)
    {
        using var response = await http.GetAsync($"/api/v1/events?{query}");
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        return [.. (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
