namespace Telephony.Integration.Tests.Interoperability;

/// <summary>sipp at both ends over what <see cref="Calls.OutcomeTests"/> leaves out; Debian's build has no TLS.</summary>
[Collection(ServerCollection.Name)]
public sealed class SippTests(Testing.ServerFixture fixture)
{
    [Theory]
    [InlineData("TCP", "127.0.0.1", "caller-hangs-up", "callee-answers")]
    [InlineData("TCP", "127.0.0.1", "caller-is-hung-up-on", "callee-hangs-up")]
    [InlineData("TCP", "127.0.0.1", "caller-cancels", "callee-keeps-ringing")]
    [InlineData("TCP", "127.0.0.1", "caller-holds", "callee-is-held")]
    [InlineData("UDP", "[::1]", "caller-hangs-up", "callee-answers")]
    [InlineData("UDP", "[::1]", "caller-is-hung-up-on", "callee-hangs-up")]
    [InlineData("UDP", "[::1]", "caller-cancels", "callee-keeps-ringing")]
    [InlineData("TCP", "[::1]", "caller-hangs-up", "callee-answers")]
    [InlineData("UDP", "127.0.0.1", "caller-is-refused", "callee-refuses")]
    [InlineData("TCP", "127.0.0.1", "caller-is-refused", "callee-refuses")]
    public async Task Two_phones_of_sipp_call_each_other(string transport, string address, string caller, string callee)
    {
        var tenant = await fixture.Server.AddTenant(2);

        await SippCall.Play(tenant, caller, callee, ringMs: 100, holdMs: 200, afterMs: 200, transport: transport, address: address);

        using var user = await tenant.SignIn(SippCall.Caller);
        await user.LastCall();
    }
}
