using System.Net;
using System.Net.Http.Json;
using NSubstitute;
using Telephony.Grains.Calls;
using Telephony.Grains.Calls.History;

namespace Telephony.Api.Tests.Calls;

public class CallsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly CallRow Row = new(
        Guid.CreateVersion7(), CallDirection.Missed, "101", "Bob", "Support", "100", new DateTimeOffset(2026, 11, 20, 12, 30, 0, 125, TimeSpan.Zero), 5000, 0, 5000,
        CallOutcome.NoAnswer, EndedBy.Caller, "cancelled", false);

    [Fact, Trait("Feature", "CDR-01"), Trait("Feature", "CDR-03")]
    public async Task The_callers_own_history_is_asked_for_and_nobody_elses()
    {
        var tenant = await host.AddTenant();
        var other = await host.AddTenant();
        host.History.GetPage(tenant.Id, "100", null, 50, Arg.Any<CancellationToken>()).Returns(new CallPage([Row], "more"));
        host.History.GetPage(Arg.Is<string>(id => id != tenant.Id), Arg.Any<string>(), Arg.Any<string?>(), Arg.Any<int>(), Arg.Any<CancellationToken>()).Returns(new CallPage([], null));
        using var alice = await tenant.SignIn("100");
        using var stranger = await other.SignIn("100");

        var page = await alice.Get("/api/v1/calls");
        var strangers = await stranger.Get("/api/v1/calls");

        var call = page.GetProperty("items")[0];
        Assert.Equal(("missed", "no_answer", "caller"), (call.GetProperty("direction").GetString(), call.GetProperty("outcome").GetString(), call.GetProperty("endedBy").GetString()));
        Assert.Equal("2026-11-20T12:30:00.125Z", call.GetProperty("startedAt").GetString());
        Assert.Equal("more", page.GetProperty("next").GetString());
        Assert.Equal(0, strangers.GetProperty("items").GetArrayLength());
    }

    [Fact, Trait("Feature", "CDR-21")]
    public async Task A_call_of_somebody_else_does_not_exist()
    {
        var tenant = await host.AddTenant();
        host.History.GetCall(tenant.Id, "100", Row.Id, Arg.Any<CancellationToken>())
            .Returns(new CallDetail(Row, "abc@phone", [], [new(Row.StartedAt, "called", new Party("101", "Bob"), null, [], null, null, 100, null)]));
        using var alice = await tenant.SignIn("100");
        using var bob = await tenant.SignIn("101");

        var detail = await alice.Get($"/api/v1/calls/{Row.Id}");

        Assert.Equal("abc@phone", detail.GetProperty("sipCallId").GetString());
        Assert.Equal("called", detail.GetProperty("timeline")[0].GetProperty("kind").GetString());
        await bob.Http.GetAsync($"/api/v1/calls/{Row.Id}").IsProblem(HttpStatusCode.NotFound);
        await alice.Http.GetAsync("/api/v1/calls/not-an-id").IsProblem(HttpStatusCode.NotFound);
    }

    [Fact, Trait("Feature", "CDR-22"), Trait("Feature", "CDR-23")]
    public async Task The_sound_of_ones_own_call_is_told_second_by_second()
    {
        var tenant = await host.AddTenant();
        var series = new LegQualitySeries(Row.StartedAt) { ReceivedPackets = [50, 49], SentBytes = [8600, 8600], Mos = [438, 402] };
        host.History.GetQuality(tenant.Id, "100", Row.Id, Arg.Any<CancellationToken>())
            .Returns([new CallLegQuality(1, new Party("101", "Bob"), "101", new LegQuality(2, 840, 402, 99, 1), [series])]);
        host.History.GetQuality(tenant.Id, "101", Row.Id, Arg.Any<CancellationToken>()).Returns((IReadOnlyList<CallLegQuality>?)null);
        using var alice = await tenant.SignIn("100");
        using var bob = await tenant.SignIn("101");

        var quality = await alice.Get($"/api/v1/calls/{Row.Id}/quality");

        var leg = quality[0];
        Assert.Equal((1, 4.2, 1.0), (leg.GetProperty("leg").GetInt32(), leg.GetProperty("summary").GetProperty("mosAverage").GetDouble(), leg.GetProperty("summary").GetProperty("lossPercent").GetDouble()));
        Assert.Equal([50, 49], leg.GetProperty("series")[0].GetProperty("receivedPackets").EnumerateArray().Select(count => count.GetInt32()));
        Assert.Equal("2026-11-20T12:30:00.125Z", leg.GetProperty("series")[0].GetProperty("from").GetString());
        await bob.Http.GetAsync($"/api/v1/calls/{Row.Id}/quality").IsProblem(HttpStatusCode.NotFound);
    }

    [Fact, Trait("Feature", "CDR-20")]
    public async Task A_flag_is_set_on_ones_own_call()
    {
        var tenant = await host.AddTenant();
        host.History.SetFlag(tenant.Id, "100", Row.Id, true, Arg.Any<CancellationToken>()).Returns(true);
        using var alice = await tenant.SignIn("100");
        using var bob = await tenant.SignIn("101");

        using var flagged = await alice.Send(HttpMethod.Put, $"/api/v1/calls/{Row.Id}/flag", new { flagged = true });

        Assert.Equal(HttpStatusCode.NoContent, flagged.StatusCode);
        await bob.Send(HttpMethod.Put, $"/api/v1/calls/{Row.Id}/flag", new { flagged = true }).IsProblem(HttpStatusCode.NotFound);
        await alice.Http.PutAsJsonAsync($"/api/v1/calls/{Row.Id}/flag", new { flagged = true }).IsProblem(HttpStatusCode.BadRequest); // no antiforgery token
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=many")]
    [InlineData("cursor=")]
    [InlineData("cursor=broken")]
    public async Task Bad_paging_is_a_bad_request(string query)
    {
        var tenant = await host.AddTenant();
        host.History.GetPage(tenant.Id, "100", "broken", 50, Arg.Any<CancellationToken>()).Returns<CallPage>(_ => throw new FormatException());
        using var alice = await tenant.SignIn("100");

        await alice.Http.GetAsync($"/api/v1/calls?{query}").IsProblem(HttpStatusCode.BadRequest);
    }
}
