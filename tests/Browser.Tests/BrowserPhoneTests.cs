using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Browser.Tests;

/// <summary>What the web's SIP libraries do over <c>/sip</c> (RFC 7118) in Chromium, with phones of baresip at the other end.</summary>
[Collection(BrowserCollection.Name)]
public sealed class BrowserPhoneTests(ServerFixture fixture, ChromiumFixture chromium)
{
    public static TheoryData<string> Libraries => ["sip.js", "jssip"];

    [Theory, MemberData(nameof(Libraries))]
    public async Task It_registers_refreshes_and_comes_back_after_its_connection_dropped(string library)
    {
        var tenant = await fixture.Server.AddTenant(2);
        using var watcher = await tenant.SignIn(101);
        await using var phone = await Start(library, tenant.Account(100));

        await phone.Says("registered");
        await Eventually.Get(() => watcher.StatusOf(100), status => status == "available");
        await phone.Do("refresh");
        await phone.Says("registered");
        await phone.Do("drop");
        await phone.Says("disconnected");
        await phone.Says("registered");
        await using var caller = new TestPhone(tenant.Account(101));
        var call = await caller.Invite("100");
        await phone.Says("called"); // by the new connection
        await call.Cancel();
        await phone.Says("ended");
        await phone.Do("unregister");
        await phone.Says("unregistered");

        await Eventually.Get(() => watcher.StatusOf(100), status => status == "offline");
        Works(library, "registers with digest, refreshes, registers again after its connection dropped (and is called by the new one), unregisters");
    }

    [Theory, MemberData(nameof(Libraries))]
    public async Task A_wrong_password_is_refused(string library)
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var phone = await Start(library, tenant.Account(100) with { Password = "guess" });

        Assert.Equal(401, await phone.Says("refused"));
        Works(library, "registers with a wrong password", "refused (401)");
    }

    [Theory, MemberData(nameof(Libraries))]
    public async Task It_calls_a_phone(string library)
    {
        var tenant = await fixture.Server.AddTenant(2);
        await using var callee = await Baresip.Start(tenant.Account(101), 1000);
        await using var phone = await Start(library, tenant.Account(100));
        await phone.Says("registered");

        await Call(phone, callee);
        await callee.Accept();
        await phone.Says("established");
        await phone.Do("hold");
        await phone.Says("held");
        await phone.Do("resume");
        await phone.Says("resumed");
        await phone.Do("hangUp");
        await callee.Next("CALL_CLOSED");
        await phone.Says("ended");

        await Call(phone, callee);
        await callee.Accept();
        await phone.Says("established");
        await callee.HangUp();
        await phone.Says("ended");

        await Call(phone, callee);
        await phone.Do("cancel");
        await callee.Next("CALL_CLOSED");
        await phone.Says("ended");

        await Call(phone, callee);
        await callee.HangUp();
        Assert.Equal(486, await phone.Says("rejected"));

        using var user = await tenant.SignIn(100);
        await user.LastCall(count: 4);
        Assert.Equal(["busy", "cancelled", "answered", "answered"], (await user.Calls()).Select(call => call.GetProperty("outcome").GetString()));
        Works(library, "calls a phone (baresip): holds and resumes; either side hangs up; it cancels; the phone is busy (486)", "works; signalling only");
    }

    [Theory, MemberData(nameof(Libraries))]
    public async Task It_is_called_by_a_phone(string library)
    {
        var tenant = await fixture.Server.AddTenant(2);
        await using var caller = await Baresip.Start(tenant.Account(101), 1000);
        await using var phone = await Start(library, tenant.Account(100));
        await phone.Says("registered");
        var uri = $"sip:100@{tenant.Domain}";

        await caller.Dial(uri);
        await phone.Says("called");
        await phone.Do("answer");
        await phone.Says("established");
        await phone.Do("hangUp");
        await caller.Next("CALL_CLOSED");

        await caller.Dial(uri);
        await phone.Says("called");
        await phone.Do("answer");
        await caller.Next("CALL_ESTABLISHED");
        await phone.Says("established");
        await caller.HangUp();
        await caller.Next("CALL_CLOSED");
        await phone.Says("ended");

        await caller.Dial(uri);
        await phone.Says("called");
        await caller.HangUp();
        await caller.Next("CALL_CLOSED");
        await phone.Says("ended");

        await caller.Dial(uri);
        await phone.Says("called");
        await phone.Do("reject", 486);
        Assert.StartsWith("486", (await caller.Next("CALL_CLOSED")).Param, StringComparison.Ordinal);

        Works(library, "is called by a phone (baresip): either side hangs up; the phone cancels; it is busy (486)", "works; signalling only");
    }

    [Theory, MemberData(nameof(Libraries))]
    public async Task It_asks_for_options_and_sends_a_message(string library)
    {
        var tenant = await fixture.Server.AddTenant(2);
        await using var phone = await Start(library, tenant.Account(100));
        await phone.Says("registered");

        await phone.Do("options", "101");
        Assert.Equal(200, await phone.Says("answered"));
        await phone.Do("message", "101");
        Assert.Equal(405, await phone.Says("answered"));

        Works(library, "OPTIONS");
        Works(library, "MESSAGE", "405: the server has no messages yet");
    }

    [Theory, MemberData(nameof(Libraries)), Trait("Feature", "DEV-28")]
    public async Task The_phone_of_a_tab_that_was_closed_is_offline_soon(string library)
    {
        var tenant = await fixture.Server.AddTenant(2);
        using var watcher = await tenant.SignIn(101);
        await using (var phone = await Start(library, tenant.Account(100)))
        {
            await phone.Says("registered");
            await Eventually.Get(() => watcher.StatusOf(100), status => status == "available");
        }

        await Eventually.Get(() => watcher.StatusOf(100), status => status == "offline");
        Works(library, "its tab is closed while it is registered (for 10 minutes)", "offline soon");
    }

    private Task<BrowserPhone> Start(string library, SipAccount account) => BrowserPhone.Start(chromium, fixture.Server, library, account);

    private static async Task Call(BrowserPhone phone, Baresip callee)
    {
        await phone.Do("call", "101");
        await callee.Next("CALL_INCOMING");
        Assert.Equal(180, await phone.Says("progress"));
    }

    private static void Works(string library, string what, string result = "works") => InteroperabilityReport.Works(library, "WebSocket", what, result);
}
