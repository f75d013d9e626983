using System.Text;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests.Calls;

/// <summary>Input that no good phone sends: it gets the status that RFC 3261 names, or nothing, and the next phone notices nothing of it.</summary>
[Collection(ServerCollection.Name)]
public sealed class RequestTests(ServerFixture fixture)
{
    [Fact]
    public async Task Garbage_is_dropped_and_the_next_phone_registers()
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var phone = new TestPhone(tenant.Account(100));
        var files = fixture.Server.OpenFiles();
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var datagram = new byte[random.Next(1, 1500)];
            random.NextBytes(datagram);
            await phone.Send(datagram);
        }

        var whole = Encoding.UTF8.GetBytes(phone.Request("OPTIONS", $"sip:{tenant.Domain}", 1, TestPhone.Token(), TestPhone.Token(), $"sip:{tenant.Domain}"));
        for (var length = 0; length < whole.Length - 4; length++) await phone.Send(whole.AsMemory(0, length)); // cut off at every byte

        Assert.Equal(200, (await phone.Register()).Status);
        Assert.InRange(fixture.Server.OpenFiles(), 0, files + 10);
        Assert.True(fixture.Server.Output.Length < 200_000, "Garbage fills the log.");
    }

    [Theory]
    [InlineData("Call-ID")]
    [InlineData("From")]
    [InlineData("To")]
    [InlineData("CSeq")]
    public async Task A_request_without_a_field_that_every_request_has_is_400(string missing)
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var phone = new TestPhone(tenant.Account(100));
        var request = phone.Request("INVITE", $"sip:101@{tenant.Domain}", 1, TestPhone.Token(), TestPhone.Token(), $"sip:101@{tenant.Domain}");

        await phone.Send(string.Join("\r\n", request.Split("\r\n").Where(line => !line.StartsWith(missing + ":", StringComparison.Ordinal))));

        await phone.Next(message => message.Status == 400);
    }

    [Theory]
    [InlineData("CSeq: 1 INVITE", "CSeq: one INVITE")]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1 BYE")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: many")]
    [InlineData("Content-Length: 0", "Content-Length: 10")]
    [InlineData("To: <sip:", "To: <<sip:")]
    public async Task A_request_with_a_header_that_cannot_be_read_is_400(string good, string bad)
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var phone = new TestPhone(tenant.Account(100));
        var request = phone.Request("INVITE", $"sip:101@{tenant.Domain}", 1, TestPhone.Token(), TestPhone.Token(), $"sip:101@{tenant.Domain}");
        Assert.Contains(good, request, StringComparison.Ordinal);

        await phone.Send(request.Replace(good, bad, StringComparison.Ordinal));

        await phone.Next(message => message.Status == 400);
    }

    [Theory]
    [InlineData("FLY", 501)]
    [InlineData("SUBSCRIBE", 501)]
    public async Task A_method_that_is_not_known_is_refused(string method, int status)
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var phone = new TestPhone(tenant.Account(100));

        await phone.Send(phone.Request(method, $"sip:100@{tenant.Domain}", 1, TestPhone.Token(), TestPhone.Token(), $"sip:100@{tenant.Domain}"));

        var answer = await phone.NextFinal(method, 1);
        Assert.True(answer.Status == status || answer.Status == 405, answer.StartLine);
    }

    [Fact]
    public async Task A_request_in_a_dialog_that_is_not_ours_is_481()
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var phone = new TestPhone(tenant.Account(100));

        await phone.Send(phone.Request("BYE", $"sip:100@{tenant.Domain}", 7, TestPhone.Token(), TestPhone.Token(), $"sip:100@{tenant.Domain}", toTag: "1.forged.tag.0.0123456789"));

        Assert.Equal(481, (await phone.NextFinal("BYE", 7)).Status);
    }

    [Fact]
    public async Task A_wrong_password_is_401_however_often_it_is_tried()
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var phone = new TestPhone(tenant.Account(100) with { Password = "guess" });

        for (var attempt = 0; attempt < 3; attempt++) Assert.Equal(401, (await phone.Register()).Status);

        using var user = await tenant.SignIn(100);
        Assert.Equal("offline", await user.StatusOf(100));
    }

    [Fact]
    public async Task An_unknown_user_is_answered_like_a_wrong_password()
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var stranger = new TestPhone(tenant.Account(100) with { Username = "999" });

        Assert.Equal(401, (await stranger.Register()).Status);
    }

    [Fact]
    public async Task A_phone_may_not_register_for_another()
    {
        var tenant = await fixture.Server.AddTenant(2);
        await using var phone = new TestPhone(tenant.Account(101));
        string id = TestPhone.Token(), uri = $"sip:{tenant.Domain}", victim = $"sip:100@{tenant.Domain}", contact = $"Contact: {phone.Contact}\r\n";
        await phone.Send(phone.Request("REGISTER", uri, 1, id, id, victim, extra: contact));
        var challenge = await phone.NextFinal("REGISTER", 1);

        await phone.Send(phone.Request("REGISTER", uri, 2, id, id, victim, extra: contact + phone.Authorization(challenge, "REGISTER", uri)));

        Assert.Equal(403, (await phone.NextFinal("REGISTER", 2)).Status);
    }

    [Fact]
    public async Task A_doubled_INVITE_rings_once()
    {
        await using var phones = await TwoPhones.Start(fixture.Server);
        var (tenant, caller, callee) = phones;

        var call = await caller.Invite("101");
        await call.Repeat();
        await call.Repeat();
        var invite = await callee.NextRequest("INVITE");
        await callee.Reply(invite, 486, "Busy Here", "callee");
        Assert.Equal(486, (await call.Final()).Status);

        using var user = await tenant.SignIn(100);
        await user.LastCall(count: 1);
        await callee.NextRequest("ACK");
        await Assert.ThrowsAsync<TimeoutException>(() => callee.Next(message => message.Method == "INVITE" && message.Status is null && message.CallId != invite.CallId, TimeSpan.FromMilliseconds(700)));
    }

    [Fact]
    public async Task BYEs_that_cross_end_the_call_once()
    {
        await using var phones = await TwoPhones.Start(fixture.Server);
        var (tenant, caller, callee) = phones;
        var (call, invite, _) = await phones.Talk();
        var tag = invite.FromTag;

        var bye = await call.SendInDialog("BYE");
        await callee.Send(callee.Request("BYE", invite.Target, 1, invite.CallId, "callee", callee.Account.Uri, tag));
        Assert.Equal(200, (await caller.NextFinal("BYE", bye)).Status);
        var crossed = await callee.NextFinal("BYE", 1);

        Assert.True(crossed.Status is 200 or 481, crossed.StartLine);
        using var user = await tenant.SignIn(100);
        Assert.Equal("answered", CallRecord.Of(await user.LastCall()).Outcome);
        await Eventually.Get(() => Task.FromResult(fixture.Server.MediaPortsInUse()), ports => ports == 0);
    }

    [Fact]
    public async Task A_caller_who_never_acknowledges_is_hung_up_on()
    {
        await using var phones = await TwoPhones.Start(fixture.Server);
        var (tenant, caller, callee) = phones;
        var (call, invite) = await phones.Call();
        await callee.Reply(invite, 200, "OK", "callee", TestPhone.Sdp());

        await call.Response(200);
        await call.Response(200); // sent again: RFC 3261 §13.3.1.4
        await callee.Reply(await callee.NextRequest("BYE", TimeSpan.FromSeconds(45)), 200, "OK");
        await caller.Reply(await caller.NextRequest("BYE"), 200, "OK");

        using var user = await tenant.SignIn(100);
        Assert.Equal(("answered", "system", "ack_timeout"), Ending(CallRecord.Of(await user.LastCall())));
        await Eventually.Get(() => Task.FromResult(fixture.Server.MediaPortsInUse()), ports => ports == 0);
    }

    [Theory]
    [InlineData("a=sendrecv\r\n", null, 415)]
    [InlineData("v=0\r\nnonsense", "application/sdp", 488)]
    public async Task A_body_that_cannot_be_read_is_refused(string body, string? type, int status)
    {
        await using var phones = await TwoPhones.Start(fixture.Server);
        var (tenant, caller, _) = phones;
        string id = TestPhone.Token(), uri = $"sip:101@{tenant.Domain}", contact = $"Contact: {caller.Contact}\r\n";
        string Invite(int cseq, string extra) => caller.Request("INVITE", uri, cseq, id, id, uri, extra: contact + extra, body: body)
            .Replace("application/sdp", type ?? "text/plain", StringComparison.Ordinal);
        await caller.Send(Invite(1, ""));
        var first = await caller.NextFinal("INVITE", 1);

        if (first.Status == 401) await caller.Send(Invite(2, caller.Authorization(first, "INVITE", uri)));

        Assert.Equal(status, first.Status == 401 ? (await caller.NextFinal("INVITE", 2)).Status : first.Status);
        await Eventually.Get(() => Task.FromResult(fixture.Server.MediaPortsInUse()), ports => ports == 0);
    }

    private static (string, string, string) Ending(CallRecord call) => (call.Outcome, call.EndedBy, call.Reason);
}
