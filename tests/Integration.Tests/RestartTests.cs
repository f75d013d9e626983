using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests;

/// <summary><c>kill -9</c>, and what the phones, the history and the presence know after the next start.</summary>
[Collection(ServerCollection.Name)]
public sealed class RestartTests(ServerFixture fixture)
{
    [Fact]
    public async Task Idle_bindings_and_finished_calls_are_still_there()
    {
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs);
        await using var phones = await TwoPhones.Start(server);
        var (tenant, caller, callee) = phones;
        var first = await caller.Invite("101");
        await callee.Reply(await callee.NextRequest("INVITE"), 486, "Busy Here", "callee");
        await first.Final();
        await callee.NextRequest("ACK");

        await server.Kill(); // at once: the events may be in the journal alone
        await server.Start();

        using var user = await tenant.SignIn(101);
        Assert.Equal("busy", CallRecord.Of(await user.LastCall()).Outcome);
        await Eventually.Get(() => user.StatusOf(101), status => status == "available");
        var second = await caller.Invite("101"); // the phone has not registered again
        await callee.Reply(await callee.NextRequest("INVITE"), 486, "Busy Here", "callee2");
        Assert.Equal(486, (await second.Final()).Status);
        await user.LastCall(count: 2);
    }

    [Fact]
    public async Task A_call_that_rang_is_ended_towards_both_phones()
    {
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs);
        await using var phones = await TwoPhones.Start(server);
        var (tenant, _, callee) = phones;
        var (call, invite) = await phones.Ring();

        await server.Kill();
        await server.Start();

        Assert.Equal(503, (await call.Final(TimeSpan.FromSeconds(10))).Status);
        var cancel = await callee.NextRequest("CANCEL", TimeSpan.FromSeconds(10));
        Assert.Equal(invite["Via"], cancel["Via"]); // of the INVITE's transaction: RFC 3261 §9.1
        await callee.Reply(cancel, 200, "OK", "callee");
        await callee.Reply(invite, 487, "Request Terminated", "callee");
        await callee.NextRequest("ACK");
        await IsEnded(server, tenant, "failed");
    }

    [Fact]
    public async Task A_call_that_talked_is_hung_up_with_the_next_number_of_each_dialog()
    {
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs);
        await using var phones = await TwoPhones.Start(server);
        var (tenant, caller, callee) = phones;
        var (call, invite, answer) = await phones.Talk();

        await server.Kill();
        await server.Start();

        var toCallee = await callee.NextRequest("BYE", TimeSpan.FromSeconds(10));
        Assert.True(toCallee.CSeq > invite.CSeq, $"{toCallee.CSeq} after {invite.CSeq}");
        Assert.Equal((invite.CallId, invite.FromTag, "callee"), (toCallee.CallId, toCallee.FromTag, toCallee.ToTag));
        await callee.Reply(toCallee, 200, "OK");
        var toCaller = await caller.NextRequest("BYE", TimeSpan.FromSeconds(10));
        Assert.Equal((call.CallId, answer.ToTag), (toCaller.CallId, toCaller.FromTag));
        await caller.Reply(toCaller, 200, "OK");
        await IsEnded(server, tenant, "answered");
    }

    [Fact]
    public async Task Killing_it_again_and_again_loses_and_doubles_nothing()
    {
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs);
        await using var phones = await TwoPhones.Start(server);
        var (tenant, caller, callee) = phones;
        var ended = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 5; i++)
            {
                var call = await caller.Invite("101");
                var invite = await callee.NextRequest("INVITE");
                await callee.Reply(invite, 603, "Decline", $"callee{round}-{i}");
                Assert.Equal(603, (await call.Final()).Status);
                await callee.NextRequest("ACK");
                ended.Add(call.CallId);
            }

            await server.Kill();
            await server.Start();
        }

        using var user = await tenant.SignIn(100);
        var calls = await Eventually.Get(user.Calls, calls => calls.Count >= ended.Count);
        var known = new List<string>();
        foreach (var record in calls.Select(CallRecord.Of))
        {
            Assert.Equal("declined", record.Outcome);
            known.Add((await user.Call(record.Id)).GetProperty("sipCallId").GetString()!);
        }

        Assert.Equal(ended.AsEnumerable().Reverse(), known);
        await Feed.IsComplete(server);
    }

    private static async Task IsEnded(Server server, TestTenant tenant, string outcome)
    {
        foreach (var person in new[] { 100, 101 })
        {
            using var user = await tenant.SignIn(person);
            var record = CallRecord.Of(await user.LastCall());
            Assert.Equal((outcome, "system", "restart"), (record.Outcome, record.EndedBy, record.Reason));
            await Eventually.Get(() => user.StatusOf(101), status => status == "available");
        }

        await Eventually.Get(() => Task.FromResult(server.MediaPortsInUse()), ports => ports == 0);
        await Feed.IsComplete(server);
    }
}
