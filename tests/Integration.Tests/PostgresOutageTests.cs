using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests;

[Collection(ServerCollection.Name)]
public sealed class PostgresOutageTests(ServerFixture fixture)
{
    [Fact]
    public async Task Calls_go_on_while_PostgreSQL_is_away_and_are_in_the_history_afterwards()
    {
        await using var postgres = await PostgresFixture.StartNew();
        await using var server = await Server.Start(await postgres.CreateDatabase(), fixture.Blobs);
        var tenant = await server.AddTenant(4);
        await using var phones = await TwoBaresips.Start(tenant);
        var (caller, callee) = phones;
        await using var another = new TestPhone(tenant.Account(102));
        await using var anothersCallee = new TestPhone(tenant.Account(103));
        await anothersCallee.Register();
        await phones.Talk();

        await postgres.Stop();
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, await Ready(server, System.Net.HttpStatusCode.ServiceUnavailable));
        var heard = caller.Heard(TwoBaresips.CalleesTone);
        for (var i = 0; i < 3; i++) // new calls, by people who are known already
        {
            var call = await another.Invite("103");
            var invite = await anothersCallee.NextRequest("INVITE");
            await anothersCallee.Reply(invite, 603, "Decline", $"callee{i}");
            Assert.Equal(603, (await call.Final()).Status);
            await anothersCallee.NextRequest("ACK");
        }

        await Eventually.Is(() => caller.Heard(TwoBaresips.CalleesTone) > heard + TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));
        await caller.HangUp();
        await callee.Next("CALL_CLOSED");
        await postgres.Start();

        Assert.Equal(System.Net.HttpStatusCode.OK, await Ready(server, System.Net.HttpStatusCode.OK));
        using var talker = await tenant.SignIn(101);
        Assert.Equal(("answered", "caller"), Of(CallRecord.Of(await talker.LastCall(limit: TimeSpan.FromSeconds(30)))));
        using var decliner = await tenant.SignIn(103);
        var calls = await Eventually.Get(decliner.Calls, calls => calls.Count == 3);
        Assert.All(calls, call => Assert.Equal(("declined", "callee"), Of(CallRecord.Of(call))));
        await Feed.IsComplete(server);
    }

    private static (string, string) Of(CallRecord call) => (call.Outcome, call.EndedBy);

    private static Task<System.Net.HttpStatusCode> Ready(Server server, System.Net.HttpStatusCode wanted) => Eventually.Get(async () =>
    {
        using var response = await server.Anonymous.GetAsync("/readyz");
        return response.StatusCode;
    }, status => status == wanted, TimeSpan.FromSeconds(30));
}
