using System.Net;
using System.Net.Sockets;

namespace Telephony.Sip.Tests.Resolution;

/// <summary>RFC 3263 §4.3: the next server is tried when one fails, over real sockets of loopback, under a clock of the test.</summary>
public sealed class FailoverTests : IAsyncDisposable
{
    private readonly UdpPeer _first = new();
    private readonly UdpPeer _second = new();
    private readonly FakeDnsServer _dns;
    private readonly FakeChannel _wire = new();
    private EdgeFixture? _edge;

    public FailoverTests() => _dns = new($"""
        _sip._udp.trunk.example SRV 1 0 {_first.EndPoint.Port} a.trunk.example
        _sip._udp.trunk.example SRV 2 0 {_second.EndPoint.Port} b.trunk.example
        _sip._udp.one.example SRV 1 0 {_first.EndPoint.Port} a.trunk.example
        _sip._tcp.trunk.example SRV 3 0 9 none.trunk.example
        a.trunk.example A 127.0.0.1
        b.trunk.example A 127.0.0.1
        """);

    private EdgeFixture Edge => _edge ??= new(Configure);

    private Action<SipEdgeOptions> Configure { get; set; } = _ => { };

    private VirtualTime Time => Edge.Time;

    private static SipRequest Request(SipMethod method, string uri = "sip:bob@trunk.example", string callId = "x") =>
        SipRequest.Create(method, uri).Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", callId).CSeq(7).Build();

    private void Start()
    {
        var configure = Configure;
        Configure = options =>
        {
            options.Dns.Servers = _dns.EndPoint.ToString();
            configure(options);
        };
        _ = Edge;
    }

    /// <summary>Sends a request, and gives it as it comes to the first server.</summary>
    private SipRequest Send(SipMethod method, string name = "t1", string uri = "sip:bob@trunk.example")
    {
        if (_edge is null) Start();
        Edge.Edge.Send(name, Request(method, uri), null, "leg 1");
        return _first.Request();
    }

    private void Answer(SipRequest request, int status, string tag = "bt", string? retryAfter = null)
    {
        var response = SipResponse.For(request, status, toTag: status == 100 ? null : tag);
        if (retryAfter is not null) response.Add("Retry-After", retryAfter);
        Edge.Receive(response.Build(), _wire);
    }

    private IReadOnlyList<int> Heard() => [.. Edge.Heard<SipResponseReceived>().Select(heard => heard.Response.Status)];

    private static (string Method, string Branch) Sent(SipRequest request) => (request.Method.ToString(), request.Vias[0].Branch!);

    [Theory]
    [InlineData("INVITE")]
    [InlineData("OPTIONS")]
    public void After_a_503_the_next_server_gets_the_request_with_another_branch(string method)
    {
        var request = Send(SipMethod.FromToken(System.Text.Encoding.ASCII.GetBytes(method)));
        Answer(request, 503);
        if (method == "INVITE") Assert.Equal(("ACK", "z9hG4bKt1"), Sent(_first.Request()));

        var again = _second.Request();
        Assert.Equal((method, "z9hG4bKt1!2"), Sent(again));
        Assert.Equal((request.CallId, request.CSeq, request.RequestUri.ToString()), (again.CallId, again.CSeq, again.RequestUri.ToString()));
        Answer(again, 200);

        var heard = Assert.Single(Edge.Heard<SipResponseReceived>());
        Assert.Equal(("t1", "leg 1", 200), (heard.Transaction, heard.Owner, heard.Response.Status));
        Assert.Equal(_second.EndPoint.ToString(), heard.Flow!.Remote); // where the dialog stays
        Time.Advance(40_000);
        Assert.Equal((0, 0, 0), Edge.Edge.Open);
    }

    [Fact]
    public void What_is_asked_and_who_is_left_is_counted()
    {
        Start();
        using var failovers = new Measurements(Edge.Edge.Metrics.Failovers);
        using var queries = new Measurements(Edge.Edge.Metrics.DnsQueries);

        Answer(Send(SipMethod.Options), 503);
        Answer(_second.Request(), 200);

        Assert.Equal(["Telephony.Sip sip.failovers 1 reason=503"], failovers.All);
        Assert.Contains("Telephony.Sip sip.dns.queries 1 type=Srv outcome=NoError", queries.All);
        Assert.Contains("Telephony.Sip sip.dns.queries 1 type=A outcome=NoError", queries.All);
    }

    [Fact]
    public void A_busy_server_is_no_failure()
    {
        Answer(Send(SipMethod.Invite), 486);
        _first.Request(); // its ACK
        Answer(Send(SipMethod.Options, "t2"), 500);

        Assert.Equal([486, 500], Heard());
        Assert.Equal(0, _second.Drain());
    }

    [Fact]
    public void The_last_servers_failure_is_the_owners()
    {
        Answer(Send(SipMethod.Options), 503);
        Answer(_second.Request(), 503, tag: "last");

        var heard = Assert.Single(Edge.Heard<SipResponseReceived>());
        Assert.Equal((503, "last", SipResponseSource.Wire), (heard.Response.Status, heard.Response.To.Tag, heard.Source));
    }

    [Theory]
    [InlineData("INVITE")]
    [InlineData("OPTIONS")]
    public void A_server_that_is_silent_by_udp_is_given_up_soon_while_there_is_another(string method)
    {
        Send(SipMethod.FromToken(System.Text.Encoding.ASCII.GetBytes(method)));
        Time.Advance(3_900);
        Assert.Null(_second.TryReceive());

        Time.Advance(200);
        Assert.Equal("z9hG4bKt1!2", _second.Request().Vias[0].Branch);
        _first.Drain();
        Time.Advance(60_000);

        Assert.Equal(0, _first.Drain()); // it is left alone
        Assert.Equal([408], Heard()); // the last one has all the time of Timer B and F
        Assert.Equal((0, 0, 0), Edge.Edge.Open);
    }

    [Fact]
    public void Without_that_patience_timer_b_decides()
    {
        Configure = options => options.Failover.UdpPatience = TimeSpan.Zero;
        Send(SipMethod.Invite);
        Time.Advance(31_900);
        Assert.Null(_second.TryReceive());

        Time.Advance(200);

        Assert.Equal("z9hG4bKt1!2", _second.Request().Vias[0].Branch);
        Assert.Empty(Heard());
    }

    [Fact]
    public void A_server_that_said_100_is_waited_for()
    {
        var invite = Send(SipMethod.Invite);
        Answer(invite, 100);
        Time.Advance(60_000);

        Assert.Null(_second.TryReceive());
    }

    [Fact]
    public void A_cancel_goes_to_the_server_that_has_the_request()
    {
        Answer(Send(SipMethod.Invite), 503);
        var again = _second.Request();
        Answer(again, 180);
        _first.Drain();

        Edge.Edge.Cancel("t1");

        Assert.Equal(("CANCEL", "z9hG4bKt1!2"), Sent(_second.Request()));
        Answer(again, 487);
        Assert.Equal([180, 487], Heard());
        Assert.Equal(0, _first.Drain());
    }

    [Fact]
    public void A_cancelled_request_moves_on_no_more()
    {
        var invite = Send(SipMethod.Invite);
        Answer(invite, 180);
        Edge.Edge.Cancel("t1");
        Answer(invite, 503);

        Assert.Equal([180, 503], Heard());
        Assert.Null(_second.TryReceive());

        Send(SipMethod.Invite, "t2");
        Edge.Edge.Cancel("t2");
        Time.Advance(60_000);
        Assert.Equal([180, 503, 408], Heard());
        Assert.Null(_second.TryReceive());
    }

    [Fact]
    public void A_server_that_was_given_up_and_rings_late_is_cancelled()
    {
        var late = Send(SipMethod.Invite);
        Time.Advance(4_100);
        var again = _second.Request();
        _first.Drain();

        Answer(late, 180, tag: "late");
        Assert.Equal(("CANCEL", "z9hG4bKt1"), Sent(_first.Request()));
        Answer(late, 487, tag: "late");
        Assert.Equal("ACK", _first.Request().Method.ToString());
        Answer(again, 200);

        Assert.Equal([200], Heard());
    }

    [Fact]
    public void A_server_that_was_given_up_and_takes_the_call_late_is_another_fork()
    {
        var late = Send(SipMethod.Invite);
        Time.Advance(4_100);
        var again = _second.Request();
        _first.Drain();
        Answer(again, 200, tag: "second");
        Answer(late, 200, tag: "late");
        Answer(late, 200, tag: "late"); // a copy

        Assert.Equal(["second", "late"], Edge.Heard<SipResponseReceived>().Select(heard => heard.Response.To.Tag));
        Edge.Edge.Acknowledge(
            "t1", SipRequest.Create(SipMethod.Ack, "sip:bob@" + _first.EndPoint).Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>;tag=late").Add("Call-ID", "x").CSeq(7).Build(), _first.Flow);
        var ack = _first.Request();
        Answer(late, 200, tag: "late");
        Assert.Equal(ack.ToString(), _first.Request().ToString()); // its copy gets the ACK again
    }

    [Fact]
    public void A_server_that_failed_comes_last_for_a_while()
    {
        Answer(Send(SipMethod.Options), 503);
        Answer(_second.Request(), 200);

        Edge.Edge.Send("t2", Request(SipMethod.Options), null, "leg 1");
        var straight = _second.Request();
        Assert.Equal("z9hG4bKt2", straight.Vias[0].Branch);
        Answer(straight, 503);
        var better = _first.Request(); // than none
        Assert.Equal("z9hG4bKt2!2", better.Vias[0].Branch);
        Answer(better, 200);

        Time.Advance(31_000);
        Edge.Edge.Send("t3", Request(SipMethod.Options), null, "leg 1");
        Assert.Equal("z9hG4bKt3", _first.Request().Vias[0].Branch);
    }

    [Fact]
    public async Task A_server_that_wants_to_be_left_alone_is_RFC3261_21_5_4()
    {
        Answer(Send(SipMethod.Options, uri: "sip:bob@one.example"), 503, retryAfter: "60 (maintenance);duration=9");
        Time.Advance(20_000);
        Edge.Edge.Send("t2", Request(SipMethod.Options, "sip:bob@one.example"), null, "leg 1");

        var refused = await Edge.Next<SipResponseReceived>(1);
        Assert.Equal((503, SipResponseSource.TransportFailed, "40"), (refused.Response.Status, refused.Source, refused.Response.Header("Retry-After")));
        Assert.Null(_first.TryReceive());

        Time.Advance(41_000);
        Edge.Edge.Send("t3", Request(SipMethod.Options, "sip:bob@one.example"), null, "leg 1");
        Assert.Equal("z9hG4bKt3", _first.Request().Vias[0].Branch);
    }

    [Fact]
    public async Task A_server_that_does_not_listen_by_tcp_is_passed_over_and_one_that_goes_away_too()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, but nobody listens
        using var leaver = new TcpListener(IPAddress.Loopback, 0);
        leaver.Start();
        using var stayer = new TcpListener(IPAddress.Loopback, 0);
        stayer.Start();
        _dns.Zone = Zone.Of($"""
            _sip._tcp.tcp.example SRV 1 0 {((IPEndPoint)silent.LocalEndPoint!).Port} a.trunk.example
            _sip._tcp.tcp.example SRV 2 0 {((IPEndPoint)leaver.LocalEndpoint).Port} a.trunk.example
            _sip._tcp.tcp.example SRV 3 0 {((IPEndPoint)stayer.LocalEndpoint).Port} a.trunk.example
            a.trunk.example A 127.0.0.1
            """);
        Start();
        Edge.Edge.Send("t1", Request(SipMethod.Invite, "sip:bob@tcp.example"), null, "leg 1");

        using (var gone = await leaver.Accept())
        {
            Assert.Contains("branch=z9hG4bKt1!2", await gone.Message(), StringComparison.Ordinal);
        }

        using var peer = await stayer.Accept();
        var text = await peer.Message();
        Assert.Contains("branch=z9hG4bKt1!3", text, StringComparison.Ordinal);
        await peer.SendAsync(SipResponse.For(TestMessages.Request(text), 200, toTag: "b").Build().Wire);
        Assert.Equal(200, (await Edge.Next<SipResponseReceived>()).Response.Status);
    }

    [Fact]
    public async Task A_server_that_rings_and_goes_away_has_failed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _dns.Zone = Zone.Of($"_sip._tcp.tcp.example SRV 1 0 {((IPEndPoint)listener.LocalEndpoint).Port} a.trunk.example\n_sip._tcp.tcp.example SRV 2 0 9 a.trunk.example\na.trunk.example A 127.0.0.1");
        Start();
        Edge.Edge.Send("t1", Request(SipMethod.Invite, "sip:bob@tcp.example"), null, "leg 1");
        using (var peer = await listener.Accept())
        {
            await peer.SendAsync(SipResponse.For(TestMessages.Request(await peer.Message()), 180, toTag: "b").Build().Wire);
            await Edge.Next<SipResponseReceived>();
        }

        Assert.Equal(SipResponseSource.TransportFailed, (await Edge.Next<SipResponseReceived>(1)).Source);
    }

    [Fact]
    public async Task Requests_that_wait_for_the_dns_leave_in_order_and_one_that_is_cancelled_not_at_all()
    {
        using var hold = new SemaphoreSlim(0);
        _dns.Noise = _ =>
        {
            hold.Wait(TimeSpan.FromSeconds(20));
            hold.Release();
            return [];
        };
        Start();
        for (var number = 0; number < 20; number++) Edge.Edge.Send($"m{number}", Request(SipMethod.Message, callId: $"m{number}"), null, "leg");
        Edge.Edge.Send("t1", Request(SipMethod.Invite), null, "leg 1");
        Edge.Edge.Send("t1", Request(SipMethod.Invite), null, "leg 2");
        Edge.Edge.Cancel("t1");
        Edge.Edge.Cancel("m7"); // only an INVITE can be cancelled
        Edge.Edge.Send("last", Request(SipMethod.Options), null, "leg");

        var cancelled = Assert.Single(Edge.Heard<SipResponseReceived>());
        Assert.Equal(("t1", "leg 1", 487), (cancelled.Transaction, cancelled.Owner, cancelled.Response.Status));
        hold.Release();

        string[] expected = [.. Enumerable.Range(0, 20).Select(number => $"z9hG4bKm{number}"), "z9hG4bKlast"];
        Assert.Equal(expected, expected.Select(_ => _first.Request().Vias[0].Branch));
    }

    [Fact]
    public void An_ack_finds_its_way_by_name()
    {
        var invite = Send(SipMethod.Invite);
        Answer(invite, 200);

        Edge.Edge.Acknowledge("t1", Request(SipMethod.Ack, "sip:bob@trunk.example;transport=udp"), null);

        Assert.Equal("ACK", _first.Request().Method.ToString());
    }

    [Fact]
    public void A_call_of_an_earlier_run_is_cancelled_at_the_server_that_is_looked_up()
    {
        Start();
        Edge.Edge.RestoreClient("old", Request(SipMethod.Invite), null, "leg 1");
        Edge.Edge.Cancel("old");

        Assert.Equal(("CANCEL", "z9hG4bKold"), Sent(_first.Request()));
    }

    [Fact]
    public async Task After_a_restart_too_the_server_that_has_the_call_is_cancelled_and_heard()
    {
        Answer(Send(SipMethod.Invite), 503);
        var invite = _second.Request();
        Answer(invite, 180);
        var heard = Edge.Heard<SipResponseReceived>()[0];
        await using var restarted = new EdgeFixture();
        _first.Drain();

        restarted.Edge.RestoreClient("t1", Request(SipMethod.Invite), heard.Flow, "leg 1", heard.Response.Vias[0].Branch);
        restarted.Edge.RestoreClient("t1", Request(SipMethod.Invite), heard.Flow, "leg 2");
        restarted.Edge.Cancel("t1");

        var cancel = _second.Request();
        Assert.Equal(("CANCEL", "z9hG4bKt1!2"), Sent(cancel));
        restarted.Receive(SipResponse.For(cancel, 200).Build(), _wire);
        restarted.Receive(SipResponse.For(TestMessages.Request(cancel.ToString().Replace("CANCEL", "INVITE", StringComparison.Ordinal)), 487, toTag: "bt").Build(), _wire);
        Assert.Equal(("ACK", "z9hG4bKt1!2"), Sent(_second.Request()));
        var end = Assert.Single(restarted.Heard<SipResponseReceived>());
        Assert.Equal(("t1", "leg 1", 487), (end.Transaction, end.Owner, end.Response.Status));
        restarted.Time.Advance(40_000);
        Assert.Equal((0, 0, 0), restarted.Edge.Open);
        Assert.Equal(0, _first.Drain());
    }

    [Theory]
    [InlineData("z9hG4bKother!2")]
    [InlineData("z9hG4bKold!2\r\nX: y")]
    [InlineData("")]
    public void A_branch_that_is_none_of_the_transactions_is_not_used(string branch)
    {
        Start();
        Edge.Edge.RestoreClient("old", Request(SipMethod.Invite), _first.Flow, "leg 1", branch);
        Edge.Edge.Cancel("old");

        Assert.Equal(("CANCEL", "z9hG4bKold"), Sent(_first.Request()));
    }

    [Fact]
    public async Task A_name_without_servers_fails_and_a_look_up_takes_no_longer_than_the_options_say()
    {
        Start();
        Edge.Edge.Send("t1", Request(SipMethod.Options, "sip:bob@gone.example"), null, "leg 1");
        Assert.Equal(SipResponseSource.TransportFailed, (await Edge.Next<SipResponseReceived>()).Source);

        using var mute = new UdpPeer();
        await using var other = new EdgeFixture(options =>
        {
            options.Dns.Servers = mute.EndPoint.ToString();
            options.Dns.Timeout = TimeSpan.FromHours(1);
        });
        other.Edge.Send("t1", Request(SipMethod.Options), null, "leg 1");
        other.Time.Advance(9_900);
        Assert.Empty(other.Events);
        other.Time.Advance(200);
        Assert.Equal(503, (await other.Next<SipResponseReceived>()).Response.Status);
    }

    public async ValueTask DisposeAsync()
    {
        if (_edge is not null)
        {
            Assert.Empty(_edge.Faults);
            await _edge.DisposeAsync();
        }

        await _dns.DisposeAsync();
        _first.Dispose();
        _second.Dispose();
    }
}
