using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using NSubstitute;
using Telephony.Api.Health;
using Telephony.Sip;

namespace Telephony.Api.Tests.Health;

public class SipHealthTests
{
    [Theory]
    [InlineData("SIP/2.0 200 OK", HealthStatus.Healthy)]
    [InlineData("SIP/2.0 503 Service Unavailable", HealthStatus.Unhealthy)]
    public async Task The_edge_is_asked_as_a_peer_would(string answer, HealthStatus status)
    {
        using var edge = Bound();
        var check = Check(((IPEndPoint)edge.LocalEndPoint!).Port).CheckHealthAsync(new());
        var request = new byte[4096];
        var received = await edge.ReceiveFromAsync(request, new IPEndPoint(IPAddress.Any, 0));
        await edge.SendToAsync(Encoding.ASCII.GetBytes($"{answer}\r\nContent-Length: 0\r\n\r\n"), received.RemoteEndPoint);

        Assert.StartsWith("OPTIONS sip:127.0.0.1", Encoding.ASCII.GetString(request), StringComparison.Ordinal);
        Assert.Equal(status, (await check).Status);
    }

    [Fact]
    public async Task An_edge_that_is_silent_is_not_healthy()
    {
        using var edge = Bound();

        Assert.Equal(HealthStatus.Unhealthy, (await Check(((IPEndPoint)edge.LocalEndPoint!).Port).CheckHealthAsync(new())).Status);
    }

    [Fact]
    public async Task A_process_without_an_edge_lacks_nothing()
    {
        var check = new SipHealth(new ServiceCollection().BuildServiceProvider());

        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new())).Status);
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static SipHealth Check(int port)
    {
        var edge = Substitute.For<ISipEdge>();
        edge.Address(SipTransport.Udp).Returns($"192.0.2.1:{port}"); // what peers use; this process uses what it has bound
        return new SipHealth(new ServiceCollection().AddSingleton(edge).AddSingleton(Options.Create(new SipEdgeOptions())).BuildServiceProvider());
    }
}
