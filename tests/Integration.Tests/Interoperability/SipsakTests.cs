using System.Globalization;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests.Interoperability;

/// <summary>
/// Each mode of sipsak that works in Debian's build: its <c>-M</c> and <c>-I</c> crash by themselves before they send anything.
/// </summary>
[Collection(ServerCollection.Name)]
public sealed class SipsakTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("UDP")]
    [InlineData("TCP")]
    [InlineData("TLS")]
    public async Task It_asks_for_options(string transport)
    {
        using var settings = new TemporaryFile("[overrides]\ndisabled-version = tls1.3\n"); // of which it takes the session ticket for an answer
        string[] arguments = transport == "TLS" ? ["-H", "127.0.0.1", "-r", Text(fixture.Server.SipTlsPort), "--tls-ignore-cert-failure"] : Server;
        var said = await ChildProcess.Run(
            "sipsak", [.. arguments, "-vv", "-E", transport.ToLowerInvariant(), "-s", "sip:127.0.0.1"], new Dictionary<string, string?> { ["GNUTLS_SYSTEM_PRIORITY_FILE"] = settings.Path });

        Assert.Contains("SIP/2.0 200 OK", said, StringComparison.Ordinal);
        Assert.Contains("Allow: ", said, StringComparison.Ordinal);
        if (transport == "TLS") Works(transport, "OPTIONS", "works with TLS 1.2: sipsak cannot read TLS 1.3");
        else Works(transport, "OPTIONS");
    }

    [Fact]
    public async Task It_traces_the_way()
    {
        Assert.Contains("SIP/2.0 200 OK", await Sipsak("-vv", "-T", "-s", "sip:100@127.0.0.1"), StringComparison.Ordinal);
        Works("UDP", "traceroute (-T, OPTIONS with Max-Forwards 0)", "works: we are the first and last hop");
    }

    [Fact]
    public async Task It_registers_and_not_with_a_wrong_password()
    {
        var tenant = await fixture.Server.AddTenant(2, domain: "127.0.0.1"); // it resolves the domain, proxy or not
        using var user = await tenant.SignIn(100);
        string[] Register(string password) => ["-i", "-U", "-C", "sip:100@127.0.0.1:5070", "-x", "600", "-u", "100", "-a", password, "-s", "sip:100@127.0.0.1"];

        await Sipsak(Register("sip-100-secret"));
        await Eventually.Get(() => user.StatusOf(100), status => status == "available");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Sipsak(Register("guess")));

        Assert.Contains("authorization failed", refused.Message, StringComparison.Ordinal);
        Works("UDP", "registers (-U) with digest (MD5); a wrong password");
    }

    [Fact]
    public async Task It_floods_and_the_next_phone_registers()
    {
        var said = await Sipsak("-F", "-e", "2000", "-s", "sip:127.0.0.1");

        Assert.Contains("flood end reached", said, StringComparison.Ordinal);
        await APhoneRegisters();
        Works("UDP", "floods (-F, 2,000 OPTIONS, from an allowed address)", "a phone registers right after it");
    }

    [Fact]
    public async Task It_sends_trash_and_the_next_phone_registers()
    {
        for (var round = 0; round < 5; round++)
        {
            // it gives up, by design, at the first message that gets no answer
            await using var sipsak = await ChildProcess.Start("sipsak", [.. Server, "--timer-t1=5", "-R", "-t", "200", "-s", "sip:127.0.0.1"]);
            await sipsak.WaitForExit(TimeSpan.FromSeconds(30));
        }

        await APhoneRegisters();
        Works("UDP", "random characters in requests (-R)", "a phone registers right after it");
    }

    [Fact]
    public async Task It_shoots_a_message_from_a_file()
    {
        using var message = new TemporaryFile("MESSAGE sip:100@127.0.0.1 SIP/2.0\r\nFrom: <sip:101@127.0.0.1>;tag=1\r\nTo: <sip:100@127.0.0.1>\r\n"
            + $"Call-ID: {TestPhone.Token()}\r\nCSeq: 1 MESSAGE\r\nMax-Forwards: 70\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");

        await using var sipsak = await ChildProcess.Start("sipsak", [.. Server, "-vv", "-f", message.Path, "-s", "sip:100@127.0.0.1"]);
        await sipsak.WaitForExit(TimeSpan.FromSeconds(30));

        Assert.Contains("SIP/2.0 405 Method Not Allowed", sipsak.Output, StringComparison.Ordinal);
        Assert.Contains("Allow: ", sipsak.Output, StringComparison.Ordinal);
        Works("UDP", "MESSAGE from a file (-f)", "405: the server has no messages yet");
    }

    private string[] Server => ["-H", "127.0.0.1", "-r", Text(fixture.Server.SipPort)];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Task<string> Sipsak(params string[] arguments) => ChildProcess.Run("sipsak", [.. Server, .. arguments]);

    private async Task APhoneRegisters()
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var phone = new TestPhone(tenant.Account(100));
        Assert.Equal(200, (await phone.Register()).Status);
    }

    private static void Works(string transport, string what, string result = "works") => InteroperabilityReport.Works("sipsak", transport, what, result);

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
