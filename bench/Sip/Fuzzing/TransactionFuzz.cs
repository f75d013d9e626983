using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Telephony.Sip.Tests;

namespace Telephony.Sip.Fuzzing;

/// <summary>
/// Random sequences against an edge in virtual time: requests, copies, ACKs, CANCELs and responses in any order, some damaged, by several connections that break,
/// with an owner that answers, sends, cancels or does nothing. Now and then time runs until all must be over, and then nothing may be left.
/// </summary>
internal sealed class TransactionFuzz : ISipEdgeEvents, ILogger<SipEdge>, IAsyncDisposable
{
    private const int StepsBetweenDrains = 4000;
    private const int Kept = 64;

    private readonly VirtualTime _time = new();
    private readonly Mutator _mutator;
    private readonly SipEdge _edge;
    private readonly List<SipRequestReceived> _asked = [];
    private readonly List<SipRequest> _sent = [];
    private readonly PeerChannel[] _channels;
    private Exception? _fault;
    private int _number;

    public TransactionFuzz(int seed)
    {
        _mutator = new(seed);
        _edge = new(Microsoft.Extensions.Options.Options.Create(new SipEdgeOptions { Port = 0, MaxTransactions = 500, MaxCompleted = 300, Defence = { Enabled = false } }), new Lazy<ISipEdgeEvents>(this), _time, this);
        _edge.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        _channels = [new(SipTransport.Udp, 1), new(SipTransport.Udp, 2), new(SipTransport.Tcp, 3), new(SipTransport.Tcp, 4)];
    }

    private Random Random => _mutator.Random;

    /// <returns>Requests that reached the owner.</returns>
    /// <exception cref="FuzzException">A fault of the edge, or something is left over.</exception>
    public static long Run(int seed, long steps)
    {
        var fuzz = new TransactionFuzz(seed);
        try
        {
            for (var step = 1L; step <= steps; step++)
            {
                var bytes = fuzz.Step();
                if (step % StepsBetweenDrains == 0 || step == steps) fuzz.Drain();
                if (fuzz._fault is { } fault) throw new FuzzException($"seed {seed}, step {step}", bytes, fault);
            }

            return fuzz._number;
        }
        finally
        {
            fuzz.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    public void OnRequest(SipRequestReceived input)
    {
        _number++;
        Keep(_asked, input);
        var what = Random.Next(6);
        if (what < 4) _edge.Claim(input.Transaction, "owner");
        if (what == 0) Answer(input);
    }

    public void OnResponse(SipResponseReceived input)
    {
        if (input.Response.IsSuccess && Random.Next(3) > 0) _edge.Acknowledge(input.Transaction, New(SipMethod.Ack, input.Response.To.Tag), Flow());
    }

    public void OnCancel(SipCancelReceived input)
    {
        if (Random.Next(2) == 0) _edge.Respond(input.Transaction, SipResponse.For(input.Cancel, 487, toTag: "b").Build()); // of the wrong method, too
    }

    public void OnAck(SipAckReceived input)
    {
    }

    public void OnAckTimedOut(SipAckTimedOut input)
    {
    }

    public void OnFlowClosed(SipFlowClosed input)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _fault ??= exception;

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    private byte[] Step()
    {
        var channel = _channels[Random.Next(_channels.Length)];
        var bytes = Array.Empty<byte>();
        switch (Random.Next(20))
        {
            case < 8:
                bytes = Request();
                if (Random.Next(3) == 0) bytes = _mutator.Mutate(bytes, FuzzSamples.All);
                _edge.Receiver.OnMessage((byte[])bytes.Clone(), channel);
                break;
            case < 11 when _sent.Count > 0:
                var of = _sent[Random.Next(_sent.Count)];
                bytes = SipResponse.For(of, Random.GetItems([100, 180, 183, 200, 200, 302, 404, 487, 503], 1)[0], toTag: "f" + Random.Next(20)).Build().Wire.ToArray();
                if (Random.Next(4) == 0) bytes = _mutator.Mutate(bytes, FuzzSamples.All);
                _edge.Receiver.OnMessage((byte[])bytes.Clone(), channel);
                break;
            case 11:
                Keep(_sent, Sent(New(Random.Next(3) == 0 ? SipMethod.Options : SipMethod.Invite)));
                break;
            case 12: _edge.Cancel("t" + Random.Next(40)); break;
            case < 16 when _asked.Count > 0: Answer(_asked[Random.Next(_asked.Count)]); break;
            case 16: channel.IsBroken = Random.Next(2) == 0; break;
            case 17:
                bytes = _mutator.Mutate(FuzzSamples.All[Random.Next(FuzzSamples.All.Count)], FuzzSamples.All);
                _edge.Receiver.OnMessage((byte[])bytes.Clone(), channel);
                break;
            default: _time.Advance(Random.Next(1, 700)); break;
        }

        return bytes;
    }

    private void Drain()
    {
        _time.Advance(TimeSpan.FromMinutes(20));
        if (_edge.Open != (0, 0, 0)) _fault ??= new InvalidOperationException($"Left over: {_edge.Open}.");
    }

    private byte[] Request()
    {
        var method = Random.GetItems(["INVITE", "INVITE", "INVITE", "ACK", "ACK", "CANCEL", "BYE", "OPTIONS", "REGISTER", "INFO", "PRACK", "PRACK"], 1)[0];
        var call = Random.Next(60);
        var branch = Random.Next(8) == 0 ? "old" + call : "z9hG4bK" + call + (method is "INVITE" or "CANCEL" || Random.Next(2) == 0 ? "" : method);
        return Encoding.UTF8.GetBytes(
            $"{method} sip:bob@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch={branch}{(Random.Next(2) == 0 ? ";rport" : "")}\r\nMax-Forwards: {Random.Next(0, 4)}\r\n"
            + $"From: <sip:a@b>;tag=a{call}\r\nTo: <sip:b@c>{(Random.Next(3) == 0 ? ";tag=b" : "")}\r\nCall-ID: c{call}\r\nCSeq: {1 + Random.Next(2)} {method}\r\n"
            + (method == "PRACK" ? $"RAck: {Random.Next(4)} {1 + Random.Next(2)} INVITE\r\n" : "") + "Content-Length: 0\r\n\r\n");
    }

    private void Answer(SipRequestReceived input)
    {
        var response = SipResponse.For(input.Request, Random.GetItems([100, 180, 183, 200, 200, 302, 404, 487, 603], 1)[0], toTag: "b");
        if (Random.Next(3) == 0) response.Add("Require", "100rel").Add("RSeq", $"{Random.Next(4)}"); // of any status, too
        _edge.Respond(input.Transaction, response.Build());
    }

    private SipRequest Sent(SipRequest request)
    {
        var name = "t" + Random.Next(40);
        _edge.Send(name, request, Flow(), "owner");
        return request.WithVia($"SIP/2.0/UDP {_edge.Address(SipTransport.Udp)};branch={TransactionKey.Branch(name)}");
    }

    private SipRequest New(SipMethod method, string? toTag = null) => SipRequest.Create(method, "sip:bob@127.0.0.1:9")
        .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>" + (toTag is null ? "" : ";tag=" + toTag)).Add("Call-ID", "x" + Random.Next(30)).CSeq(7).Build();

    // nobody listens there
    private static SipFlow Flow() => new(SipTransport.Udp, "127.0.0.1:9");

    private void Keep<T>(List<T> list, T item)
    {
        if (list.Count < Kept) list.Add(item);
        else list[Random.Next(Kept)] = item;
    }

    private sealed class PeerChannel(SipTransport transport, int number) : Channel(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5060))
    {
        public override SipFlow Flow { get; } = new(transport, "192.0.2.1:5060", transport == SipTransport.Udp ? 0 : number, "sip");

        public bool IsBroken { get; set; }

        public override bool IsOpen => !IsBroken;

        public override bool TrySend(ReadOnlyMemory<byte> message)
        {
            // what is sent can be read
            var bytes = message.ToArray();
            var error = SipParser.Parse(bytes, out _);
            if (error.IsError && !bytes.AsSpan().StartsWith("SIP/2.0 4"u8) && !bytes.AsSpan().StartsWith("SIP/2.0 505"u8)) throw new InvalidOperationException("The edge sent what it would refuse: " + error.Reason);
            return !IsBroken;
        }
    }
}
