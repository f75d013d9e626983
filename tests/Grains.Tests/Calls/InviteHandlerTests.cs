using System.Security.Cryptography;
using System.Text;
using Telephony.Grains.Tests.Fakes;
using Telephony.Sip;
using Telephony.Testing;

namespace Telephony.Grains.Tests.Calls;

/// <summary>An INVITE as it comes from the network, before there is a call.</summary>
public class InviteHandlerTests
{
    [Fact]
    public async Task An_INVITE_without_credentials_is_challenged_and_with_them_it_rings()
    {
        await using var world = World.Start();
        await world.Register("102", 5082);

        var challenge = await Send(world, "t1", null);
        await Send(world, "t2", challenge);

        Assert.Equal(401, challenge!.Status);
        Assert.Equal(SipMethod.Invite, Assert.Single(world.Edge.Sent).Request.Method);
    }

    [Fact]
    public async Task Beyond_its_limit_a_server_refuses_calls_at_once()
    {
        await using var world = World.Start(settings: [new("Telephony:Calls:MaxStarting", "0")]);
        await world.Register("102", 5082);

        var challenge = await Send(world, "t1", null);
        var refusal = await Send(world, "t2", challenge);

        Assert.Equal((503, "2"), (refusal!.Status, refusal.Header("Retry-After")));
        Assert.Empty(world.Edge.Sent);
        Assert.Empty(world.Media.Legs);
    }

    [Fact]
    public async Task A_call_to_another_tenants_domain_is_404()
    {
        await using var world = World.Start();

        var challenge = await Send(world, "t1", null, FakeConfiguration.OtherDomain);
        var refusal = await Send(world, "t2", challenge, FakeConfiguration.OtherDomain);

        Assert.Equal(404, refusal!.Status);
    }

    /// <summary>Device 100 calls 102, with the credentials that a challenge asks for. The last answer, if any.</summary>
    private static async Task<SipResponse?> Send(World world, string transaction, SipResponse? challenge, string domain = FakeConfiguration.Domain)
    {
        var uri = $"sip:102@{domain}";
        var invite = SipRequest.Create(SipMethod.Invite, uri)
            .Add("From", $"<sip:100@{FakeConfiguration.Domain}>;tag=caller").Add("To", $"<{uri}>").Add("Call-ID", transaction).CSeq(1)
            .Add("Contact", "<sip:100@127.0.0.1:5070>").Body("sdp of caller", "application/sdp");
        if (challenge is not null) invite.Add("Authorization", Answer(challenge.Header("WWW-Authenticate")!, uri));
        world.Network.OnRequest(new SipRequestReceived(FakeEdge.Name, transaction, invite.Build(), World.Flow(5070)));
        await Eventually.Is(async () =>
        {
            await world.Settle(); // the handler leaves the edge's thread, and so what can be waited for
            return world.Edge.Sent.Count > 0 || world.Edge.Responses.Any(r => r.Transaction == transaction);
        });
        return world.Edge.Responses.LastOrDefault(r => r.Transaction == transaction).Response;
    }

    private static string Answer(string challenge, string uri)
    {
        var nonce = challenge.Split("nonce=\"")[1].Split('"')[0];
        var response = Md5($"{Md5($"100:{FakeConfiguration.Domain}:secret")}:{nonce}:00000001:c:auth:{Md5($"INVITE:{uri}")}");
        return $"Digest username=\"100\", realm=\"{FakeConfiguration.Domain}\", nonce=\"{nonce}\", uri=\"{uri}\", qop=auth, nc=00000001, cnonce=\"c\", response=\"{response}\"";
    }

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
