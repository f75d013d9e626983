using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transports;

/// <summary>Browsers' phones (RFC 7118), through a real web server.</summary>
public sealed class WebSocketTests : IAsyncDisposable
{
    private readonly List<ClientWebSocket> _phones = [];
    private EdgeFixture _edge = new(options => options.MaxConnectionsPerAddress = 3, TimeProvider.System);
    private WebApplication? _web;
    private bool _isSecure;

    private async Task<WebApplication> Serve()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        var web = builder.Build();
        web.UseWebSockets();
        web.Run(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(ISipWebSockets.Subprotocol);
            await _edge.Edge.Run(socket, new IPEndPoint(context.Connection.RemoteIpAddress!, context.Connection.RemotePort), _isSecure, CancellationToken.None);
        });
        await web.StartAsync();
        return web;
    }

    private async Task<ClientWebSocket> Connect()
    {
        _web ??= await Serve();
        var phone = new ClientWebSocket();
        _phones.Add(phone);
        phone.Options.AddSubProtocol(ISipWebSockets.Subprotocol);
        await phone.ConnectAsync(new Uri(_web.Urls.Single().Replace("http", "ws", StringComparison.Ordinal)), CancellationToken.None);
        return phone;
    }

    private static byte[] Request(string method = "REGISTER", string branch = "z9hG4bK1", string callId = "c1") => Bytes(
        Invite(branch, method, callId: callId).Replace("SIP/2.0/UDP 192.0.2.1:5060", "SIP/2.0/WS df7jal23ls0d.invalid", StringComparison.Ordinal)
            .Replace("<sip:alice@192.0.2.1:5060>", "<sip:alice@df7jal23ls0d.invalid;transport=ws>", StringComparison.Ordinal)
            .Replace("Content-Length: 0\n", "", StringComparison.Ordinal)); // RFC 7118 §5.4: it may be left out

    private static Task Send(ClientWebSocket phone, byte[] message, WebSocketMessageType type = WebSocketMessageType.Text) =>
        phone.SendAsync(message, type, endOfMessage: true, CancellationToken.None);

    private static async Task<(WebSocketMessageType Type, string Text)> Receive(ClientWebSocket phone)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[80_000];
        var length = 0;
        while (true)
        {
            var part = await phone.ReceiveAsync(buffer.AsMemory(length), patience.Token);
            length += part.Count;
            if (part.EndOfMessage) return (part.MessageType, Encoding.UTF8.GetString(buffer, 0, length));
        }
    }

    private async Task<bool> IsRefused()
    {
        try
        {
            return await Ends(await Connect());
        }
        catch (WebSocketException)
        {
            return true;
        }
    }

    [Fact]
    public async Task A_long_message_that_finds_no_room_ends_its_socket_and_leaves_nothing_behind()
    {
        await _edge.DisposeAsync();
        _edge = new(options => options.MaxBufferedBytes = 10_000, TimeProvider.System);
        var phone = await Connect();

        await phone.SendAsync(new byte[5_000], WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);
        await phone.SendAsync(new byte[5_000], WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);

        Assert.True(await Ends(phone));
        Assert.Equal(0, _edge.Edge.Buffered);
    }

    private static async Task<bool> Ends(ClientWebSocket phone)
    {
        try
        {
            return (await Receive(phone)).Type == WebSocketMessageType.Close;
        }
        catch (WebSocketException)
        {
            return true;
        }
    }

    private static SipRequest Toward(string uri) =>
        SipRequest.Create(SipMethod.Options, uri).Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(1).Build();

    [Theory]
    [InlineData(WebSocketMessageType.Text)]
    [InlineData(WebSocketMessageType.Binary)]
    public async Task A_phone_registers_and_is_reached_on_its_connection(WebSocketMessageType type)
    {
        var phone = await Connect();
        await Send(phone, Request(), type);
        var heard = await _edge.Next<SipRequestReceived>();

        Assert.Equal((SipTransport.Ws, "127.0.0.1"), (heard.Flow.Transport, heard.Request.Vias[0].Received));
        _edge.Edge.Respond(heard.Transaction, SipResponse.For(heard.Request, 200).Build());
        var (answerType, answer) = await Receive(phone);
        Assert.Equal(WebSocketMessageType.Text, answerType);
        Assert.Equal((200, "df7jal23ls0d.invalid"), (Response(answer).Status, Response(answer).Vias[0].Host));

        _edge.Edge.Send("t1", Toward("sip:alice@df7jal23ls0d.invalid;transport=ws"), heard.Flow, "leg");
        var request = TestMessages.Request((await Receive(phone)).Text);
        Assert.Equal("WS", request.Vias[0].Transport);
        await Send(phone, SipResponse.For(request, 200).Build().Wire.ToArray());
        Assert.Equal(200, (await _edge.Next<SipResponseReceived>()).Response.Status);
    }

    [Fact]
    public async Task A_secure_one_is_named_so()
    {
        _isSecure = true;
        var phone = await Connect();
        await Send(phone, Request());
        var flow = (await _edge.Next<SipRequestReceived>()).Flow;

        _edge.Edge.Send("t1", Toward("sip:alice@df7jal23ls0d.invalid;transport=ws"), flow, "leg");

        Assert.Equal(SipTransport.Wss, flow.Transport);
        Assert.Contains("Via: SIP/2.0/WSS ", (await Receive(phone)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_in_fragments_is_put_together_and_a_large_one_answered()
    {
        var phone = await Connect();
        var body = new string('x', 60_000);
        var message = Bytes(Encoding.UTF8.GetString(Request("MESSAGE")).Replace("Max-Forwards", "Content-Type: text/plain\nMax-Forwards", StringComparison.Ordinal) + body);
        foreach (var part in message.Chunk(7_777)) await phone.SendAsync(part, WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
        await phone.SendAsync(Array.Empty<byte>(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        var heard = await _edge.Next<SipRequestReceived>();
        Assert.Equal(body, Encoding.UTF8.GetString(heard.Request.Body.Span));

        _edge.Edge.Respond(heard.Transaction, SipResponse.For(heard.Request, 200).Body(heard.Request.Body, "text/plain").Build());
        Assert.EndsWith(body, (await Receive(phone)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_text_goes_out_as_binary()
    {
        var phone = await Connect();
        await Send(phone, Request());
        var heard = await _edge.Next<SipRequestReceived>();

        _edge.Edge.Respond(heard.Transaction, SipResponse.For(heard.Request, 200).Body(new byte[] { 0xff, 0xfe }, "application/octet-stream").Build());

        Assert.Equal(WebSocketMessageType.Binary, (await Receive(phone)).Type);
    }

    [Fact]
    public async Task A_message_that_is_too_long_ends_the_connection()
    {
        var phone = await Connect();
        try
        {
            await Send(phone, new byte[100_000]);
        }
        catch (WebSocketException)
        {
            // cut off already
        }

        Assert.True(await Ends(phone));
        Assert.Empty(_edge.Heard<SipFlowClosed>());
    }

    [Fact]
    public async Task Garbage_is_dropped_and_the_next_message_served()
    {
        var phone = await Connect();
        await Send(phone, "this is not SIP"u8.ToArray());
        await Send(phone, []);
        await Send(phone, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Request()).Replace("transport=ws>", "transport=ws", StringComparison.Ordinal)));
        Assert.Equal(400, Response((await Receive(phone)).Text).Status);

        await Send(phone, Request(branch: "z9hG4bK2", callId: "c2"));

        Assert.Equal("c2", (await _edge.Next<SipRequestReceived>()).Request.CallId);
        Assert.Empty(_edge.Faults);
    }

    [Fact]
    public async Task Who_is_banned_loses_the_connection()
    {
        await _edge.DisposeAsync();
        _edge = new EdgeFixture(options => (options.Defence.Allow, options.Defence.Offences) = ("", 2));
        var phone = await Connect();
        await Send(phone, Request());
        await _edge.Next<SipRequestReceived>();

        for (var number = 0; number < 3; number++) await Send(phone, "this is not SIP"u8.ToArray());

        Assert.True(await Ends(phone));
        await _edge.Next<SipFlowClosed>();
    }

    [Fact]
    public async Task A_ping_gets_a_pong()
    {
        var phone = await Connect();
        await Send(phone, "\r\n\r\n"u8.ToArray());

        Assert.Equal("\r\n", (await Receive(phone)).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_ends_is_told_and_requests_to_its_flow_fail_with_503(bool isPolite)
    {
        var phone = await Connect();
        await Send(phone, Request());
        var flow = (await _edge.Next<SipRequestReceived>()).Flow;
        _edge.Edge.Send("t1", Toward("sip:alice@df7jal23ls0d.invalid;transport=ws"), flow, "leg");
        await Receive(phone);

        if (isPolite) await phone.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        else phone.Abort();

        Assert.Equal(flow, (await _edge.Next<SipFlowClosed>()).Flow);
        Assert.Equal((503, SipResponseSource.TransportFailed), Of(await _edge.Next<SipResponseReceived>()));
        _edge.Edge.Send("t2", Toward("sip:alice@192.0.2.7;transport=ws"), flow, "leg"); // not even where it names an address
        Assert.Equal((503, SipResponseSource.TransportFailed), Of(await _edge.Next<SipResponseReceived>(1)));

        static (int, SipResponseSource) Of(SipResponseReceived heard) => (heard.Response.Status, heard.Source);
    }

    [Fact]
    public async Task One_connection_more_than_allowed_is_closed()
    {
        var first = await Connect();
        await Connect();
        await Connect();
        foreach (var phone in _phones) await Send(phone, "\r\n\r\n"u8.ToArray());
        foreach (var phone in _phones) await Receive(phone);

        Assert.True(await IsRefused());
        await Send(first, Request());
        await _edge.Next<SipRequestReceived>();
    }

    [Fact]
    public async Task Who_says_nothing_is_cut_off()
    {
        await _edge.DisposeAsync();
        _edge = new EdgeFixture();
        var phone = await Connect();
        await Send(phone, "\r\n\r\n"u8.ToArray()); // a ping is not a message
        await Receive(phone);

        _edge.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.True(await Ends(phone));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var phone in _phones) phone.Dispose();
        await _edge.DisposeAsync();
        if (_web is not null) await _web.DisposeAsync();
    }
}
