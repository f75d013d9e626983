using System.Net;
using System.Net.Sockets;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Resolution;

/// <summary>RFC 3261 §18.2.2 and RFC 3263 §5: where a response goes when the connection of its request is gone.</summary>
public sealed class WayBackTests : IAsyncDisposable
{
    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.2");

    private readonly FakeDnsServer _dns = new("phone.example A 127.0.0.2");
    private readonly EdgeFixture _edge;

    public WayBackTests() => _edge = new(options => options.Dns.Servers = _dns.EndPoint.ToString());

    // a request by TCP, whose connection is gone when it is answered
    private async Task<SipRequestReceived> Receive(string sentBy)
    {
        using var phone = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await phone.ConnectAsync(_edge.EndPoint);
        await phone.SendAsync(Bytes(Invite().Replace("SIP/2.0/UDP 192.0.2.1:5060", "SIP/2.0/TCP " + sentBy, StringComparison.Ordinal)));
        var heard = await _edge.Next<SipRequestReceived>();
        _edge.Edge.Watch(heard.Flow, "test");
        phone.Close();
        await _edge.Next<SipFlowClosed>();
        return heard;
    }

    [Fact]
    public async Task It_goes_to_the_source_at_the_port_of_sent_by()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var request = await Receive($"phone.example:{((IPEndPoint)listener.LocalEndpoint).Port}");

        _edge.Edge.Respond(request.Transaction, SipResponse.For(request.Request, 486).Build());

        using var way = await listener.Accept();
        Assert.StartsWith("SIP/2.0 486", await way.Message(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_to_whom_sent_by_names_when_nobody_listens_there()
    {
        using var listener = new TcpListener(Elsewhere, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, port)); // bound, but it doesn't listen
        var request = await Receive($"phone.example:{port}");

        _edge.Edge.Respond(request.Transaction, SipResponse.For(request.Request, 180).Build());
        using var way = await listener.Accept();
        Assert.StartsWith("SIP/2.0 180", await way.Message(), StringComparison.Ordinal);

        _edge.Edge.Respond(request.Transaction, SipResponse.For(request.Request, 486).Build());
        Assert.StartsWith("SIP/2.0 486", await way.Message(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_lost_when_nobody_is_there_at_all_and_the_owner_of_a_2xx_hears_that_no_ack_came()
    {
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var request = await Receive($"gone.example:{((IPEndPoint)nobody.LocalEndPoint!).Port}");
        _edge.Edge.Claim(request.Transaction, "leg");

        _edge.Edge.Respond(request.Transaction, SipResponse.For(request.Request, 200).Build());
        for (var step = 0; step < 400 && _edge.Heard<SipAckTimedOut>().Count == 0; step++)
        {
            _edge.Time.Advance(100);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        Assert.Equal("leg", (await _edge.Next<SipAckTimedOut>()).Owner);
        Assert.Empty(_edge.Faults);
    }

    public async ValueTask DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _dns.DisposeAsync();
    }
}
