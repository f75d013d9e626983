using System.Globalization;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests.Interoperability;

/// <summary>Kamailio in front of us: the phones' outbound proxy, with Record-Route (RFC 3261 §16.6) and Path (RFC 3327).</summary>
[Collection(ServerCollection.Name)]
public sealed class KamailioEdgeTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("udp", "udp")]
    [InlineData("tcp", "udp")]
    [InlineData("udp", "tcp")]
    public async Task Phones_behind_the_proxy_call_each_other(string phones, string server)
    {
        await using var proxy = await Start(server);
        var tenant = await fixture.Server.AddTenant(2);
        await using var both = await TwoBaresips.Start(Behind(proxy, tenant.Account(100)), Behind(proxy, tenant.Account(101)), phones);

        await both.Talk();
        await both.Hear(TimeSpan.FromSeconds(1));
        await both.Callee.HangUp();
        await both.Caller.Next("CALL_CLOSED");

        using var user = await tenant.SignIn(100);
        var call = CallRecord.Of(await user.LastCall());
        Assert.Equal(("answered", "callee"), (call.Outcome, call.EndedBy));
        Works($"{phones.ToUpperInvariant()} to it, {server.ToUpperInvariant()} to us", "phones (baresip) behind it register through its Path (it adds Supported: path for them), call and hear each other; the callee hangs up");
    }

    [Theory]
    [InlineData(true, "a phone (sipp) behind it calls one that is registered with us directly; holds, resumes, hangs up")]
    [InlineData(false, "a phone (sipp) behind it is called by one that is registered with us directly; is held, resumed, hung up on")]
    public async Task A_phone_behind_the_proxy_and_one_that_is_not(bool callerIsBehind, string what)
    {
        await using var proxy = await Start("udp");
        var tenant = await fixture.Server.AddTenant(2);
        SipAccount calling = tenant.Account(100), called = tenant.Account(101);
        if (callerIsBehind) calling = Behind(proxy, calling);
        else called = Behind(proxy, called);

        await SippCall.Play(calling, called, "caller-holds", "callee-is-held", SippCall.Values());

        using var user = await tenant.SignIn(100);
        Assert.Equal("answered", CallRecord.Of(await user.LastCall()).Outcome);
        Works("UDP", what);
    }

    [Fact]
    public async Task A_phone_behind_the_proxy_and_a_NAT_is_called_and_hung_up_on()
    {
        await using var proxy = await Start("udp");
        var tenant = await fixture.Server.AddTenant(2);
        await using var caller = new TestPhone(tenant.Account(100));
        await using var callee = new TestPhone(Behind(proxy, tenant.Account(101))) { Contact = "<sip:101@10.20.30.40:5060>" }; // nowhere
        Assert.Equal(200, (await callee.Register()).Status);

        var call = await caller.Invite("101");
        var invite = await callee.NextRequest("INVITE");
        await callee.Reply(invite, 200, "OK", "callee", TestPhone.Sdp());
        Assert.Equal(200, (await call.Final()).Status);
        await callee.NextRequest("ACK");
        var bye = await call.SendInDialog("BYE");
        await callee.Reply(await callee.NextRequest("BYE"), 200, "OK");

        Assert.Equal(200, (await caller.NextFinal("BYE", bye)).Status);
        Works("UDP", "a phone behind it and a NAT (Contact of a private address, rport) registers, is called and hung up on");
    }

    private Task<Kamailio> Start(string transport)
    {
        var port = fixture.Server.SipPort.ToString(CultureInfo.InvariantCulture);
        return Kamailio.Start("edge", new Dictionary<string, string> { ["registrar"] = "127.0.0.1:" + port, ["registrar_port"] = port, ["transport"] = transport });
    }

    private static SipAccount Behind(Kamailio proxy, SipAccount account) => account with { Server = proxy.Port };

    private static void Works(string transport, string what) => InteroperabilityReport.Works("kamailio", transport, what);
}
