using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Telephony.Sip;

namespace Telephony.Api.Health;

/// <summary>The SIP edge of this process answers an OPTIONS (RFC 3261 §11) that comes over UDP as a peer's would. Healthy where no edge is part of the process.</summary>
internal sealed class SipHealth(IServiceProvider services) : IHealthCheck
{
    private static readonly TimeSpan T1 = TimeSpan.FromMilliseconds(500);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (services.GetService<ISipEdge>() is not { } edge) return HealthCheckResult.Healthy("Not in this process.");
        var address = edge.Address(SipTransport.Udp);
        if (!int.TryParse(address.AsSpan(address.LastIndexOf(':') + 1), out var port)) return HealthCheckResult.Unhealthy("Not started.");

        var target = new IPEndPoint(Bound(services.GetRequiredService<IOptions<SipEdgeOptions>>().Value), port);
        using var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(target, cancellationToken);
        var answer = new byte[4096];
        var receive = socket.ReceiveAsync(answer, SocketFlags.None, cancellationToken).AsTask();
        for (var i = 0; i < 4; i++) // again, should one be lost
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(Request(target, (IPEndPoint)socket.LocalEndPoint!)), SocketFlags.None, cancellationToken);
            if (await Task.WhenAny(receive, Task.Delay(T1, TimeProvider.System, cancellationToken)) != receive) continue;
            return answer.AsSpan(0, await receive).StartsWith("SIP/2.0 200"u8) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("It does not answer 200.");
        }

        return HealthCheckResult.Unhealthy("It does not answer.");
    }

    private static IPAddress Bound(SipEdgeOptions options)
    {
        var address = IPAddress.TryParse(options.Bind.Split(',')[0].Trim(), out var parsed) ? parsed : IPAddress.Loopback;
        return address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
    }

    private static string Request(IPEndPoint target, IPEndPoint local)
    {
        var id = RandomNumberGenerator.GetHexString(16, lowercase: true);
        return $"OPTIONS sip:{target} SIP/2.0\r\nVia: SIP/2.0/UDP {local};rport;branch=z9hG4bK{id}\r\nMax-Forwards: 70\r\nFrom: <sip:health@{local}>;tag={id}\r\n"
            + $"To: <sip:{target}>\r\nCall-ID: {id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
    }
}
