using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests;

/// <summary><c>kill -9</c> of the server in calls whose media node lives on: what the phones can do afterwards.</summary>
[Collection(ServerCollection.Name)]
public sealed class RecoveredCallTests(ServerFixture fixture)
{
    [Fact]
    public async Task A_call_is_held_resumed_and_hung_up_by_the_callee_after_the_restart()
    {
        await using var node = await MediaNodeProcess.Start("media");
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs, node.Settings);
        await using var phones = await TwoPhones.Start(server);
        var (tenant, caller, callee) = phones;
        var (call, invite, _) = await phones.Talk();

        await server.Kill();
        await server.Start();
        using var user = await tenant.SignIn(101);
        await Eventually.Get(() => user.StatusOf(101), status => status == "on_call");
        foreach (var (direction, facing, version) in new[] { ("sendonly", "recvonly", 2), ("sendrecv", "sendrecv", 3) })
        {
            var cseq = await call.SendInDialog("INVITE", TestPhone.Sdp(direction: direction, version: version), $"Contact: {caller.Contact}\r\n");
            var reinvite = await callee.NextRequest("INVITE");
            Assert.Equal((invite.CallId, invite.FromTag, "callee"), (reinvite.CallId, reinvite.FromTag, reinvite.ToTag));
            Assert.Contains($"a={direction}", reinvite.Body, StringComparison.Ordinal);
            await callee.Reply(reinvite, 200, "OK", body: TestPhone.Sdp(direction: facing, version: version));
            var answer = await caller.NextFinal("INVITE", cseq);
            await call.Acknowledge(answer);
            await callee.NextRequest("ACK");
            Assert.Equal(200, answer.Status);
            Assert.Contains($"a={facing}", answer.Body, StringComparison.Ordinal);
        }

        await callee.Send(callee.Request("BYE", invite.Target, 1, invite.CallId, "callee", caller.Account.Uri, invite.FromTag));
        Assert.Equal(200, (await callee.NextFinal("BYE", 1)).Status);
        await caller.Reply(await caller.NextRequest("BYE"), 200, "OK");

        var record = CallRecord.Of(await user.LastCall());
        Assert.Equal(("answered", "callee", "hangup"), (record.Outcome, record.EndedBy, record.Reason));
        await Eventually.Get(() => user.StatusOf(101), status => status == "available");
        await Eventually.Get(() => Task.FromResult(server.MediaPortsInUse()), ports => ports == 0);
        await Feed.IsComplete(server);
    }

    [Fact]
    public async Task A_call_that_rang_rings_on_and_is_answered_after_the_restart()
    {
        await using var node = await MediaNodeProcess.Start("media");
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs, node.Settings);
        await using var phones = await TwoPhones.Start(server);
        var (tenant, caller, callee) = phones;
        var (call, invite) = await phones.Ring();

        await server.Kill();
        await server.Start();
        await callee.Reply(invite, 200, "OK", "callee", TestPhone.Sdp());
        var answer = await call.Final(TimeSpan.FromSeconds(10));
        await callee.NextRequest("ACK");
        await call.SendInDialog("BYE");
        await callee.Reply(await callee.NextRequest("BYE"), 200, "OK");

        Assert.Equal(200, answer.Status);
        using var user = await tenant.SignIn(100);
        var record = CallRecord.Of(await user.LastCall());
        Assert.Equal(("answered", "caller", "hangup"), (record.Outcome, record.EndedBy, record.Reason));
        await Eventually.Get(() => Task.FromResult(server.MediaPortsInUse()), ports => ports == 0);
    }

    [Fact] // RFC 3261 §17.1.2: a phone repeats its BYE for 32 s
    public async Task A_bye_that_was_sent_while_the_server_was_away_ends_the_call_when_it_is_back()
    {
        await using var node = await MediaNodeProcess.Start("media");
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs, node.Settings);
        await using var phones = await TwoPhones.Start(server);
        var (tenant, caller, callee) = phones;
        var (_, invite, _) = await phones.Talk();

        await server.Kill();
        var bye = callee.Request("BYE", invite.Target, 1, invite.CallId, "callee", caller.Account.Uri, invite.FromTag, branch: "z9hG4bKaway");
        await callee.Send(bye);
        await server.Start();
        await callee.Send(bye);

        Assert.Equal(200, (await callee.NextFinal("BYE", 1)).Status);
        await caller.Reply(await caller.NextRequest("BYE"), 200, "OK");
        using var user = await tenant.SignIn(100);
        var record = CallRecord.Of(await user.LastCall());
        Assert.Equal(("answered", "callee", "hangup"), (record.Outcome, record.EndedBy, record.Reason));
    }
}
