using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests.Calls;

[Collection(ServerCollection.Name)]
public sealed class ForkingTests(ServerFixture fixture)
{
    [Fact, Trait("Feature", "DEV-29")]
    public async Task All_phones_of_an_extension_ring_and_the_first_to_answer_wins()
    {
        var tenant = await fixture.Server.AddTenant(2);
        await using var caller = new TestPhone(tenant.Account(100));
        await using var office = new TestPhone(tenant.Account(101));
        await using var home = new TestPhone(tenant.Account(101));
        Assert.Equal(200, (await office.Register()).Status);
        Assert.Equal(200, (await home.Register()).Status);

        var call = await caller.Invite("101");
        var atOffice = await office.NextRequest("INVITE");
        var atHome = await home.NextRequest("INVITE");
        await office.Reply(atOffice, 180, "Ringing", "office");
        await home.Reply(atHome, 180, "Ringing", "home");
        await call.Response(180);
        await home.Reply(atHome, 200, "OK", "home", TestPhone.Sdp());
        var answer = await call.Final();
        await home.NextRequest("ACK");
        var cancel = await office.NextRequest("CANCEL");
        await office.Reply(cancel, 200, "OK", "office");
        await office.Reply(atOffice, 487, "Request Terminated", "office");
        await office.NextRequest("ACK");
        var bye = await call.SendInDialog("BYE");
        await home.Reply(await home.NextRequest("BYE"), 200, "OK");
        Assert.Equal(200, (await caller.NextFinal("BYE", bye)).Status);

        Assert.Equal(200, answer.Status);
        using var callee = await tenant.SignIn(101);
        var record = CallRecord.Of(await callee.LastCall()); // one call, over all phones
        Assert.Equal(("inbound", "answered", "caller"), (record.Direction, record.Outcome, record.EndedBy));
        var reasons = (await callee.Call(record.Id)).GetProperty("legs").EnumerateArray().Select(leg => leg.GetProperty("reason").GetString()).Order();
        Assert.Equal(["answered_elsewhere", "hangup", "hangup"], reasons);
        await Eventually.Get(() => Task.FromResult(fixture.Server.MediaPortsInUse()), ports => ports == 0);
    }

    [Fact]
    public async Task A_phone_that_answers_too_late_is_hung_up_on()
    {
        await using var phones = await TwoPhones.Start(fixture.Server);
        var (tenant, _, callee) = phones;
        var (call, invite) = await phones.Ring("late");

        await call.Cancel();
        await callee.NextRequest("CANCEL");
        await callee.Reply(invite, 200, "OK", "late", TestPhone.Sdp()); // crossed with the CANCEL

        await callee.NextRequest("ACK");
        await callee.Reply(await callee.NextRequest("BYE"), 200, "OK");
        Assert.Equal(487, (await call.Final()).Status);
        using var user = await tenant.SignIn(100);
        Assert.Equal("cancelled", CallRecord.Of(await user.LastCall()).Outcome);
        await Eventually.Get(() => Task.FromResult(fixture.Server.MediaPortsInUse()), ports => ports == 0);
    }
}
