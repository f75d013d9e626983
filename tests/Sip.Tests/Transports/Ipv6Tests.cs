using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transports;

/// <summary>An edge with an address of either IP version (RFC 3261 §18, brackets: RFC 5118 §4).</summary>
public sealed class Ipv6Tests : IDisposable
{
    private readonly TestAuthority _authority = new();

    // null where this machine has no IPv6 loopback
    private EdgeFixture? Edge()
    {
        try
        {
            return new(
                options =>
                {
                    _authority.Configure(options);
                    options.Bind = "127.0.0.1, ::1";
                },
                TimeProvider.System);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<Stream> Connect(EdgeFixture edge, SipTransport transport, IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address, IPEndPoint.Parse(edge.Edge.Address(transport)).Port);
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (transport == SipTransport.Tcp) return stream;

        var secure = new SslStream(stream, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await secure.AuthenticateAsClientAsync("edge").Soon();
        return secure;
    }

    [Theory]
    [InlineData(SipTransport.Tcp, "::1")]
    [InlineData(SipTransport.Tls, "::1")]
    [InlineData(SipTransport.Tcp, "127.0.0.1")]
    [InlineData(SipTransport.Tls, "127.0.0.1")]
    public async Task A_peer_is_met_and_named_in_its_ip_version_over_connections(SipTransport transport, string own)
    {
        if (Edge() is not { } edge) return;
        await using var _ = edge;
        await using var peer = await Connect(edge, transport, IPAddress.Parse(own));
        var host = own.Contains(':', StringComparison.Ordinal) ? $"[{own}]" : own;
        await peer.WriteAsync(Bytes(Invite("z9hG4bK1;rport", "OPTIONS").Replace("/UDP 192.0.2.1:5060", $"/{transport.ToString().ToUpperInvariant()} {host}:4000", StringComparison.Ordinal)));

        var heard = await edge.Next<SipRequestReceived>();
        Assert.Equal((own, host), (heard.Request.Vias[0].Received, heard.Request.Vias[0].Host));
        Assert.StartsWith(host + ":", heard.Flow.Remote, StringComparison.Ordinal);
        Assert.StartsWith(host + ":", edge.Edge.Address(heard.Flow), StringComparison.Ordinal);

        edge.Edge.Send("t1", Request("sip:bob@gone.invalid"), heard.Flow, "leg");
        var request = TestMessages.Request(await ReadMessage(peer));
        Assert.Equal(edge.Edge.Address(heard.Flow), $"{request.Vias[0].Host}:{request.Vias[0].Port}");
        await peer.WriteAsync(SipResponse.For(request, 200).Build().Wire);
        Assert.Equal(200, (await edge.Next<SipResponseReceived>()).Response.Status);
    }

    [Fact]
    public async Task A_bracketed_uri_is_called_over_udp_and_its_answer_heard()
    {
        if (Edge() is not { } edge) return;
        await using var _ = edge;
        using var peer = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
        peer.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));

        edge.Edge.Send("t1", Request($"sip:bob@{peer.LocalEndPoint}"), null, "leg");

        var buffer = new byte[65536];
        EndPoint from = new IPEndPoint(IPAddress.IPv6Any, 0);
        var request = TestMessages.Request(Encoding.UTF8.GetString(buffer, 0, peer.ReceiveFrom(buffer, ref from)));
        Assert.Equal($"[::1]:{((IPEndPoint)from).Port}", $"{request.Vias[0].Host}:{request.Vias[0].Port}");
        peer.SendTo(SipResponse.For(request, 200).Build().Wire.Span, from);
        Assert.Equal(200, (await edge.Next<SipResponseReceived>()).Response.Status);
    }

    [Fact]
    public async Task A_bracketed_uri_is_called_over_tcp()
    {
        if (Edge() is not { } edge) return;
        await using var _ = edge;
        using var peer = new TcpListener(IPAddress.IPv6Loopback, 0);
        peer.Start();

        edge.Edge.Send("t1", Request($"sip:bob@{peer.LocalEndpoint};transport=tcp"), null, "leg");

        using var socket = await peer.Accept();
        var request = TestMessages.Request(await ReadMessage(new NetworkStream(socket)));
        Assert.Equal("[::1]", request.Vias[0].Host);
    }

    public void Dispose() => _authority.Dispose();

    private static SipRequest Request(string uri) =>
        SipRequest.Create(SipMethod.Options, uri).Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(1).Build();

    private static async Task<string> ReadMessage(Stream stream)
    {
        var text = "";
        var buffer = new byte[65536];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!text.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, patience.Token);
            Assert.NotEqual(0, read);
            text += Encoding.UTF8.GetString(buffer, 0, read);
        }

        return text;
    }
}
