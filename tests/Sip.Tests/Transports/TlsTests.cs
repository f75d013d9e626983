using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transports;

public sealed class TlsTests : IAsyncDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly List<IAsyncDisposable> _open = [];

    private EdgeFixture Edge(Action<SipEdgeOptions>? configure = null, TimeProvider? clock = null)
    {
        var edge = new EdgeFixture(
            options =>
            {
                _authority.Configure(options);
                configure?.Invoke(options);
            },
            clock ?? TimeProvider.System);
        _open.Add(edge);
        return edge;
    }

    private static IPEndPoint TlsPort(EdgeFixture edge) => IPEndPoint.Parse(edge.Edge.Address(SipTransport.Tls));

    private async Task<NetworkStream> Plain(EdgeFixture edge)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(TlsPort(edge));
        var stream = new NetworkStream(socket, ownsSocket: true);
        _open.Add(stream);
        return stream;
    }

    // trusts whom it meets, and notes it
    private async Task<SslStream> Secure(EdgeFixture edge, X509Certificate2? own = null)
    {
        var stream = new SslStream(await Plain(edge));
        _open.Add(stream);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            AllowTlsResume = false,
            ClientCertificates = own is null ? null : [own],
            LocalCertificateSelectionCallback = own is null ? null : (_, _, _, _, _) => own,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        }).Soon();
        return stream;
    }

    private static string Options(string branch, string method = "OPTIONS") =>
        Invite(branch + ";rport", method).Replace("/UDP", "/TLS", StringComparison.Ordinal);

    private static SipRequest Request(string uri) =>
        SipRequest.Create(SipMethod.Options, uri).Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(1).Build();

    [Fact]
    public async Task A_phone_registers_and_is_reached_on_its_connection()
    {
        var edge = Edge();
        var phone = await Secure(edge);
        await phone.WriteAsync(Bytes(Options("z9hG4bKa", "REGISTER")));
        var heard = await edge.Next<SipRequestReceived>();

        Assert.Equal(SipMethod.Register, heard.Request.Method);
        Assert.Equal(SipTransport.Tls, heard.Flow.Transport);
        edge.Edge.Respond(heard.Transaction, SipResponse.For(heard.Request, 200).Build());
        edge.Edge.Send("t1", Request("sips:bob@192.0.2.9"), heard.Flow, "leg");

        var text = await ReadUntil(phone, "branch=z9hG4bKt1");
        Assert.StartsWith("SIP/2.0 200 OK", text, StringComparison.Ordinal);
        Assert.Contains($"Via: SIP/2.0/TLS {edge.Edge.Address(SipTransport.Tls)};", text, StringComparison.Ordinal);

        await phone.WriteAsync(SipResponse.For(TestMessages.Request(text[text.IndexOf("OPTIONS sips", StringComparison.Ordinal)..] + await Rest(phone, text)), 200).Build().Wire);
        Assert.Equal(200, (await edge.Next<SipResponseReceived>()).Response.Status);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Both_versions_are_spoken(SslProtocols version)
    {
        var edge = Edge();
        var phone = new SslStream(await Plain(edge), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        _open.Add(phone);
        await phone.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", EnabledSslProtocols = version }).Soon();

        await phone.WriteAsync(Bytes(Options("z9hG4bKa")));

        await edge.Next<SipRequestReceived>();
    }

    [Fact]
    public async Task A_large_message_in_many_records_arrives_whole_and_a_large_answer_too()
    {
        var edge = Edge();
        var phone = await Secure(edge);
        var body = new string('x', 60_000);
        var message = Bytes(Options("z9hG4bKa", "MESSAGE").Replace("Content-Length: 0", "Content-Type: text/plain\nContent-Length: 60000", StringComparison.Ordinal) + body);
        foreach (var part in message.Chunk(777)) await phone.WriteAsync(part);

        var heard = await edge.Next<SipRequestReceived>();
        Assert.Equal(body, Encoding.UTF8.GetString(heard.Request.Body.Span));

        edge.Edge.Respond(heard.Transaction, SipResponse.For(heard.Request, 200).Body(Encoding.UTF8.GetBytes(body + "end"), "text/plain").Build());
        Assert.Contains(body, await ReadUntil(phone, "xend"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ping_gets_a_pong()
    {
        var phone = await Secure(Edge());
        await phone.WriteAsync("\r\n\r\n"u8.ToArray());
        var pong = new byte[2];
        await phone.ReadExactlyAsync(pong).Soon();

        Assert.Equal("\r\n", Encoding.ASCII.GetString(pong));
    }

    [Fact]
    public async Task A_new_certificate_is_shown_to_new_connections_while_old_ones_stay()
    {
        var time = new VirtualTime();
        var edge = Edge(clock: time);
        var old = await Secure(edge);
        Assert.Equal("CN=edge", old.RemoteCertificate!.Subject);

        _authority.IssueForEdge("renewed");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("CN=renewed", (await Secure(edge)).RemoteCertificate!.Subject);

        await File.WriteAllTextAsync(_authority.PathOf("key"), "half a ke");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("CN=renewed", (await Secure(edge)).RemoteCertificate!.Subject);

        await old.WriteAsync(Bytes(Options("z9hG4bKa")));
        await edge.Next<SipRequestReceived>();
    }

    [Fact]
    public async Task Where_clients_must_show_a_certificate_only_one_of_the_authority_passes()
    {
        using var strangers = new TestAuthority();
        using var known = _authority.Issue("phone");
        using var unknown = strangers.Issue("phone");
        var edge = Edge(options => (options.ClientCertificates, options.ClientAuthorities) = (SipClientCertificates.Required, _authority.RootFile));

        Assert.True(await IsRefused(edge, null));
        Assert.True(await IsRefused(edge, unknown));
        Assert.False(await IsRefused(edge, known));
    }

    [Fact]
    public async Task Where_clients_may_show_a_certificate_none_passes_and_a_strangers_does_not()
    {
        using var strangers = new TestAuthority();
        using var unknown = strangers.Issue("phone");
        var edge = Edge(options => (options.ClientCertificates, options.ClientAuthorities) = (SipClientCertificates.Optional, _authority.RootFile));

        Assert.True(await IsRefused(edge, unknown));
        Assert.False(await IsRefused(edge, null));
    }

    [Fact]
    public async Task Plain_text_on_the_tls_port_ends_that_connection_alone()
    {
        var edge = Edge();
        var plain = await Plain(edge);
        await plain.WriteAsync(Bytes(Options("z9hG4bKa")));
        Assert.True(await Ends(plain));

        await (await Secure(edge)).WriteAsync(Bytes(Options("z9hG4bKb")));

        await edge.Next<SipRequestReceived>();
        Assert.Single(edge.Heard<SipRequestReceived>());
        Assert.Empty(edge.Faults);
    }

    [Fact]
    public async Task Who_does_not_shake_hands_in_time_is_cut_off()
    {
        var time = new VirtualTime();
        var edge = Edge(clock: time);
        var silent = await Plain(edge);
        await Secure(edge); // accepted in turn: the silent one has its timer now

        time.Advance(TimeSpan.FromSeconds(11));

        Assert.True(await Ends(silent));
    }

    [Fact]
    public async Task A_closed_connection_is_told_and_a_request_to_its_flow_fails_with_503()
    {
        var edge = Edge();
        var phone = await Secure(edge);
        await phone.WriteAsync(Bytes(Options("z9hG4bKa")));
        var flow = (await edge.Next<SipRequestReceived>()).Flow;

        await phone.DisposeAsync();
        Assert.Equal(flow, (await edge.Next<SipFlowClosed>()).Flow);
        edge.Edge.Send("t1", Request("sip:bob@gone.invalid;transport=tls"), flow, "leg");

        var failed = await edge.Next<SipResponseReceived>();
        Assert.Equal((503, SipResponseSource.TransportFailed), (failed.Response.Status, failed.Source));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("example.com", false)]
    public async Task A_server_that_we_call_must_be_who_it_is_called(string name, bool isReached)
    {
        using var certificate = _authority.Issue("trunk", name);
        var edge = Edge(options => options.Authorities = _authority.RootFile);

        Assert.Equal(isReached, await Reaches(edge, certificate));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_nobody_vouches_for_is_reached_only_where_that_is_allowed(bool isAllowed)
    {
        var other = Edge(options => options.Certificate = options.CertificateKey = "");
        var edge = Edge(options => options.AllowSelfSigned = isAllowed);

        edge.Edge.Send("t1", Request($"sip:bob@{TlsPort(other)};transport=tls"), null, "leg");

        if (isAllowed) Assert.Equal(SipTransport.Tls, (await other.Next<SipRequestReceived>()).Flow.Transport);
        else Assert.Equal(SipResponseSource.TransportFailed, (await edge.Next<SipResponseReceived>()).Source);
    }

    [Theory] // RFC 5923 §5
    [InlineData(true, ";alias", "127.0.0.1", true)]
    [InlineData(true, "", "127.0.0.1", false)]
    [InlineData(true, ";alias", "other.example.com", false)]
    [InlineData(false, ";alias", "127.0.0.1", false)] // nobody vouches for its certificate
    public async Task A_connection_is_used_for_the_address_that_its_verified_peer_lends_it(bool isVerified, string alias, string name, bool isReused)
    {
        using var certificate = _authority.Issue("proxy", "sip:" + name);
        var edge = Edge(options =>
        {
            if (isVerified) (options.ClientCertificates, options.ClientAuthorities) = (SipClientCertificates.Required, _authority.RootFile);
        });
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();
        var proxy = await Secure(edge, certificate);
        await proxy.WriteAsync(Bytes(Options("z9hG4bKa").Replace("192.0.2.1:5060;", $"127.0.0.1:{port}{alias};", StringComparison.Ordinal)));
        await edge.Next<SipRequestReceived>();
        edge.Edge.Send("t1", Request($"sips:bob@127.0.0.1:{port}"), null, "leg");

        if (isReused) Assert.Contains("OPTIONS sips:bob@127.0.0.1", await ReadUntil(proxy, "\r\n\r\n"), StringComparison.Ordinal);
        else Assert.Equal(SipResponseSource.TransportFailed, (await edge.Next<SipResponseReceived>()).Source);
    }

    [Fact]
    public async Task Failed_handshakes_ban_but_a_look_whether_the_port_is_open_does_not()
    {
        var edge = Edge(options => (options.Defence.Allow, options.Defence.Offences) = ("", 3));
        for (var number = 0; number < 20; number++) await (await Plain(edge)).DisposeAsync();
        await (await Secure(edge)).DisposeAsync();

        for (var number = 0; number < 4; number++)
        {
            var plain = await Plain(edge);
            await plain.WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            Assert.True(await Ends(plain));
        }

        await Assert.ThrowsAnyAsync<Exception>(() => Secure(edge));
        Assert.False(edge.Edge.Receiver.Admits(IPAddress.Loopback));
    }

    [Fact]
    public async Task The_development_certificate_is_made_once_and_for_its_owner_alone()
    {
        var path = Path.Combine(Path.GetDirectoryName(_authority.RootFile)!, "secrets", "sip.pem");
        void Configure(SipEdgeOptions options) => (options.Certificate, options.CertificateKey, options.DevelopmentCertificate) = ("", "", path);

        var first = (await Secure(Edge(Configure))).RemoteCertificate!.GetSerialNumberString();
        var second = (await Secure(Edge(Configure))).RemoteCertificate!.GetSerialNumberString();

        Assert.Equal(first, second);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Files_that_can_not_be_used_stop_the_start_and_are_named()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Edge(options => options.CertificateKey = _authority.PathOf("nothing")));
        Assert.Contains("Telephony:Sip:Certificate", error.Message, StringComparison.Ordinal);

        error = Assert.Throws<InvalidOperationException>(() => Edge(options =>
            (options.ClientCertificates, options.ClientAuthorities) = (SipClientCertificates.Required, _authority.PathOf("key"))));
        Assert.Contains("Telephony:Sip:ClientAuthorities", error.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        for (var last = _open.Count - 1; last >= 0; last--) await _open[last].DisposeAsync();
        _authority.Dispose();
    }

    // with TLS 1.3 a client learns by its first read that it was refused
    private async Task<bool> IsRefused(EdgeFixture edge, X509Certificate2? certificate)
    {
        try
        {
            var phone = await Secure(edge, certificate);
            await phone.WriteAsync("\r\n\r\n"u8.ToArray());
            return await Ends(phone);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return true;
        }
    }

    private static async Task<bool> Ends(Stream stream)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            var buffer = new byte[256];
            var read = await stream.ReadAsync(buffer, patience.Token);
            return stream is SslStream ? read == 0 : read == 0 || await Ends(stream); // an alert may come before the end
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task<bool> Reaches(EdgeFixture edge, X509Certificate2 certificate)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        edge.Edge.Send("t1", Request($"sips:bob@{listener.LocalEndpoint}"), null, "leg");
        using var socket = await listener.Accept();
        await using var server = new SslStream(new NetworkStream(socket));
        try
        {
            await server.AuthenticateAsServerAsync(certificate).Soon();
            var text = await ReadUntil(server, "\r\n\r\n");
            if (text.Length == 0) throw new IOException("refused");
            await server.WriteAsync(SipResponse.For(TestMessages.Request(text), 200).Build().Wire);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            Assert.Equal(503, (await edge.Next<SipResponseReceived>()).Response.Status);
            return false;
        }

        return (await edge.Next<SipResponseReceived>()).Response.Status == 200;
    }

    // what is missing of a message whose beginning was read
    private static async Task<string> Rest(Stream stream, string text) =>
        text.EndsWith("\r\n\r\n", StringComparison.Ordinal) ? "" : await ReadUntil(stream, "\r\n\r\n");

    private static async Task<string> ReadUntil(Stream stream, string wanted)
    {
        var text = new StringBuilder();
        var buffer = new byte[65536];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!text.ToString().Contains(wanted, StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, patience.Token);
            if (read == 0) break;
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
