using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests.Interoperability;

[Collection(ServerCollection.Name)]
public sealed class LinphoneTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Two_phones_of_linphone_call_hold_and_hang_up(string transport)
    {
        var tenant = await fixture.Server.AddTenant(2);
        var port = transport == "tls" ? fixture.Server.SipTlsPort : fixture.Server.SipPort;
        await using var caller = await Linphone.Start(tenant.Account(100) with { Server = port }, transport);
        await using var callee = await Linphone.Start(tenant.Account(101) with { Server = port }, transport);

        await caller.Type($"call sip:101@{tenant.Domain}");
        await callee.Says("Receiving new incoming call");
        await caller.Says("ringing");
        await callee.Type("answer");
        await callee.Says("connected");
        await caller.Says("connected");
        await caller.Type("pause");
        await caller.Says("is now paused");
        await callee.Says("has been paused");
        await caller.Type("resume");
        await caller.Says("Resuming");
        await caller.Says("Media streams established");
        await callee.Type("terminate");
        await caller.Says("ended");

        using var user = await tenant.SignIn(100);
        var call = CallRecord.Of(await user.LastCall());
        Assert.Equal(("answered", "callee"), (call.Outcome, call.EndedBy));
        var name = transport.ToUpperInvariant();
        InteroperabilityReport.Works("linphone-cli", name, "registers with digest; calls; answers; holds and resumes; the callee hangs up");
    }
}
