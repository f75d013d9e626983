using Telephony.Testing;

namespace Telephony.Integration.Tests.Calls;

/// <summary>How sessions are begun, changed and kept between two phones of sipp: 100rel (RFC 3262), UPDATE (RFC 3311), session timers (RFC 4028), a refused re-INVITE.</summary>
[Collection(ServerCollection.Name)]
public sealed class SessionTests(ServerFixture fixture)
{
    [Fact]
    public Task Early_media_come_reliably_on_both_sides() => Play("caller-requires-reliable-ringing", "callee-rings-reliably", holdMs: 300);

    [Fact]
    public Task UPDATE_holds_and_refreshes_and_a_refused_re_INVITE_changes_nothing() => Play("caller-updates", "callee-is-updated", holdMs: 300);

    [Fact]
    public Task A_session_is_refreshed_at_half_its_time() => Play("caller-hangs-up", "callee-is-refreshed", holdMs: 47_000);

    private async Task Play(string caller, string callee, int holdMs)
    {
        var tenant = await fixture.Server.AddTenant(2);

        await SippCall.Play(tenant, caller, callee, holdMs: holdMs);

        using var user = await tenant.SignIn(SippCall.Caller);
        var call = CallRecord.Of(await user.LastCall());
        Assert.Equal(("answered", "caller", "hangup"), (call.Outcome, call.EndedBy, call.Reason));
        await Eventually.Get(() => Task.FromResult(fixture.Server.MediaPortsInUse()), ports => ports == 0);
    }
}
