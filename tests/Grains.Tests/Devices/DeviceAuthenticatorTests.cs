using Telephony.Grains.Tests.Fakes;
using Telephony.Sip;

namespace Telephony.Grains.Tests.Devices;

public class DeviceAuthenticatorTests
{
    private int _number;

    private static readonly SipFlow Elsewhere = new(SipTransport.Udp, "198.51.100.1:5060", 0, FakeEdge.Name);

    private SipRequest Register(string user, string domain = FakeConfiguration.Domain) => SipRequest.Create(SipMethod.Register, $"sip:{domain}")
        .Add("From", $"<sip:{user}@{domain}>;tag=r")
        .Add("To", $"<sip:{user}@{domain}>")
        .Add("Call-ID", $"register-{user}")
        .Add("CSeq", $"{++_number} REGISTER")
        .Add("Contact", $"<sip:{user}@198.51.100.1:5060>")
        .Build();

    /// <summary>Registers as a phone does: asks, and answers the challenge. Gives the transaction of the answer.</summary>
    private async Task<string> Try(World world, string user, string password, SipFlow? flow = null)
    {
        async Task<string> Send(SipRequest request)
        {
            var transaction = $"t{++_number}";
            world.Network.OnRequest(new(FakeEdge.Name, transaction, request, flow ?? Elsewhere));
            await world.Settle();
            return transaction;
        }

        var first = Register(user);
        var asked = await Send(first);
        var challenged = world.Edge.Responses.Last(response => response.Transaction == asked).Response;
        return await Send(DigestClient.Answer(first, challenged, DigestAnswers.None, [new(user, password)], "cn")!.Request);
    }

    private static int? Status(World world, string transaction) => world.Edge.Answers(transaction).Cast<int?>().SingleOrDefault();

    [Fact]
    public async Task The_edge_hears_of_wrong_passwords_and_of_users_and_domains_that_do_not_exist()
    {
        await using var world = World.Start();

        Assert.Equal(200, Status(world, await Try(world, "100", "secret")));
        Assert.Empty(world.Edge.Offences);
        Assert.Equal(401, Status(world, await Try(world, "100", "guess")));
        Assert.Equal([Offence.WrongPassword], world.Edge.Offences);
        Assert.Equal(401, Status(world, await Try(world, "999", "guess")));
        Assert.Equal([Offence.WrongPassword, Offence.UnknownUser, Offence.UnknownUser], world.Edge.Offences);

        world.Network.OnRequest(new(FakeEdge.Name, "elsewhere", Register("100", "nowhere.test"), Elsewhere));
        await world.Settle();
        Assert.Equal(404, Status(world, "elsewhere"));
        Assert.Equal(Offence.UnknownDomain, world.Edge.Offences[^1]);
    }

    [Fact]
    public async Task An_unknown_user_gets_the_same_answers_as_a_wrong_password()
    {
        await using var world = World.Start();

        var wrong = await Try(world, "100", "guess");
        var unknown = await Try(world, "999", "guess");

        string Shape(string transaction) => System.Text.RegularExpressions.Regex.Replace(
            world.Edge.Responses.Single(response => response.Transaction == transaction).Response.ToString().Replace("999", "100", StringComparison.Ordinal), "nonce=\"[^\"]*\"|CSeq: [0-9]+|tag=[^\r]*", "");
        Assert.Equal(Shape(wrong), Shape(unknown));
    }

    [Fact]
    public async Task A_phone_that_is_set_so_is_asked_for_sha_256_at_once() // RFC 8760
    {
        await using var world = World.Start();
        world.Configuration.Digests["100"] = Configuration.DigestPolicy.Sha256;

        Assert.Equal(200, Status(world, await Try(world, "100", "secret")));
        Assert.Contains("algorithm=SHA-256", world.Edge.Responses[0].Response.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Challenges_of_users_who_do_not_exist_are_spread_like_those_of_the_tenants_phones_and_never_change()
    {
        await using var world = World.Start();
        (world.Configuration.Digests["101"], world.Configuration.Digests["102"]) = (Configuration.DigestPolicy.Sha256, Configuration.DigestPolicy.Both);
        var names = Enumerable.Range(0, 60).Select(number => $"nobody{number}").ToList();

        var first = await Ask();
        var again = await Ask();

        Assert.Equal(first, again);
        var kinds = first.CountBy(algorithms => algorithms).ToDictionary();
        Assert.Equal(["MD5", "SHA-256", "SHA-256 MD5"], kinds.Keys.Order(StringComparer.Ordinal));
        Assert.All(kinds.Values, count => Assert.InRange(count, 5, 40));

        async Task<List<string>> Ask()
        {
            var algorithms = new List<string>();
            foreach (var name in names)
            {
                world.Network.OnRequest(new(FakeEdge.Name, $"t{++_number}", Register(name), Elsewhere));
                await world.Settle();
                var challenges = world.Edge.Responses[^1].Response.Headers("WWW-Authenticate");
                algorithms.Add(string.Join(' ', challenges.Select(challenge => challenge.Split("algorithm=")[1].Split(',')[0])));
            }

            return algorithms;
        }
    }

    [Fact]
    public async Task A_phone_keeps_working_while_others_guess_at_its_password()
    {
        await using var world = World.Start();
        var home = Elsewhere with { Remote = "192.0.2.9:5060" };
        Assert.Equal(200, Status(world, await Try(world, "100", "secret", home)));

        for (var attacker = 1; attacker <= 10; attacker++) await Try(world, "100", "guess", Elsewhere with { Remote = $"203.0.113.{attacker}:5060" });
        var slow = await Try(world, "100", "guess");

        Assert.Equal(200, Status(world, await Try(world, "100", "secret", home)));
        Assert.Null(Status(world, slow));
        await world.Time.Advance(new DefenceOptions().AccountDelay);
        await world.Settle();
        Assert.Equal(401, Status(world, slow));
    }
}
