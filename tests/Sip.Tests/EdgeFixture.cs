using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Telephony.Sip.Tests;

/// <summary>A started edge on a free port of loopback, under a clock of the test, with a record of what it says.</summary>
internal sealed class EdgeFixture : ISipEdgeEvents, IAsyncDisposable
{
    private readonly FaultLog _log = new();

    public EdgeFixture(Action<SipEdgeOptions>? configure = null, TimeProvider? clock = null, ISipAccounts? accounts = null)
    {
        Options = new SipEdgeOptions { Port = 0, TlsPort = 0 };
        Options.Defence.Allow = "127.0.0.0/8, ::1, 192.0.2.1"; // a FakeChannel may send what it likes
        Options.Dns.Servers = "127.0.0.1:9"; // nobody; no test asks the world
        configure?.Invoke(Options);
        Digest = new(clock ?? Time, Microsoft.Extensions.Options.Options.Create(Options.Digest));
        Edge = new(Microsoft.Extensions.Options.Options.Create(Options), new Lazy<ISipEdgeEvents>(this), clock ?? Time, _log, accounts, Digest);
        Edge.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>What the edge logged as a fault of its own.</summary>
    public IReadOnlyCollection<Exception> Faults => _log.Faults;

    public VirtualTime Time { get; } = new();

    public SipEdgeOptions Options { get; }

    public SipEdge Edge { get; }

    public DigestAuthenticator Digest { get; }

    public List<object> Events { get; } = [];

    /// <summary>Runs when a request is passed on; on the edge's thread.</summary>
    public Action<SipRequestReceived>? OnRequestDo { get; set; }

    /// <summary>Runs at every event but new requests; on the edge's thread.</summary>
    public Action<object>? OnOtherDo { get; set; }

    public IPEndPoint EndPoint => IPEndPoint.Parse(Edge.Address(SipTransport.Udp));

    public IReadOnlyList<T> Heard<T>()
    {
        lock (Events) return [.. Events.OfType<T>()];
    }

    public async Task<T> Next<T>(int number = 0)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (Heard<T>() is var heard && heard.Count > number) return heard[number];
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    /// <summary>A message arrives by a channel of the test.</summary>
    public void Receive(string text, Channel from) => Edge.Receiver.OnMessage(TestMessages.Bytes(text), from);

    public void Receive(SipMessage message, Channel from) => Edge.Receiver.OnMessage(message.Wire.ToArray(), from);

    public void OnRequest(SipRequestReceived input)
    {
        Note(input);
        OnRequestDo?.Invoke(input);
    }

    public void OnCancel(SipCancelReceived input) => Note(input);

    public void OnAck(SipAckReceived input) => Note(input);

    public void OnAckTimedOut(SipAckTimedOut input) => Note(input);

    public void OnPrackTimedOut(SipPrackTimedOut input) => Note(input);

    public void OnResponse(SipResponseReceived input) => Note(input);

    public void OnFlowClosed(SipFlowClosed input) => Note(input);

    public void OnRefreshed(SipRefreshed input) => Note(input);

    public ValueTask DisposeAsync() => Edge.DisposeAsync();

    private void Note(object input)
    {
        lock (Events) Events.Add(input);
        if (input is not SipRequestReceived) OnOtherDo?.Invoke(input);
    }
}

/// <summary>A peer that keeps what is sent to it.</summary>
internal sealed class FakeChannel(SipTransport transport = SipTransport.Udp) : Channel(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5060))
{
    private readonly List<byte[]> _sent = [];

    public override SipFlow Flow { get; } = new(transport, "192.0.2.1:5060", transport == SipTransport.Udp ? 0 : 1, "sip");

    public bool IsBroken { get; set; }

    public override bool IsOpen => !IsBroken;

    public override bool TrySend(ReadOnlyMemory<byte> message)
    {
        if (IsBroken) return false;
        _sent.Add(message.ToArray());
        return true;
    }

    /// <summary>What was sent since the last time that was asked.</summary>
    public IReadOnlyList<SipResponse> Responses() => [.. Texts().Select(TestMessages.Response)];

    /// <summary>The same, as it was written: it may be a copy of what is wrong.</summary>
    public IReadOnlyList<string> Texts()
    {
        var texts = _sent.ConvertAll(Encoding.UTF8.GetString);
        _sent.Clear();
        return texts;
    }

    public IReadOnlyList<int> Statuses() => [.. Responses().Select(response => response.Status)];
}

/// <summary>A UDP socket of a peer. Loopback delivers before the sender goes on, so what was sent is there.</summary>
internal sealed class UdpPeer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public UdpPeer()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.ReceiveTimeout = 20_000;
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public SipFlow Flow => new(SipTransport.Udp, EndPoint.ToString());

    public void Send(byte[] bytes, IPEndPoint to) => _socket.SendTo(bytes, to);

    /// <summary>Waits for one datagram.</summary>
    public string Receive()
    {
        var buffer = new byte[65536];
        return Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer));
    }

    public SipRequest Request() => TestMessages.Request(Receive());

    public SipResponse Response() => TestMessages.Response(Receive());

    /// <summary>The next request that is there already; null when there is none.</summary>
    public SipRequest? TryReceive() => _socket.Available > 0 ? Request() : null;

    /// <summary>How many datagrams are there; takes them.</summary>
    public int Drain()
    {
        var count = 0;
        for (; _socket.Available > 0; count++) Receive();
        return count;
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>Keeps exceptions that were logged.</summary>
internal sealed class FaultLog : ILogger<SipEdge>
{
    public System.Collections.Concurrent.ConcurrentQueue<Exception> Faults { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null) Faults.Enqueue(exception);
    }
}
