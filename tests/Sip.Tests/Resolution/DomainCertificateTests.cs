using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Telephony.Sip.Tests.Transports;

namespace Telephony.Sip.Tests.Resolution;

/// <summary>RFC 5922 §4, §7.3: a server's certificate speaks for the domain that was called, not for the host that the DNS named.</summary>
public sealed class DomainCertificateTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    [Fact]
    public async Task A_server_whose_certificate_names_only_itself_is_passed_over()
    {
        using var impostor = new TcpListener(IPAddress.Loopback, 0);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        impostor.Start();
        server.Start();
        await using var dns = new FakeDnsServer($"""
            customer.example NAPTR 1 1 s SIPS+D2T _sips._tcp.provider.example
            _sips._tcp.provider.example SRV 1 0 {((IPEndPoint)impostor.LocalEndpoint).Port} sbc.provider.example
            _sips._tcp.provider.example SRV 2 0 {((IPEndPoint)server.LocalEndpoint).Port} sbc.provider.example
            sbc.provider.example A 127.0.0.1
            """);
        await using var edge = new EdgeFixture(
            options =>
            {
                _authority.Configure(options);
                options.Authorities = _authority.RootFile;
                options.Dns.Servers = dns.EndPoint.ToString();
            },
            TimeProvider.System);

        edge.Edge.Send(
            "t1", SipRequest.Create(SipMethod.Options, "sip:customer.example").Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(7).Build(), null, "leg");

        Assert.Empty(await Serve(impostor, "sbc.provider.example"));
        Assert.Contains("z9hG4bKt1!2", await Serve(server, "customer.example"), StringComparison.Ordinal);
    }

    public void Dispose() => _authority.Dispose();

    // what comes, until a whole message or the end
    private async Task<string> Serve(TcpListener listener, string name)
    {
        using var certificate = _authority.Issue("server", name);
        using var socket = await listener.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        await using var stream = new SslStream(new NetworkStream(socket));
        try
        {
            await stream.AuthenticateAsServerAsync(certificate);
            var buffer = new byte[4096];
            var length = await stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
            return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return "";
        }
    }
}
