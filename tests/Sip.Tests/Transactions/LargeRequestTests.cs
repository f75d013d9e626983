using System.Net;
using System.Net.Sockets;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transactions;

/// <summary>RFC 3261 §18.1.1: a request of more than 1,300 bytes that has no flow goes by TCP.</summary>
public class LargeRequestTests
{
    [Fact]
    public async Task A_large_request_goes_by_tcp()
    {
        await using var edge = new EdgeFixture(clock: TimeProvider.System);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        edge.Edge.Send("t1", Large((IPEndPoint)listener.LocalEndpoint), null, "leg");

        using var peer = await listener.Accept();
        var request = Request(await peer.Message());
        Assert.Equal("TCP", request.Vias[0].Transport);
        Assert.Equal(1400, request.Body.Length);
        await peer.SendAsync(SipResponse.For(request, 486, toTag: "b").Build().Wire);
        Assert.Equal(486, (await edge.Next<SipResponseReceived>()).Response.Status);
    }

    [Fact]
    public async Task It_goes_by_udp_when_the_peer_takes_no_tcp()
    {
        await using var edge = new EdgeFixture(clock: TimeProvider.System);
        using var peer = new UdpPeer();

        edge.Edge.Send("t1", Large(peer.EndPoint), null, "leg");

        var request = peer.Request();
        Assert.Equal("UDP", request.Vias[0].Transport);
        peer.Send(SipResponse.For(request, 200, toTag: "b").Build().Wire.ToArray(), edge.EndPoint);
        Assert.Equal(200, (await edge.Next<SipResponseReceived>()).Response.Status);
        Assert.Empty(edge.Faults);
    }

    [Fact]
    public async Task A_flow_is_kept_to_however_large_the_request_is()
    {
        await using var edge = new EdgeFixture();
        using var peer = new UdpPeer();

        edge.Edge.Send("t1", Large(peer.EndPoint), peer.Flow, "leg");

        Assert.Equal("UDP", peer.Request().Vias[0].Transport);
    }

    [Fact]
    public async Task A_request_of_ours_that_comes_back_as_it_went_is_a_loop_and_with_another_uri_a_spiral()
    {
        await using var edge = new EdgeFixture();
        using var peer = new UdpPeer();
        var proxy = new FakeChannel();
        edge.Edge.Send("t1", SipRequest.Create(SipMethod.Invite, "sip:bob@" + peer.EndPoint)
            .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(7).Build(), peer.Flow, "leg");
        var sent = peer.Request();

        edge.Receive(sent.WithVia("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKp1"), proxy);
        Assert.Equal([482], proxy.Statuses());

        edge.Receive(sent.ToBuilder().RequestUri("sip:carol@127.0.0.1").Build().WithVia("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKp2"), proxy);
        Assert.Equal([100], proxy.Statuses());
    }

    private static SipRequest Large(IPEndPoint to) => SipRequest.Create(SipMethod.Invite, "sip:bob@" + to)
        .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(7).Body(new string('x', 1400), "text/plain").Build();
}
