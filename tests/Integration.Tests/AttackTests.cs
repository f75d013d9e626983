using System.Globalization;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests;

/// <summary>Debian's SIPVicious, from 127.0.0.1, against a server that has no friends.</summary>
[Collection(ServerCollection.Name)]
public sealed class AttackTests(ServerFixture fixture)
{
    [Fact]
    public async Task A_scanner_and_a_guesser_are_banned_while_a_phone_goes_on_working()
    {
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs, new Dictionary<string, string?>
        {
            ["Telephony__Sip__Defence__Allow"] = "",
            ["Telephony__Sip__Defence__BanTime"] = "00:00:03",
        });
        var tenant = await server.AddTenant(2);
        await using var phone = new TestPhone(tenant.Account(100), "127.0.0.2");
        await using var neighbour = new TestPhone(tenant.Account(101)); // at the attackers' address
        Assert.Equal(200, (await phone.Register()).Status);
        Assert.Equal(200, await Options(neighbour));

        var found = await ChildProcess.Run("svmap", ["-p", server.SipPort.ToString(CultureInfo.InvariantCulture), "127.0.0.1"]);
        Assert.Contains("unknown", found, StringComparison.Ordinal); // no product, no version
        await Attack(server, "UnknownDomain", "svwar", "--force", "-e", "1000-9999");
        Assert.Null(await Options(neighbour));
        Assert.Equal(200, (await phone.Register()).Status);
        await Eventually.Get(() => Options(neighbour), status => status == 200); // the ban ends

        tenant = await server.AddTenant(2, domain: "127.0.0.1"); // what SIPVicious names as the domain
        await using var attacked = new TestPhone(tenant.Account(100), "127.0.0.2");
        Assert.Equal(200, (await attacked.Register()).Status);
        await Attack(server, "WrongPassword", "svcrack", "-u", "100", "-r", "1000-9999");
        Assert.Equal(200, (await attacked.Register()).Status);
        InteroperabilityReport.Works("sipvicious", "UDP", "looks for servers (svmap)", "finds us, without product or version");
        InteroperabilityReport.Works("sipvicious", "UDP", "scans for extensions (svwar); a phone elsewhere goes on", "banned");
        InteroperabilityReport.Works("sipvicious", "UDP", "guesses passwords (svcrack); its account's phone elsewhere goes on", "banned");
    }

    private static async Task Attack(Server server, string offence, string tool, params string[] arguments)
    {
        await using var attacker = await ChildProcess.Start(tool, ["-p", server.SipPort.ToString(CultureInfo.InvariantCulture), .. arguments, "127.0.0.1"]);
        await Eventually.Get(
            () => Task.FromResult(server.Output + attacker.Output),
            said => said.Contains($"127.0.0.1 is banned for 00:00:03, at last for {offence}", StringComparison.Ordinal),
            TimeSpan.FromSeconds(15));
        attacker.Send(Signal.Kill); // it would go on for long
    }

    /// <summary>Asks the server; null when it does not answer.</summary>
    private static async Task<int?> Options(TestPhone phone)
    {
        var call = TestPhone.Token();
        await phone.Send(phone.Request("OPTIONS", $"sip:{phone.Account.Domain}", 1, call, "a", $"sip:{phone.Account.Domain}"));
        try
        {
            return (await phone.Next(message => message.CallId == call, TimeSpan.FromMilliseconds(200))).Status;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
