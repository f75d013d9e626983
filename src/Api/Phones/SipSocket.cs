using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Telephony.Api.Identity;
using Telephony.Sip;

namespace Telephony.Api.Phones;

/// <summary>
/// <c>/sip</c>: browsers' phones open a WebSocket (RFC 7118) and speak SIP over it, with digest as every phone. No cookie counts here; the origin is looked at so that
/// another site's page can't use this server by a visitor's browser. Not there where no edge is part of the process.
/// </summary>
internal static class SipSocket
{
    private const string Path = "/sip";

    public static void MapSip(this WebApplication app)
    {
        if (app.Services.GetService<ISipWebSockets>() is not { } sip) return;
        var origins = app.Services.GetRequiredService<IOptions<SipEdgeOptions>>().Value.AllowedOrigins();
        var stop = app.Lifetime.ApplicationStopping;

        var pipeline = ((IEndpointRouteBuilder)app).CreateApplicationBuilder();
        pipeline.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(30), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
        pipeline.Run(context => Accept(context, sip, origins, stop));
        app.Map(Path, pipeline.Build()).ExcludeFromDescription();
    }

    private static async Task Accept(HttpContext context, ISipWebSockets sip, IReadOnlyList<string> origins, CancellationToken stop)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(ISipWebSockets.Subprotocol, StringComparer.OrdinalIgnoreCase))
        {
            await Problem.Write(context, StatusCodes.Status400BadRequest, "Only a WebSocket with the subprotocol 'sip' is welcome here (RFC 7118).");
            return;
        }

        if (!Origin.IsOwn(context.Request) && !origins.Contains("*") && !origins.Contains(context.Request.Headers.Origin.ToString(), StringComparer.OrdinalIgnoreCase))
        {
            await Problem.Write(context, StatusCodes.Status403Forbidden, "This page's origin is not among Telephony:Sip:Origins.");
            return;
        }

        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = ISipWebSockets.Subprotocol });
        await sip.Run(socket, new IPEndPoint(address, context.Connection.RemotePort), context.Request.IsHttps, stop);
    }
}
