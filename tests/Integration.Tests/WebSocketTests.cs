using System.Net.WebSockets;
using System.Text;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests;

/// <summary>A phone that speaks SIP over the web server's <c>/sip</c> (RFC 7118), as one in a browser does.</summary>
[Collection(ServerCollection.Name)]
public sealed class WebSocketTests(ServerFixture fixture)
{
    private const string Host = "df7jal23ls0d.invalid";

    private async Task<ClientWebSocket> Connect()
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("sip");
        socket.Options.SetRequestHeader("Origin", fixture.Server.Web.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new UriBuilder(fixture.Server.Web) { Scheme = "ws", Path = "/sip" }.Uri, CancellationToken.None);
        return socket;
    }

    private static Task Send(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    // the next message that is no provisional response
    private static async Task<SipMessage> Receive(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[65536];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            Assert.True(part.EndOfMessage);
            var message = SipMessage.Parse(buffer.AsSpan(0, part.Count));
            if (message.Status is not < 200) return message;
        }
    }

    private static string OverWebSocket(string request, TestPhone phone) => request
        .Replace($"SIP/2.0/UDP 127.0.0.1:{phone.Port}", $"SIP/2.0/WS {Host}", StringComparison.Ordinal);

    [Fact]
    public async Task A_phone_registers_and_rings_and_nobody_waits_for_it_when_its_connection_is_gone()
    {
        var tenant = await fixture.Server.AddTenant(2);
        using var watcher = await tenant.SignIn(100);
        await using var words = new TestPhone(tenant.Account(101)); // what it would say; its own socket stays silent
        using var socket = await Connect();
        var uri = $"sip:{tenant.Domain}";
        var contact = $"Contact: <sip:101@{Host};transport=ws>\r\nExpires: 600\r\n";
        string Register(int cseq, string more) => OverWebSocket(words.Request("REGISTER", uri, cseq, "ws-register", "a", words.Account.Uri, extra: contact + more), words);

        await Send(socket, Register(1, ""));
        var challenge = await Receive(socket);
        Assert.Equal(401, challenge.Status);
        await Send(socket, Register(2, words.Authorization(challenge, "REGISTER", uri)));
        Assert.Equal(200, (await Receive(socket)).Status);
        await Eventually.Get(() => watcher.StatusOf(101), status => status == "available");

        await using var caller = new TestPhone(tenant.Account(100));
        await caller.Register();
        var call = await caller.Invite("101");
        var invite = await Receive(socket);
        Assert.Equal("INVITE", invite.Method);
        Assert.StartsWith("SIP/2.0/WS ", invite["Via"], StringComparison.Ordinal);
        Assert.Contains(";transport=ws", invite.Target, StringComparison.Ordinal);
        await Send(socket, $"SIP/2.0 486 Busy Here\r\nVia: {invite["Via"]}\r\nFrom: {invite["From"]}\r\nTo: {invite["To"]};tag=ws\r\nCall-ID: {invite.CallId}\r\nCSeq: {invite["CSeq"]}\r\n\r\n");
        Assert.Equal(486, (await call.Final()).Status);

        socket.Abort();
        var next = await caller.Invite("101");
        Assert.Equal(480, (await next.Final(TimeSpan.FromSeconds(10))).Status);
    }
}
