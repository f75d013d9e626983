using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests.Calls;

/// <summary>Every way a call between two phones can end, played by sipp: what the phones are told, and what the history says of it afterwards.</summary>
[Collection(ServerCollection.Name)]
public sealed class OutcomeTests(ServerFixture fixture)
{
    private Server Server => fixture.Server;

    [Fact, Trait("Feature", "CDR-01"), Trait("Feature", "CDR-03"), Trait("Feature", "CDR-04"), Trait("Feature", "CDR-05"), Trait("Feature", "CDR-06")]
    public async Task A_call_that_the_caller_ends_is_in_both_histories()
    {
        var before = TimeProvider.System.GetUtcNow();
        var tenant = await Server.AddTenant(2);

        await SippCall.Play(tenant, "caller-hangs-up", "callee-answers", ringMs: 400, holdMs: 1200);

        var (mine, theirs) = await Histories(tenant);
        Assert.Equal(("outbound", "101", "Person 101", "Sales", "100"), (mine.Direction, mine.Number, mine.Name, mine.Department, mine.LineUsed));
        Assert.Equal(("inbound", "100", "Person 100", "Sales", "101"), (theirs.Direction, theirs.Number, theirs.Name, theirs.Department, theirs.LineUsed));
        Assert.Equal(("answered", "caller", "hangup"), (mine.Outcome, mine.EndedBy, mine.Reason));
        Assert.Equal(("answered", "caller", "hangup"), (theirs.Outcome, theirs.EndedBy, theirs.Reason));
        Assert.InRange(mine.StartedAt, before.AddMilliseconds(-1), TimeProvider.System.GetUtcNow());
        Assert.InRange(mine.RingMs, 350, 3000);
        Assert.InRange(mine.TalkMs, 1100, 4000);
        Assert.Equal(mine.RingMs + mine.TalkMs, mine.TotalMs);
        await NothingIsLeft(tenant);
    }

    [Fact, Trait("Feature", "CDR-14"), Trait("Feature", "CDR-15"), Trait("Feature", "CDR-17"), Trait("Feature", "CDR-18"), Trait("Feature", "CDR-19"), Trait("Feature", "CDR-21")]
    public async Task A_call_that_the_callee_ends_has_a_timeline_for_both()
    {
        var tenant = await Server.AddTenant(2);

        await SippCall.Play(tenant, "caller-is-hung-up-on", "callee-hangs-up", ringMs: 300, holdMs: 600);

        var (mine, theirs) = await Histories(tenant);
        Assert.Equal(("answered", "callee", "hangup"), (mine.Outcome, mine.EndedBy, mine.Reason));
        Assert.Equal(mine with { Direction = "inbound", Number = "100", Name = "Person 100", LineUsed = "101" }, theirs);
        using var caller = await tenant.SignIn(SippCall.Caller);
        var detail = await caller.Call(mine.Id);
        Assert.NotEmpty(detail.GetProperty("sipCallId").GetString()!);
        Assert.Equal(["called", "rang", "answered", "ended"], detail.GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("kind").GetString()!));
        var leg = detail.GetProperty("legs").EnumerateArray().Single(leg => leg.GetProperty("leg").GetInt32() == 1);
        Assert.Equal(("101", 16), (leg.GetProperty("device").GetString(), leg.GetProperty("q850").GetInt32()));
        await NothingIsLeft(tenant);
    }

    [Theory]
    [InlineData(486, 486, "busy", "callee", "busy")]
    [InlineData(603, 603, "declined", "callee", "declined")]
    [InlineData(480, 480, "no_answer", "system", "no_answer")]
    [InlineData(500, 480, "failed", "system", "failed")]
    public async Task A_refused_call_tells_the_caller_why(int refusal, int status, string outcome, string endedBy, string reason)
    {
        var tenant = await Server.AddTenant(2);
        var port = FreePorts.One();
        await SippCall.Register(tenant.Account(SippCall.Callee), port);
        await using var called = await Sipp.Start("callee-refuses", tenant.Account(SippCall.Callee), port, Values(("ring", "200"), ("status", $"{refusal}")));

        await Sipp.Run("caller-is-refused", tenant.Account(SippCall.Caller), FreePorts.One(), Values(("number", "101"), ("status", $"{status}")));

        await called.Succeeds();
        var (mine, theirs) = await Histories(tenant);
        Assert.Equal((outcome, endedBy, reason, 0L), (mine.Outcome, mine.EndedBy, mine.Reason, mine.TalkMs));
        Assert.Equal(("missed", outcome), (theirs.Direction, theirs.Outcome));
        Assert.InRange(mine.RingMs, 150, 3000);
        await NothingIsLeft(tenant);
    }

    [Fact]
    public async Task A_caller_who_gives_up_stops_the_ringing()
    {
        var tenant = await Server.AddTenant(2);

        await SippCall.Play(tenant, "caller-cancels", "callee-keeps-ringing", afterMs: 400);

        var (mine, theirs) = await Histories(tenant);
        Assert.Equal(("cancelled", "caller", "cancelled"), (mine.Outcome, mine.EndedBy, mine.Reason));
        Assert.Equal(("missed", "cancelled"), (theirs.Direction, theirs.Outcome));
        await NothingIsLeft(tenant);
    }

    [Fact]
    public async Task A_call_that_nobody_answers_ends_after_30_seconds()
    {
        var tenant = await Server.AddTenant(2);
        var port = FreePorts.One();
        await SippCall.Register(tenant.Account(SippCall.Callee), port);
        await using var called = await Sipp.Start("callee-keeps-ringing", tenant.Account(SippCall.Callee), port);

        await Sipp.Run("caller-is-refused", tenant.Account(SippCall.Caller), FreePorts.One(), Values(("number", "101"), ("status", "480")));

        await called.Succeeds();
        var (mine, theirs) = await Histories(tenant);
        Assert.Equal(("no_answer", "system", "no_answer"), (mine.Outcome, mine.EndedBy, mine.Reason));
        Assert.Equal("missed", theirs.Direction);
        Assert.InRange(mine.RingMs, 29_000, 33_000);
        await NothingIsLeft(tenant);
    }

    [Fact]
    public async Task An_unknown_number_is_404()
    {
        var tenant = await Server.AddTenant(2);

        await Sipp.Run("caller-is-refused", tenant.Account(100), FreePorts.One(), Values(("number", "999"), ("status", "404")));

        using var caller = await tenant.SignIn(100);
        var call = CallRecord.Of(await caller.LastCall());
        Assert.Equal(("outbound", "999", "failed", "unknown_number", 0L), (call.Direction, call.Number, call.Outcome, call.Reason, call.TotalMs));
    }

    [Fact]
    public async Task Somebody_without_a_phone_is_480_and_has_missed_the_call()
    {
        var tenant = await Server.AddTenant(2);

        await Sipp.Run("caller-is-refused", tenant.Account(100), FreePorts.One(), Values(("number", "101"), ("status", "480")));

        var (mine, theirs) = await Histories(tenant);
        Assert.Equal(("outbound", "no_answer", "offline"), (mine.Direction, mine.Outcome, mine.Reason));
        Assert.Equal("missed", theirs.Direction);
        await NothingIsLeft(tenant);
    }

    [Fact]
    public async Task A_call_can_be_held_and_resumed()
    {
        var tenant = await Server.AddTenant(2);

        await SippCall.Play(tenant, "caller-holds", "callee-is-held");

        var (mine, _) = await Histories(tenant);
        Assert.Equal(("answered", "caller"), (mine.Outcome, mine.EndedBy));
        await NothingIsLeft(tenant);
    }

    [Fact, Trait("Feature", "CDR-20")]
    public async Task A_flag_is_the_viewers_own()
    {
        var tenant = await Server.AddTenant(2);
        await SippCall.Play(tenant, "caller-cancels", "callee-keeps-ringing", afterMs: 100);
        using var caller = await tenant.SignIn(100);
        var call = CallRecord.Of(await caller.LastCall());

        await caller.Send(HttpMethod.Put, $"/api/v1/calls/{call.Id}/flag", new { flagged = true });

        var (mine, theirs) = await Histories(tenant);
        Assert.Equal((true, false), (mine.Flagged, theirs.Flagged));
    }

    private static Dictionary<string, string> Values(params (string Name, string Value)[] values) => values.ToDictionary(value => value.Name, value => value.Value);

    private static async Task<(CallRecord Mine, CallRecord Theirs)> Histories(TestTenant tenant)
    {
        using var caller = await tenant.SignIn(SippCall.Caller);
        using var callee = await tenant.SignIn(SippCall.Callee);
        return (CallRecord.Of(await caller.LastCall()), CallRecord.Of(await callee.LastCall()));
    }

    /// <summary>No media port is bound, and nobody is said to be in a call.</summary>
    private async Task NothingIsLeft(TestTenant tenant)
    {
        await Eventually.Get(() => Task.FromResult(Server.MediaPortsInUse()), ports => ports == 0);
        using var somebody = await tenant.SignIn(SippCall.Caller);
        foreach (var person in new[] { SippCall.Caller, SippCall.Callee })
        {
            await Eventually.Get(() => somebody.StatusOf(person), status => status is "available" or "offline");
        }
    }
}
