using System.Text.Json;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests;

/// <summary>The server and its media node as two processes, and what two phones in a call notice when one of them is killed.</summary>
[Collection(ServerCollection.Name)]
public sealed class MediaNodeTests(ServerFixture fixture)
{
    [Fact]
    public async Task Audio_never_stops_while_the_server_is_killed_and_the_call_ends_as_usual_afterwards()
    {
        await using var node = await MediaNodeProcess.Start("media");
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs, node.Settings);
        await using var phones = await TwoPhones.Start(server);
        await using var alice = new RtpPhone();
        await using var bob = new RtpPhone();
        var (call, invite) = await Talk(phones, alice, bob);
        await Both(alice, bob, 25);

        await server.Kill();
        await Both(alice, bob, 50); // nobody controls it
        await server.Start();
        await Both(alice, bob, 50);

        Assert.InRange(alice.WorstGap, 0, 4); // under 100 ms
        Assert.InRange(bob.WorstGap, 0, 4);
        await call.SendInDialog("BYE");
        var bye = await phones.Callee.NextRequest("BYE");
        Assert.Equal((invite.CallId, invite.FromTag, "callee"), (bye.CallId, bye.FromTag, bye.ToTag));
        await phones.Callee.Reply(bye, 200, "OK");
        using var user = await phones.Tenant.SignIn(100);
        var record = CallRecord.Of(await user.LastCall());
        Assert.Equal(("answered", "caller"), (record.Outcome, record.EndedBy));
        foreach (var leg in (await user.Call(record.Id)).GetProperty("legs").EnumerateArray())
        {
            Assert.True(Packets(leg) >= 125, $"{leg}"); // from before the kill, too
        }

        await Eventually.Get(() => Task.FromResult(server.MediaPortsInUse()), ports => ports == 0);
        await Feed.IsComplete(server);
    }

    [Fact]
    public async Task A_call_whose_media_node_is_killed_goes_on_at_the_next_one()
    {
        await using var node = await MediaNodeProcess.Start("media");
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs, node.Settings);
        await using var phones = await TwoPhones.Start(server);
        await using var alice = new RtpPhone();
        await using var bob = new RtpPhone();
        var (call, _) = await Talk(phones, alice, bob);
        await Both(alice, bob, 25);

        await node.Kill();
        await node.Start();
        await Task.WhenAll(IsMoved(phones.Caller, alice), IsMoved(phones.Callee, bob));
        await Both(alice, bob, 25);

        await call.SendInDialog("BYE");
        await phones.Callee.Reply(await phones.Callee.NextRequest("BYE"), 200, "OK");
        using var user = await phones.Tenant.SignIn(100);
        Assert.Equal("answered", CallRecord.Of(await user.LastCall()).Outcome);
        await Eventually.Get(() => Task.FromResult(server.MediaPortsInUse()), ports => ports == 0);
    }

    [Fact]
    public async Task Without_a_media_node_callers_hear_503_and_the_server_is_not_ready_until_it_is_back()
    {
        await using var node = await MediaNodeProcess.Start("media");
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs, node.Settings);
        await using var phones = await TwoPhones.Start(server);
        await node.Kill();

        await Eventually.Get(() => Media(server), media => media.GetProperty("status").GetString() != "healthy");
        Assert.Equal("media is away", (await Media(server)).GetProperty("detail").GetString());
        Assert.Equal(503, (await (await phones.Caller.Invite("101")).Final()).Status);

        await node.Start();
        await Eventually.Get(() => Media(server), media => media.GetProperty("status").GetString() == "healthy");
        await phones.Ring();
    }

    private static async Task<(OutgoingCall Call, SipMessage Invite)> Talk(TwoPhones phones, RtpPhone alice, RtpPhone bob)
    {
        var call = await phones.Caller.Invite("101", TestPhone.Sdp(alice.Port));
        var invite = await phones.Callee.NextRequest("INVITE");
        await phones.Callee.Reply(invite, 200, "OK", "callee", TestPhone.Sdp(bob.Port));
        var answer = await call.Final();
        await phones.Callee.NextRequest("ACK");
        alice.TalkTo(answer.Body);
        bob.TalkTo(invite.Body);
        return (call, invite);
    }

    private static async Task IsMoved(TestPhone phone, RtpPhone voice)
    {
        var invite = await phone.NextRequest("INVITE", TimeSpan.FromSeconds(20));
        await phone.Reply(invite, 200, "OK", body: TestPhone.Sdp(voice.Port, version: 2));
        voice.TalkTo(invite.Body);
        await phone.NextRequest("ACK");
    }

    private static Task Both(RtpPhone alice, RtpPhone bob, int packets) => Task.WhenAll(alice.HearMore(packets), bob.HearMore(packets));

    private static async Task<JsonElement> Media(Server server)
    {
        using var response = await server.Anonymous.GetAsync("/readyz");
        using var report = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return report.RootElement.GetProperty("checks").GetProperty("media").Clone();
    }

    private static long Packets(JsonElement leg) => leg.GetProperty("media").GetProperty("packetsReceived").GetInt64();
}
