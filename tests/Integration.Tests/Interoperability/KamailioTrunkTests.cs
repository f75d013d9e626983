using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Telephony.Sip;
using Telephony.Sip.Tests.Transports;
using Telephony.Testing;
using Telephony.Testing.Phones;
using SipAccount = Telephony.Testing.Phones.SipAccount;

namespace Telephony.Integration.Tests.Interoperability;

/// <summary>Kamailio as a provider, and our SIP library as its customer: it registers there, and calls a phone (sipp) behind it and is called by it.</summary>
public sealed class KamailioTrunkTests
{
    private const string Domain = "provider.test", User = "trunk", Password = "a \"quoted\\ secret";
    private static readonly DigestAccount s_account = new(User, Password);
    private readonly int _far = FreePorts.One();

    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public async Task It_registers_and_calls_through_a_provider_that_challenges(SipTransport transport)
    {
        await using var provider = await StartProvider();
        await using var us = await LibraryPhone.Start(s_account);
        await using var callee = await StartCallee(provider);
        var route = $"<sip:127.0.0.1:{provider.Port};lr;transport={transport.ToString().ToLowerInvariant()}>";
        List<int> challenges = [];

        var (_, _, registered) = await us.Ask(Register(us, transport, $"sip:{Domain}").Add("Route", route).Build(), challenges);
        Assert.Equal(200, registered.Response.Status);
        Assert.Contains(us.Edge.Address(transport), registered.Response.Header("Contact"), StringComparison.Ordinal);
        var (_, _, refreshed) = await us.Ask(Register(us, transport, $"sip:{Domain}").Add("Route", route).Build(), challenges);
        Assert.Equal(200, refreshed.Response.Status);
        Assert.Equal([401], challenges); // the nonce was good for the second one too (RFC 7616 §3.4)

        await Call(us, Invite(us, transport, $"sip:200@{Domain}").Add("Route", route).Build(), challenges);
        Assert.Equal([401, 407], challenges);
        await callee.Succeeds();

        InteroperabilityReport.Works("kamailio", Name(transport), "as a trunk of the SIP library: registers, and refreshes with the same nonce (401)");
        InteroperabilityReport.Works("kamailio", Name(transport), "as a trunk of the SIP library: calls a phone (sipp) behind it (407, Record-Route) and hangs up");
    }

    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public async Task It_is_called_through_the_provider(SipTransport transport)
    {
        await using var provider = await StartProvider();
        await using var us = await LibraryPhone.Start(s_account);
        var route = $"<sip:127.0.0.1:{provider.Port};lr;transport={transport.ToString().ToLowerInvariant()}>";
        Assert.Equal(200, (await us.Ask(Register(us, transport, $"sip:{Domain}").Add("Route", route).Build())).Final.Response.Status);
        await using var caller = await Sipp.Start("peer-hangs-up", Far(provider), _far, new Dictionary<string, string> { ["number"] = User, ["hold"] = "100" });

        var invite = await us.Next<SipRequestReceived>(input => input.Request.Method == SipMethod.Invite);
        Assert.Equal(transport, invite.Flow.Transport);
        us.Edge.Claim(invite.Transaction, "test");
        us.Edge.Respond(invite.Transaction, SipResponse.For(invite.Request, 180, toTag: "us").Add("Contact", us.Contact(transport)).Build());
        us.Edge.Respond(invite.Transaction, SipResponse.For(invite.Request, 200, toTag: "us").Add("Contact", us.Contact(transport)).Body(TestPhone.Sdp(), "application/sdp").Build());
        await us.Next<SipAckReceived>();
        var bye = await us.Next<SipRequestReceived>(input => input.Request.Method == SipMethod.Bye);
        Assert.Equal(DialogMatch.InOrder, Dialog.FromRequest(invite.Request, "us").Receive(bye.Request, out _));
        us.Edge.Respond(bye.Transaction, SipResponse.For(bye.Request, 200).Build());

        await caller.Succeeds();
        InteroperabilityReport.Works("kamailio", Name(transport), "as a trunk of the SIP library: is called by a phone (sipp) behind it, which hangs up");
    }

    [Fact]
    public async Task A_wrong_password_is_given_up_on()
    {
        await using var provider = await StartProvider();
        await using var us = await LibraryPhone.Start(s_account with { Password = "guess" });
        List<int> challenges = [];

        var (_, _, refused) = await us.Ask(Register(us, SipTransport.Udp, $"sip:{Domain}").Add("Route", $"<sip:127.0.0.1:{provider.Port};lr>").Build(), challenges);

        Assert.Equal(401, refused.Response.Status);
        Assert.Equal([401], challenges);
        InteroperabilityReport.Works("kamailio", "UDP", "as a trunk of the SIP library: a wrong password", "given up on after one try");
    }

    [Fact]
    public async Task A_provider_is_found_by_name_and_its_second_server_takes_over()
    {
        var first = await StartProvider();
        await using var second = await StartProvider();
        await using var dns = await Dnsmasq.Start(
            $"--naptr-record={Domain},10,0,S,SIP+D2T,,_sip._tcp.{Domain}",
            $"--srv-host=_sip._tcp.{Domain},one.{Domain},{first.Port},10,0",
            $"--srv-host=_sip._tcp.{Domain},two.{Domain},{second.Port},20,0",
            $"--host-record=one.{Domain},127.0.0.1",
            $"--host-record=two.{Domain},127.0.0.1");
        await using var us = await LibraryPhone.Start(s_account, new KeyValuePair<string, string?>("Telephony:Sip:Dns:Servers", $"127.0.0.1:{dns.Port}"));

        try
        {
            var (_, _, registered) = await us.Ask(Register(us, SipTransport.Tcp, $"sip:{Domain}").Build());
            Assert.Equal((200, $"127.0.0.1:{first.Port}"), (registered.Response.Status, registered.Flow?.Remote));
        }
        finally
        {
            await first.DisposeAsync();
        }

        await using var callee = await StartCallee(second);
        var answered = await Call(us, Invite(us, SipTransport.Tcp, $"sip:200@{Domain}").Build(), []);

        Assert.Equal($"127.0.0.1:{second.Port}", answered.Flow?.Remote);
        await callee.Succeeds();
        InteroperabilityReport.Works(
            "kamailio", "TCP", "as a trunk of the SIP library: found by NAPTR and SRV (from dnsmasq); its first server registers us and is stopped, its second takes the next call");
        InteroperabilityReport.Works("dnsmasq-base", "UDP", "answers NAPTR, SRV and A for a trunk");
    }

    [Fact]
    public async Task Over_TLS_each_shows_its_certificate()
    {
        using var authority = new TestAuthority();
        authority.IssueForEdge("customer");
        using (var certificate = authority.Issue(Domain, Domain))
        {
            await File.WriteAllTextAsync(authority.PathOf("provider"), certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(authority.PathOf("provider-key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }

        var port = FreePorts.One();
        await using var provider = await StartProvider($"""
            enable_tls=yes
            listen=tls:127.0.0.1:{port}
            loadmodule "tls.so"
            modparam("tls", "tls_method", "TLSv1.2+")
            modparam("tls", "certificate", "{authority.PathOf("provider")}")
            modparam("tls", "private_key", "{authority.PathOf("provider-key")}")
            modparam("tls", "ca_list", "{authority.RootFile}")
            modparam("tls", "verify_certificate", 1)
            modparam("tls", "require_certificate", 1)
            """);
        await using var dns = await Dnsmasq.Start(
            $"--naptr-record={Domain},10,0,S,SIPS+D2T,,_sips._tcp.{Domain}", $"--srv-host=_sips._tcp.{Domain},one.{Domain},{port}", $"--host-record=one.{Domain},127.0.0.1");
        await using var us = await LibraryPhone.Start(
            s_account,
            new("Telephony:Sip:Dns:Servers", $"127.0.0.1:{dns.Port}"),
            new("Telephony:Sip:TlsPort", FreePorts.One().ToString(CultureInfo.InvariantCulture)),
            new("Telephony:Sip:Authorities", authority.RootFile),
            new("Telephony:Sip:Certificate", authority.PathOf("certificate")),
            new("Telephony:Sip:CertificateKey", authority.PathOf("key")));
        await using var callee = await StartCallee(provider);

        var (_, _, registered) = await us.Ask(Register(us, SipTransport.Tls, $"sip:{Domain}").Build());
        Assert.Equal((200, SipTransport.Tls), (registered.Response.Status, registered.Flow?.Transport));
        var answered = await Call(us, Invite(us, SipTransport.Tls, $"sip:200@{Domain}").Build(), []);

        Assert.Equal(SipTransport.Tls, answered.Flow?.Transport);
        await callee.Succeeds();
        InteroperabilityReport.Works("kamailio", "TLS", "as a trunk of the SIP library: found by NAPTR and SRV, each shows its certificate; registers, calls a phone (sipp) behind it and hangs up");
    }

    /// <summary>Calls, and hangs up when it is answered. The answer.</summary>
    private static async Task<SipResponseReceived> Call(LibraryPhone us, SipRequest request, List<int> challenges)
    {
        var (transaction, invite, answer) = await us.Ask(request, challenges);
        Assert.Equal(200, answer.Response.Status);
        var dialog = Dialog.FromResponse(invite, answer.Response)!;
        us.Edge.Acknowledge(transaction, dialog.Ack(invite.CSeq.Number).Build(), answer.Flow);
        var bye = dialog.Next(SipMethod.Bye, out _).Build();
        us.Edge.Send("bye-" + transaction, bye, answer.Flow, "test");
        Assert.Equal(200, (await us.Next<SipResponseReceived>(input => input.Transaction == "bye-" + transaction)).Response.Status);
        return answer;
    }

    private static SipRequestBuilder Register(LibraryPhone us, SipTransport transport, string uri) =>
        us.New(SipMethod.Register, uri, User, Domain).Add("Contact", us.Contact(transport)).Add("Expires", "600");

    private static SipRequestBuilder Invite(LibraryPhone us, SipTransport transport, string uri) =>
        us.New(SipMethod.Invite, uri, "200", Domain).Add("Contact", us.Contact(transport)).Body(TestPhone.Sdp(), "application/sdp");

    private Task<Kamailio> StartProvider(string tls = "") => Kamailio.Start("provider", new Dictionary<string, string>
    {
        ["tls"] = tls,
        ["user"] = User,
        ["password"] = new StringBuilder(Password).Replace("\\", "\\\\").Replace("\"", "\\\"").ToString(),
        ["far"] = _far.ToString(CultureInfo.InvariantCulture),
    });

    private Task<Sipp> StartCallee(Kamailio provider) => Sipp.Start("callee-answers", Far(provider), _far, new Dictionary<string, string> { ["ring"] = "100" });

    private static SipAccount Far(Kamailio provider) => new("200", Domain, "", provider.Port);

    private static string Name(SipTransport transport) => transport.ToString().ToUpperInvariant();
}
