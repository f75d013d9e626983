using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests.Interoperability;

/// <summary>baresip beyond the plain call of <see cref="Calls.AudioTests"/>. Debian's version has no WebSocket.</summary>
[Collection(ServerCollection.Name)]
public sealed class BaresipTests(ServerFixture fixture)
{
    [Fact]
    public async Task A_call_is_held_and_resumed_and_digits_arrive()
    {
        var tenant = await fixture.Server.AddTenant(2);
        await using var phones = await TwoBaresips.Start(tenant);
        var (caller, callee) = phones;
        await phones.Talk();

        await caller.Press('7');
        Assert.Equal("7", (await callee.Next("CALL_DTMF_START")).Param);
        await callee.Next("CALL_DTMF_END");
        await caller.Hold();
        await ReInvited(callee, 1);
        await caller.Resume();
        await ReInvited(callee, 2);
        await Eventually.Is(() => callee.BitsPerSecond is ( > 60_000, > 60_000), TimeSpan.FromSeconds(20));
        await caller.HangUp();
        await callee.Next("CALL_CLOSED");

        Works("UDP", "DTMF as telephone-event (RFC 4733), passed through");
        Works("UDP", "holds and resumes (re-INVITE); audio afterwards");
    }

    [Fact]
    public async Task A_caller_hears_early_media()
    {
        var tenant = await fixture.Server.AddTenant(2);
        var port = FreePorts.One();
        await SippCall.Register(tenant.Account(101), port);
        await using var callee = await Sipp.Start("callee-plays-early-media", tenant.Account(101), port, new Dictionary<string, string> { ["ring"] = "500" });
        await using var caller = await Baresip.Start(tenant.Account(100), TwoBaresips.CallersTone);

        await caller.Dial($"sip:101@{tenant.Domain}");
        await caller.Next("CALL_PROGRESS"); // a 183 with an answer; a 180 would be CALL_RINGING
        await caller.Next("CALL_ESTABLISHED");
        await caller.HangUp();

        await callee.Succeeds();
        Works("UDP", "calls; early media (183 with an answer, from sipp)");
    }

    [Fact]
    public async Task A_callee_refuses()
    {
        var tenant = await fixture.Server.AddTenant(2);
        await using var phones = await TwoBaresips.Start(tenant);
        var (caller, callee) = phones;

        await phones.Ring();
        await callee.HangUp();

        Assert.StartsWith("486", (await caller.Next("CALL_CLOSED")).Param, StringComparison.Ordinal);
        Works("UDP", "calls; the callee refuses (486)");
    }

    [Fact]
    public async Task A_caller_gives_up()
    {
        var tenant = await fixture.Server.AddTenant(2);
        await using var phones = await TwoBaresips.Start(tenant);
        var (caller, callee) = phones;

        await phones.Ring();
        await caller.HangUp();
        await callee.Next("CALL_CLOSED");

        using var user = await tenant.SignIn(100);
        Assert.Equal("cancelled", CallRecord.Of(await user.LastCall()).Outcome);
        Works("UDP", "calls; the caller gives up while it rings (CANCEL)");
    }

    private static Task ReInvited(Baresip phone, int times) =>
        Eventually.Is(() => phone.Output.Split("got re-INVITE").Length > times, TimeSpan.FromSeconds(10));

    private static void Works(string transport, string what) => InteroperabilityReport.Works("baresip", transport, what);
}
