using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Telephony.Api.Phones;
using Telephony.Sip;

namespace Telephony.Api.Tests.Phones;

/// <summary>The way of a browser's phone to the SIP library (RFC 7118 §4).</summary>
public sealed class SipSocketTests : IAsyncLifetime, ISipWebSockets
{
    private WebApplication _app = null!;
    private Uri _address = null!;
    private (IPEndPoint Remote, bool IsSecure)? _handedOver;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton<ISipWebSockets>(this);
        builder.Services.Configure<SipEdgeOptions>(options => options.Origins = "https://phone.example.com, https://desk.example.com");
        _app = builder.Build();
        _app.MapSip();
        await _app.StartAsync();
        _address = new Uri(_app.Urls.Single());
    }

    async Task ISipWebSockets.Run(WebSocket socket, IPEndPoint remote, bool isSecure, CancellationToken stop)
    {
        _handedOver = (remote, isSecure);
        var buffer = new byte[16];
        var part = await socket.ReceiveAsync(buffer, stop);
        await socket.SendAsync(buffer.AsMemory(0, part.Count), WebSocketMessageType.Text, true, stop);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop);
    }

    private async Task<int> Open(string? protocol, string? origin)
    {
        using var phone = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        if (protocol is not null) phone.Options.AddSubProtocol(protocol);
        if (origin is not null) phone.Options.SetRequestHeader("Origin", origin == "own" ? _address.GetLeftPart(UriPartial.Authority) : origin);
        try
        {
            await phone.ConnectAsync(new Uri($"ws://{_address.Authority}/sip"), CancellationToken.None);
        }
        catch (WebSocketException)
        {
            return (int)phone.HttpStatusCode;
        }

        Assert.Equal("sip", phone.SubProtocol);
        await phone.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        var answer = new byte[16];
        var part = await phone.ReceiveAsync(answer, CancellationToken.None);
        Assert.Equal("hello"u8.ToArray(), answer[..part.Count]);
        return (int)phone.HttpStatusCode;
    }

    [Theory]
    [InlineData(null)]
    [InlineData("own")]
    [InlineData("https://desk.example.com")]
    public async Task A_phone_of_this_site_or_of_one_that_is_allowed_is_handed_over(string? origin)
    {
        Assert.Equal(101, await Open("sip", origin));
        Assert.Equal((IPAddress.Loopback, false), (_handedOver!.Value.Remote.Address, _handedOver.Value.IsSecure));
    }

    [Theory]
    [InlineData("https://elsewhere.example.com")]
    [InlineData("null")]
    [InlineData("https://phone.example.com.evil.example")]
    public async Task A_page_of_another_site_is_refused(string origin)
    {
        Assert.Equal(403, await Open("sip", origin));
        Assert.Null(_handedOver);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("xmpp")]
    public async Task Another_subprotocol_is_refused(string? protocol)
    {
        Assert.Equal(400, await Open(protocol, null));
        Assert.Null(_handedOver);
    }

    [Fact]
    public async Task What_is_no_websocket_is_refused()
    {
        using var client = new HttpClient { BaseAddress = _address };

        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/sip")).StatusCode);
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
