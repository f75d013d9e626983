using System.Net;
using System.Net.Sockets;
using System.Text;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transports;

public sealed class TcpTests : IAsyncDisposable
{
    private readonly EdgeFixture _edge = new(clock: TimeProvider.System);

    private async Task<TcpClient> Connect()
    {
        var client = new TcpClient(AddressFamily.InterNetwork) { NoDelay = true, ReceiveTimeout = 20_000 };
        await client.ConnectAsync(_edge.EndPoint);
        return client;
    }

    private static string Options(string branch, string callId = "c1") =>
        Invite(branch + ";rport", "OPTIONS", callId: callId).Replace("/UDP", "/TCP", StringComparison.Ordinal);

    private static SipRequest Request(string name) => SipRequest.Create(SipMethod.Options, "sip:bob@127.0.0.1:1;transport=tcp")
        .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", name).CSeq(1).Build();

    [Fact]
    public async Task Messages_are_found_in_the_stream_however_it_is_cut()
    {
        using var client = await Connect();
        var body = Options("z9hG4bKa").Replace("Content-Length: 0", "Content-Type: text/plain\nl : 5", StringComparison.Ordinal);
        byte[] stream = [.. Bytes("\r\n"), .. Bytes(body), .. "hello"u8, .. Bytes(Options("z9hG4bKb", "c2")), .. Bytes(Options("z9hG4bKc", "c3"))];
        foreach (var part in stream.Chunk(7)) await client.GetStream().WriteAsync(part);

        Assert.Equal("hello", Encoding.UTF8.GetString((await _edge.Next<SipRequestReceived>()).Request.Body.Span));
        Assert.Equal("c2", (await _edge.Next<SipRequestReceived>(1)).Request.CallId);
        Assert.Equal("c3", (await _edge.Next<SipRequestReceived>(2)).Request.CallId);
    }

    [Fact]
    public async Task Answers_and_new_requests_go_down_the_same_connection()
    {
        using var client = await Connect();
        await client.GetStream().WriteAsync(Bytes(Options("z9hG4bKa")));
        var heard = await _edge.Next<SipRequestReceived>();
        Assert.Equal((SipTransport.Tcp, client.Client.LocalEndPoint!.ToString()), (heard.Flow.Transport, heard.Flow.Remote));

        _edge.Edge.Respond(heard.Transaction, SipResponse.For(heard.Request, 200).Build());
        _edge.Edge.Send("t1", Request("x"), heard.Flow, "leg");

        var stream = await ReadUntil(client, "z9hG4bKt1");
        Assert.StartsWith("SIP/2.0 200 OK", stream, StringComparison.Ordinal);
        Assert.Contains("OPTIONS sip:bob@127.0.0.1:1", stream, StringComparison.Ordinal);
        Assert.Contains("Via: SIP/2.0/TCP", stream, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ping_gets_a_pong()
    {
        using var client = await Connect();
        await client.GetStream().WriteAsync("\r\n\r\n"u8.ToArray());
        var buffer = new byte[16];

        Assert.Equal(2, await client.GetStream().ReadAsync(buffer).Soon());
        Assert.Equal("\r\n", Encoding.ASCII.GetString(buffer, 0, 2));
    }

    [Theory]
    [InlineData("hello world, this is not SIP\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\r\rx")]
    public async Task Something_else_than_sip_ends_the_connection(string text)
    {
        using var client = await Connect();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[16]).Soon());
        Assert.Empty(_edge.Heard<SipFlowClosed>());
    }

    [Fact]
    public async Task A_negative_length_is_answered_400_and_ends_the_connection()
    {
        using var client = await Connect();
        await client.GetStream().WriteAsync(Bytes(Options("z9hG4bKa").Replace("Content-Length: 0", "Content-Length: -9", StringComparison.Ordinal)));

        Assert.StartsWith("SIP/2.0 400", await ReadUntil(client, null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_connection_is_told_once_it_was_used_and_ends_what_waits_on_it()
    {
        var client = await Connect();
        await client.GetStream().WriteAsync(Bytes(Options("z9hG4bKa")));
        var heard = await _edge.Next<SipRequestReceived>();
        _edge.Edge.Send("t1", Request("x"), heard.Flow, "leg");
        await ReadUntil(client, "z9hG4bKt1");

        client.Dispose();

        Assert.Equal(heard.Flow, (await _edge.Next<SipFlowClosed>()).Flow);
        var failed = await _edge.Next<SipResponseReceived>();
        Assert.Equal((503, SipResponseSource.TransportFailed), (failed.Response.Status, failed.Source));
    }

    [Fact]
    public async Task Who_watches_a_flow_is_told_when_it_ends_and_at_once_when_it_has_ended()
    {
        var client = await Connect();
        await client.GetStream().WriteAsync(Bytes(Options("z9hG4bKa")));
        var flow = (await _edge.Next<SipRequestReceived>()).Flow;
        _edge.Edge.Watch(flow, "one");
        _edge.Edge.Watch(flow, "one");
        _edge.Edge.Watch(flow, "two");
        _edge.Edge.Watch(new SipFlow(SipTransport.Udp, "127.0.0.1:9"), "three");
        Assert.Empty(_edge.Heard<SipFlowClosed>());

        client.Dispose();

        Assert.Equal(["one", "two"], (await _edge.Next<SipFlowClosed>()).Owners.AsEnumerable());
        _edge.Edge.Watch(flow, "late");
        Assert.Equal(["late"], (await _edge.Next<SipFlowClosed>(1)).Owners.AsEnumerable());
    }

    [Fact]
    public async Task When_the_flow_is_gone_the_target_is_called()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var request = SipRequest.Create(SipMethod.Options, $"sip:bob@{listener.LocalEndpoint};transport=tcp")
            .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(1).Build();

        _edge.Edge.Send("t1", request, new SipFlow(SipTransport.Tcp, "127.0.0.1:9", 12345), "leg");
        using var client = await listener.AcceptTcpClientAsync().Soon();
        var text = await ReadUntil(client, "\r\n\r\n");
        await client.GetStream().WriteAsync(SipResponse.For(TestMessages.Request(text), 200).Build().Wire);

        Assert.Equal(200, (await _edge.Next<SipResponseReceived>()).Response.Status);
    }

    [Fact]
    public async Task A_target_that_does_not_listen_fails_with_503()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var nobody = taken.LocalEndpoint.ToString();
        taken.Stop();
        var request = SipRequest.Create(SipMethod.Options, $"sip:bob@{nobody};transport=tcp")
            .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(1).Build();

        _edge.Edge.Send("t1", request, null, "leg");

        Assert.Equal(SipResponseSource.TransportFailed, (await _edge.Next<SipResponseReceived>()).Source);
    }

    [Fact]
    public async Task One_connection_more_than_allowed_is_closed()
    {
        await using var edge = new EdgeFixture(options => options.MaxConnectionsPerAddress = 2, TimeProvider.System);
        var clients = new List<TcpClient>();
        for (var number = 0; number < 3; number++)
        {
            var client = new TcpClient(AddressFamily.InterNetwork);
            await client.ConnectAsync(edge.EndPoint);
            clients.Add(client);
        }

        Assert.Equal(0, await clients[2].GetStream().ReadAsync(new byte[1]).Soon());
        await clients[0].GetStream().WriteAsync(Bytes(Options("z9hG4bKa")));
        await edge.Next<SipRequestReceived>();
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_silent_connection_is_closed_when_its_time_is_over()
    {
        await using var edge = new EdgeFixture();
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(edge.EndPoint);
        await client.GetStream().WriteAsync("\r\n\r\n"u8.ToArray()); // a ping is not a message
        await client.GetStream().ReadExactlyAsync(new byte[2]).Soon();

        edge.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]).Soon());
    }

    [Fact]
    public async Task One_connection_more_than_the_edge_takes_in_all_is_closed()
    {
        await using var edge = new EdgeFixture(options => options.MaxConnections = 1, TimeProvider.System);
        using var first = new TcpClient(AddressFamily.InterNetwork);
        using var second = new TcpClient(AddressFamily.InterNetwork);
        await first.ConnectAsync(edge.EndPoint);
        await first.GetStream().WriteAsync(Bytes(Options("z9hG4bKa")));
        await edge.Next<SipRequestReceived>();
        await second.ConnectAsync(edge.EndPoint);

        Assert.Equal(0, await second.GetStream().ReadAsync(new byte[1]).Soon());
        await first.GetStream().WriteAsync(Bytes(Options("z9hG4bKb", "c2")));
        await edge.Next<SipRequestReceived>(1);
    }

    [Fact]
    public async Task A_message_that_never_ends_ends_the_connection()
    {
        using var client = await Connect();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("OPTIONS sip:a SIP/2.0\r\nSubject: " + new string('x', 65_536)));

        Assert.Equal("", await ReadUntil(client, null));
    }

    [Theory] // slow loris
    [InlineData("OPTIONS sip:bob@127.0.0.1 SIP/2.0\r\nSubject: ", 31)]
    [InlineData("", 20 * 60 + 1)]
    [InlineData("\r\n", 20 * 60 + 1)] // a keep-alive that another half may follow
    public async Task A_used_connection_may_be_silent_for_a_while_but_not_within_a_message(string begun, int seconds)
    {
        await using var edge = new EdgeFixture();
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(edge.EndPoint);
        await client.GetStream().WriteAsync(Bytes(Options("z9hG4bKa", "c2")));
        await edge.Next<SipRequestReceived>();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("\r\n\r\n" + begun));
        await client.GetStream().ReadExactlyAsync(new byte[2]).Soon(); // the pong: what came with the ping is read

        edge.Time.Advance(TimeSpan.FromSeconds(seconds - 5));
        Assert.Empty(edge.Heard<SipFlowClosed>());
        for (var more = 0; more < 20 && edge.Heard<SipFlowClosed>().Count == 0; more++)
        {
            edge.Time.Advance(TimeSpan.FromSeconds(10)); // its own thread may start the timer a bit later
            await Task.Yield();
        }

        await edge.Next<SipFlowClosed>();
    }

    [Fact]
    public async Task A_connection_that_somebody_is_registered_by_may_be_silent_for_as_long_as_registrations_last()
    {
        await using var edge = new EdgeFixture();
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(edge.EndPoint);
        await client.GetStream().WriteAsync(Bytes(Options("z9hG4bKa")));
        edge.Edge.Watch((await edge.Next<SipRequestReceived>()).Flow, "device");

        edge.Time.Advance(TimeSpan.FromMinutes(64));
        Assert.Empty(edge.Heard<SipFlowClosed>());
        edge.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(["device"], (await edge.Next<SipFlowClosed>()).Owners.AsEnumerable());
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_cut_off()
    {
        await using var edge = new EdgeFixture(options => options.MaxQueuedBytes = 65536, TimeProvider.System);
        using var client = new TcpClient(AddressFamily.InterNetwork) { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(edge.EndPoint);
        await client.GetStream().WriteAsync(Bytes(Options("z9hG4bKa")));
        var flow = (await edge.Next<SipRequestReceived>()).Flow;
        var large = Request("x").ToBuilder().Body(new byte[50_000], "application/octet-stream").Build();

        for (var number = 0; number < 500 && edge.Heard<SipFlowClosed>().Count == 0; number++) edge.Edge.Send("t" + number, large, flow, "leg");

        Assert.Equal(flow, (await edge.Next<SipFlowClosed>()).Flow);
    }

    [Fact]
    public async Task A_fault_in_who_hears_of_the_end_keeps_it_from_nobody_else()
    {
        using var client = await Connect();
        await client.GetStream().WriteAsync(Bytes(Options("z9hG4bKa")));
        var flow = (await _edge.Next<SipRequestReceived>()).Flow;
        _edge.Edge.Watch(flow, "device");
        _edge.Edge.Send("t1", Request("x"), flow, "one");
        _edge.Edge.Send("t2", Request("y"), flow, "two");
        await ReadUntil(client, "z9hG4bKt2");
        _edge.OnOtherDo = input => throw new InvalidOperationException("fault");

        client.Close();

        Assert.Equal(["device"], (await _edge.Next<SipFlowClosed>()).Owners.AsEnumerable());
        Assert.Equal(["one", "two"], _edge.Heard<SipResponseReceived>().Select(heard => heard.Owner).Order());
        await Until(() => _edge.Faults.Count == 3);
    }

    [Fact]
    public async Task Long_messages_that_are_begun_and_left_take_no_more_than_they_may_and_short_ones_go_on()
    {
        await using var edge = new EdgeFixture(options => options.MaxBufferedBytes = 100_000, TimeProvider.System);
        async Task<TcpClient> Open()
        {
            var client = new TcpClient(AddressFamily.InterNetwork) { NoDelay = true };
            await client.ConnectAsync(edge.EndPoint);
            return client;
        }

        var body = new byte[60_000];
        byte[] Long(string branch) => [.. Bytes(Options(branch, branch).Replace("Content-Length: 0", "Content-Type: a/b\nContent-Length: 60000", StringComparison.Ordinal)), .. body];
        using var first = await Open();
        await first.GetStream().WriteAsync(Long("z9hG4bKa").AsMemory(0, 50_000));
        await Until(() => edge.Edge.Buffered == 65536);

        using var second = await Open();
        await second.GetStream().WriteAsync(Long("z9hG4bKb").AsMemory(0, 50_000));
        Assert.True(await IsCutOff(second));

        using var third = await Open();
        await third.GetStream().WriteAsync(Bytes(Options("z9hG4bKc", "short")));
        Assert.Equal("short", (await edge.Next<SipRequestReceived>()).Request.CallId);

        await first.GetStream().WriteAsync(Long("z9hG4bKa").AsMemory(50_000));
        Assert.Equal(body.Length, (await edge.Next<SipRequestReceived>(1)).Request.Body.Length);
        await Until(() => edge.Edge.Buffered == 0);
        await third.GetStream().WriteAsync(Long("z9hG4bKd"));
        await edge.Next<SipRequestReceived>(2);
        await Until(() => edge.Edge.Buffered == 0);
    }

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    private static async Task Until(Func<bool> isSo)
    {
        for (var tries = 0; !isSo(); tries++)
        {
            Assert.NotEqual(4000, tries);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    // what was not read makes it a reset
    private static async Task<bool> IsCutOff(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1]).Soon() == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    // to the end of the stream when there is nothing to find
    private static async Task<string> ReadUntil(TcpClient client, string? wanted)
    {
        var text = new StringBuilder();
        var buffer = new byte[65536];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (wanted is null || !text.ToString().Contains(wanted, StringComparison.Ordinal))
        {
            var read = await client.GetStream().ReadAsync(buffer, patience.Token);
            if (read == 0) break;
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
