using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Telephony.Sip.Bench;

/// <summary>What one message costs from the receive buffer to the send buffer, without a network: time of a core, and bytes for the garbage collector.</summary>
internal sealed class HotPath : ISipEdgeEvents, ISipAccounts, IAsyncDisposable
{
    private const string Realm = "bench.local";
    private const int Phones = 2000;

    private readonly SipEdge _edge;
    private readonly DigestAuthenticator _digest = new(TimeProvider.System, Options.Create(new DigestOptions()));
    private readonly SipAccount _account = new("", Realm, DigestPolicy.Md5, Md5($"phone:{Realm}:secret"), null);
    private readonly Nowhere _channel = new();
    private long _number;

    private HotPath()
    {
        var options = new SipEdgeOptions { Port = 0, TlsPort = 0, MaxTransactions = 1_000_000 };
        options.Timers.T4 = TimeSpan.FromMilliseconds(20); // or else the table is full of what is acknowledged after half a second
        _edge = new(Options.Create(options), new Lazy<ISipEdgeEvents>(this), TimeProvider.System, NullLogger<SipEdge>.Instance, this, _digest);
        _edge.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    public static async Task Run(double seconds)
    {
        await using var path = new HotPath();
        path.Measure("garbage dropped", seconds, () => Encoding.ASCII.GetBytes("nonsense\r\n\r\n"));
        path.Measure("malformed request answered 400", seconds, () => Message("OPTIONS", path.Next(), more: "Max-Forwards: none\n"));
        var copy = Message("OPTIONS", path.Next());
        path.Measure("copy of a request absorbed and answered again", seconds, () => copy);
        path.Measure("REGISTER of a registered phone challenged", seconds, () => path.Register(hasCredentials: false));
        path.Measure("REGISTER with credentials refreshed", seconds, () => path.Register(hasCredentials: true));
        path.Measure("server transaction: OPTIONS and its 200", seconds, () => Message("OPTIONS", path.Next()));
        path.Measure("server transaction: INVITE, 100, 486 and its ACK", seconds, () => Message("INVITE", path.Next()), () => Message("ACK", path._number, "b"));
    }

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    public void OnRequest(SipRequestReceived input)
    {
        if (input.Request.Is("REGISTER"u8)) throw new InvalidOperationException("It went the long way.");
        _edge.Respond(input.Transaction, SipResponse.For(input.Request, input.Request.Is("INVITE"u8) ? 486 : 200, toTag: "b").Build());
    }

    public void OnCancel(SipCancelReceived input)
    {
    }

    public void OnAck(SipAckReceived input)
    {
    }

    public void OnAckTimedOut(SipAckTimedOut input)
    {
    }

    public void OnResponse(SipResponseReceived input)
    {
    }

    public void OnFlowClosed(SipFlowClosed input)
    {
    }

    public bool TryFind(string domain, string username, out SipAccount account)
    {
        account = _account;
        return true;
    }

    // messages are made beforehand; only what the edge does with them counts
    private void Measure(string name, double seconds, params Func<byte[]>[] messages)
    {
        const int batch = 4000;
        if (name.Contains("REGISTER", StringComparison.Ordinal)) Remember();
        long count = 0, allocated = 0;
        var spent = TimeSpan.Zero;
        for (var round = 0; spent.TotalSeconds < seconds; round++)
        {
            var made = new byte[batch][][];
            for (var at = 0; at < batch; at++) made[at] = [.. messages.Select(make => make())];
            var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Cpu());
            foreach (var one in made)
            {
                foreach (var message in one) _edge.Receiver.OnMessage(message, _channel);
            }

            if (round < 20) continue; // compiled twice by then
            spent += Cpu() - start;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            count += batch;
        }

        Console.WriteLine($"{name}: {count / spent.TotalSeconds:N0}/s of CPU, {spent.TotalMicroseconds / count:N2} us, {allocated / count:N0} B allocated");
    }

    private long Next() => ++_number;

    private void Remember()
    {
        for (var phone = 0; phone < Phones; phone++)
        {
            var register = Read(Register(phone, hasCredentials: true));
            var now = TimeProvider.System.GetUtcNow();
            var result = Registrar.Apply([], register, _channel.Flow, now, RegistrarLimits.Default);
            _edge.Remember(new($"bench/{phone}", register, result.Respond(register).Build(), _channel.Flow, result.Bindings[0].ExpiresAt, now));
        }
    }

    private byte[] Register(bool hasCredentials) => Register(_number % Phones, hasCredentials);

    private byte[] Register(long phone, bool hasCredentials)
    {
        var number = Next();
        var nonce = hasCredentials ? _digest.Challenge(Realm, DigestPolicy.Md5)[0].Split("nonce=\"")[1].Split('"')[0] : "";
        var response = hasCredentials ? Md5($"{_account.Md5}:{nonce}:00000001:cn:auth:{Md5($"REGISTER:sip:{Realm}")}") : "";
        return Encoding.ASCII.GetBytes($"""
            REGISTER sip:{Realm} SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK{number:x}
            Max-Forwards: 70
            From: <sip:{phone}@{Realm}>;tag=t{phone}
            To: <sip:{phone}@{Realm}>
            Call-ID: register-{phone}
            CSeq: {number} REGISTER
            Contact: <sip:{phone}@192.0.2.1:5060>
            Expires: 3600
            {(hasCredentials ? $"Authorization: Digest username=\"phone\", realm=\"{Realm}\", nonce=\"{nonce}\", uri=\"sip:{Realm}\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"cn\", response=\"{response}\"\n" : "")}Content-Length: 0


            """.ReplaceLineEndings("\r\n"));
    }

    private static byte[] Message(string method, long number, string? toTag = null, string more = "Max-Forwards: 70\n") => Encoding.ASCII.GetBytes($"""
        {method} sip:192.0.2.9 SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK{number:x}
        {more}From: <sip:a@{Realm}>;tag=a
        To: <sip:b@{Realm}>{(toTag is null ? "" : ";tag=" + toTag)}
        Call-ID: {number.ToString(CultureInfo.InvariantCulture)}
        CSeq: 1 {method}
        Content-Length: 0


        """.ReplaceLineEndings("\r\n"));

    private static SipRequest Read(byte[] bytes) => SipRequest.TryParse(bytes, out var request, out var error) ? request : throw new InvalidOperationException(error.Reason);

    private static TimeSpan Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

#pragma warning disable CA5351 // what phones answer with
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    private sealed class Nowhere() : Channel(new IPEndPoint(IPAddress.Loopback, 5060))
    {
        public override SipFlow Flow { get; } = new(SipTransport.Udp, "127.0.0.1:5060", Edge: "sip");

        public override bool TrySend(ReadOnlyMemory<byte> message) => true;

        public override bool TrySend(ReadOnlySpan<byte> message) => true;
    }
}
