using System.Net.Sockets;
using System.Text;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transports;

public sealed class UdpTests : IAsyncDisposable
{
    private readonly EdgeFixture _edge = new(clock: TimeProvider.System);
    private readonly UdpPeer _peer = new();

    private void Send(string text) => _peer.Send(Bytes(text), _edge.EndPoint);

    [Fact]
    public async Task A_request_arrives_with_where_it_came_from_and_the_answer_goes_back_there()
    {
        Send(Invite("z9hG4bK1;rport;x=1", "OPTIONS"));
        var heard = await _edge.Next<SipRequestReceived>();

        var via = heard.Request.Vias[0];
        Assert.Equal(("127.0.0.1", _peer.EndPoint.Port, "z9hG4bK1", "1"), (via.Received, via.RPort, via.Branch, via.Parameters["x"]));
        Assert.Equal("c1", heard.Request.CallId);
        Assert.Equal(new SipFlow(SipTransport.Udp, _peer.EndPoint.ToString(), 0, "sip"), heard.Flow);

        _edge.Edge.Respond(heard.Transaction, SipResponse.For(heard.Request, 200).Build());
        Assert.Equal(via.RPort, _peer.Response().Vias[0].RPort);
    }

    [Fact]
    public async Task A_sender_can_not_say_where_it_came_from()
    {
        Send(Invite("z9hG4bK1;received=203.0.113.9;rport=1", "OPTIONS"));
        var via = (await _edge.Next<SipRequestReceived>()).Request.Vias[0];

        Assert.Equal(("127.0.0.1", _peer.EndPoint.Port), (via.Received, via.RPort));
    }

    [Theory]
    [InlineData("sent-by", "", "its port")] // §18.2.2
    [InlineData("sent-by", ";maddr=192.0.2.66", "its port")] // or anybody could have us send to whom they like
    [InlineData("sent-by", ";rport", "the source")] // RFC 3581 §4
    [InlineData("192.0.2.1", "", "the source")] // behind a NAT
    [InlineData("phone.example.com", "", "the source")]
    public async Task An_answer_and_its_copy_go_to_the_port_of_sent_by_unless_that_leads_nowhere(string host, string parameters, string way)
    {
        using var other = new UdpPeer();
        var (right, wrong) = way == "its port" ? (other, _peer) : (_peer, other);
        var sentBy = $"{(host == "sent-by" ? "127.0.0.1" : host)}:{other.EndPoint.Port}";
        var options = Invite("z9hG4bK1" + parameters, "OPTIONS").Replace("192.0.2.1:5060;branch", sentBy + ";branch", StringComparison.Ordinal);

        Send(options);
        var heard = await _edge.Next<SipRequestReceived>();
        _edge.Edge.Respond(heard.Transaction, SipResponse.For(heard.Request, 200).Build());
        var first = right.Receive();
        Send(options);
        Assert.Equal(first, right.Receive());

        Send(options.Replace("Contact: <", "Contact: ", StringComparison.Ordinal));
        Assert.Equal(400, right.Response().Status);

        Assert.Equal(_peer.EndPoint.ToString(), heard.Flow.Remote);
        Assert.Equal(0, wrong.Drain());
    }

    [Fact]
    public async Task An_answer_after_a_restart_goes_the_same_way()
    {
        using var other = new UdpPeer();
        var invite = Request(Invite().Replace("192.0.2.1:5060;branch", other.EndPoint + ";branch", StringComparison.Ordinal));
        const string name = "00000001-000000000000000000000000000000ff";

        _edge.Edge.RestoreServer(name, invite, _peer.Flow, "leg");
        _edge.Edge.Respond(name, SipResponse.For(invite, 486).Build());

        Assert.Equal(486, other.Response().Status);
        await _edge.DisposeAsync();
        Assert.Equal(0, _peer.Drain());
    }

    [Fact]
    public void To_find_that_port_leaves_no_garbage()
    {
        using var other = new UdpPeer();
        using var metrics = new SipMetrics(() => 0, () => 0, () => 0);
        using var listener = new UdpListener("sip", new(System.Net.IPAddress.Loopback, 0), _edge.Edge.Receiver, metrics, new FaultLog(), TimeProvider.System);
        var channel = listener.ChannelTo(_peer.EndPoint);
        var (elsewhere, here) = (Bytes($"SIP/2.0/UDP {other.EndPoint};branch=z9hG4bK1"), Bytes($"SIP/2.0/UDP {other.EndPoint};branch=z9hG4bK1;rport"));

        Assert.Equal(0, AllocationTests.Allocated(() => channel.Back(elsewhere)));
        Assert.Equal(0, AllocationTests.Allocated(() => channel.Back(here)));
    }

    [Fact]
    public async Task Garbage_is_swallowed_and_the_next_request_served()
    {
        var random = new Random(1);
        _peer.Send([], _edge.EndPoint);
        _peer.Send("\r\n\r\n"u8.ToArray(), _edge.EndPoint);
        for (var round = 0; round < 200; round++)
        {
            var garbage = new byte[random.Next(1, 2000)];
            random.NextBytes(garbage);
            _peer.Send(garbage, _edge.EndPoint);
        }

        _peer.Send(new byte[65_000], _edge.EndPoint);
        Send(Invite(method: "OPTIONS"));

        Assert.Equal(SipMethod.Options, (await _edge.Next<SipRequestReceived>()).Request.Method);
        Assert.Equal(0, _peer.Drain());
    }

    [Fact]
    public void A_malformed_request_that_can_be_read_is_answered_400()
    {
        Send(Invite().Replace("Contact: <", "Contact: ", StringComparison.Ordinal));

        var refusal = _peer.Response();
        Assert.Equal((400, "Bad Contact"), (refusal.Status, refusal.Reason));
        Assert.Equal("c1", refusal.CallId);
    }

    [Fact]
    public async Task A_message_in_its_largest_datagram_arrives_whole()
    {
        var body = new string('x', 64_000);
        Send(Invite(method: "MESSAGE").Replace("Content-Length: 0", "Content-Type: text/plain\nContent-Length: 64000", StringComparison.Ordinal) + body);

        Assert.Equal(body, Encoding.UTF8.GetString((await _edge.Next<SipRequestReceived>()).Request.Body.Span));
    }

    [Fact]
    public async Task Ipv6_works_alike()
    {
        if (!Socket.OSSupportsIPv6) return;
        EdgeFixture edge;
        try
        {
            edge = new(options => options.Bind = "127.0.0.1, ::1", TimeProvider.System);
        }
        catch (InvalidOperationException)
        {
            return; // this machine has no IPv6 loopback
        }

        await using var _ = edge;
        using var peer = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
        peer.SendTo(Bytes(Invite("z9hG4bK1;rport", "OPTIONS")), new System.Net.IPEndPoint(System.Net.IPAddress.IPv6Loopback, edge.EndPoint.Port));

        var heard = await edge.Next<SipRequestReceived>();
        Assert.Equal("::1", heard.Request.Vias[0].Received);
        Assert.StartsWith("[::1]:", heard.Flow.Remote, StringComparison.Ordinal);
        edge.Edge.Respond(heard.Transaction, SipResponse.For(heard.Request, 200).Build());
        Assert.StartsWith("SIP/2.0 200", Encoding.UTF8.GetString(Read(peer)), StringComparison.Ordinal);

        static byte[] Read(Socket socket)
        {
            var buffer = new byte[65536];
            return buffer[..socket.Receive(buffer)];
        }
    }

    [Fact]
    public async Task A_fault_in_who_hears_the_events_does_not_stop_the_edge()
    {
        _edge.OnRequestDo = _ => throw new InvalidOperationException("fault");
        Send(Invite("z9hG4bK1", "OPTIONS"));
        await _edge.Next<SipRequestReceived>();
        _edge.OnRequestDo = null;

        Send(Invite("z9hG4bK2", "OPTIONS", callId: "c2"));

        Assert.Equal("c2", (await _edge.Next<SipRequestReceived>(1)).Request.CallId);
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Dispose();
        await _edge.DisposeAsync();
    }
}
