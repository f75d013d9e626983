using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telephony.Sip;
using Telephony.Sip.Bench;

// usage: dotnet run -c Release --project bench/Sip -- [all|parse|write|digest|path|udp] [seconds]
//        dotnet run -c Release --project bench/Sip -- tls 127.0.0.1:5061 8000 10000 90 [pid]     (phones by TLS: how many, the first user, how long to hold them)
//        dotnet run -c Release --project bench/Sip -- fuzz [--seeds 10] [--first 1] [--count 10000000] [--steps 1000000] [--samples folder]
//        dotnet run -c Release --project bench/Sip -- serve [port]     (a registrar for sipblast, until Ctrl-C)
var what = args.Length > 0 ? args[0] : "all";
var seconds = args.Length > 1 && double.TryParse(args[1], System.Globalization.CultureInfo.InvariantCulture, out var given) ? given : 3;

if (what is "all" or "parse") Parse();
if (what is "all" or "write") Write();
if (what is "all" or "digest") Digest();
if (what is "all" or "path") await HotPath.Run(seconds);
if (what is "all" or "udp") await Udp();
if (what is "tls") return await TlsPhones.Run(args);
if (what is "fuzz") return Fuzz.Run(args);
if (what is "serve") await Build<MemoryRegistrar>(args.Length > 1 ? args[1] : "5060").RunAsync();
return 0;

void Parse()
{
    var datagram = (byte[])Samples.Invite.Clone();
    Measure($"index INVITE ({Samples.Invite.Length} B) where it lies, checked", () =>
    {
        if (SipParser.Index(datagram, out _).IsError) throw new InvalidOperationException("It was refused.");
    });
    Measure($"parse INVITE ({Samples.Invite.Length} B), checked", () => Read(Samples.Invite));
    Measure("parse INVITE, read what a B2BUA reads", () =>
    {
        var request = Read(Samples.Invite);
        _ = request.CallId.Length + request.From.Tag!.Length + request.To.Uri.User!.Length + request.Contacts.Count + request.Body.Length;
    });
}

void Write()
{
    var invite = Read(Samples.Invite);
    Measure("write 200 with body for an INVITE", () =>
        SipResponse.For(invite, 200, toTag: "abc").Add("Contact", "<sip:192.0.2.1:5060>").Body(invite.Body, "application/sdp").Build());
    Measure("parse INVITE + write 180", () =>
    {
        var request = Read(Samples.Invite);
        SipResponse.For(request, 180, toTag: "abc").Build();
    });
    var dialog = Dialog.FromRequest(invite, "abc");
    Measure("write BYE in a dialog", () => dialog.Next(SipMethod.Bye, out _).Build());
}

void Digest()
{
    var digest = new DigestAuthenticator(TimeProvider.System, Options.Create(new DigestOptions()));
    var credentials = new DigestCredentials(Md5("601:demo.localhost:secret"), null);
    Measure("make a challenge", () => digest.Challenge("demo.localhost", DigestPolicy.Md5));

    var requests = new SipRequest[20_000];
    var next = 0;
    void Refill()
    {
        for (var at = 0; at < requests.Length; at++) requests[at] = Authorized(digest.Challenge("demo.localhost", DigestPolicy.Md5)[0], at);
        next = 0;
    }

    Refill();
    var checks = 0L;
    var spent = TimeSpan.Zero;
    var allocated = 0L;
    while (spent.TotalSeconds < seconds)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Cpu();
        while (next < requests.Length)
        {
            var request = requests[next++];
            if (!DigestAuthenticator.TryGetUsername(request, "demo.localhost", out _)
                || digest.Check(request, "demo.localhost", DigestPolicy.Md5, credentials) != DigestResult.Ok)
            {
                throw new InvalidOperationException("A right answer was refused.");
            }
        }

        spent += Cpu() - start;
        allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        checks += requests.Length;
        Refill();
    }

    Print("check digest (MD5, qop=auth), fresh nonces", checks, spent, allocated);
}

async Task Udp()
{
    using var host = Build<Responder>("0");
    await host.StartAsync();
    var edge = host.Services.GetRequiredService<ISipEdge>();
    var to = IPEndPoint.Parse(edge.Address(SipTransport.Udp));

    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 1000, ReceiveBufferSize = 8 << 20 };
    socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    socket.Connect(to);
    const int window = 64;
    var buffer = new byte[65536];
    long done = 0, sent = 0, lost = 0;
    var start = Cpu();
    var watch = Stopwatch.StartNew();
    while (watch.Elapsed.TotalSeconds < seconds)
    {
        while (sent - done - lost < window)
        {
            socket.Send(Encoding.ASCII.GetBytes(Samples.Register(601, sent.ToString("x", System.Globalization.CultureInfo.InvariantCulture))));
            sent++;
        }

        try
        {
            socket.Receive(buffer);
            done++;
        }
        catch (SocketException)
        {
            lost = sent - done;
        }
    }

    var used = (Cpu() - start).TotalSeconds;
    Console.WriteLine($"UDP REGISTER -> 200 over loopback, generator in the same process: {done / watch.Elapsed.TotalSeconds:N0}/s, lost {lost}, {done / used:N0} per CPU-second of both");
    await host.StopAsync();
}

static IHost Build<TEvents>(string port)
    where TEvents : class, ISipEdgeEvents
{
    var builder = Host.CreateApplicationBuilder();
    builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Telephony:Sip:Port", (string?)port)]);
    builder.Logging.ClearProviders();
    builder.Services.AddSingleton<ISipEdgeEvents, TEvents>();
    builder.Services.AddSip();
    return builder.Build();
}

// warm until the second compilation is done, then the median of rounds
void Measure(string name, Action action)
{
    const int rounds = 9;
    for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < Math.Max(1.5, seconds / 2);) action();

    var results = new List<(double Micros, long Count, long Allocated)>();
    while (results.Count < rounds)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Cpu();
        var count = 0L;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < seconds / rounds; count += 1000)
        {
            for (var batch = 0; batch < 1000; batch++) action();
        }

        results.Add(((Cpu() - start).TotalMicroseconds / count, count, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    var (micros, times, allocated) = results.OrderBy(result => result.Micros).ElementAt(rounds / 2);
    Console.WriteLine($"{name}: {1e6 / micros:N0}/s of CPU, {micros:N2} us ({results.Min(r => r.Micros):N2} to {results.Max(r => r.Micros):N2}), {allocated / times:N0} B allocated");
}

// time of this process on a CPU, so that others on the machine do not count
static TimeSpan Cpu()
{
    using var process = Process.GetCurrentProcess();
    return process.TotalProcessorTime;
}

static void Print(string name, long count, TimeSpan spent, long allocated) =>
    Console.WriteLine($"{name}: {count / spent.TotalSeconds:N0}/s of CPU, {spent.TotalMicroseconds / count:N2} us, {allocated / count:N0} B allocated");

static SipRequest Authorized(string challenge, int number)
{
    var nonce = challenge.Split("nonce=\"")[1].Split('"')[0];
    var response = Md5($"{Md5("601:demo.localhost:secret")}:{nonce}:00000001:cn:auth:{Md5("REGISTER:sip:demo.localhost")}");
    var authorization = $"Authorization: Digest username=\"601\", realm=\"demo.localhost\", nonce=\"{nonce}\", uri=\"sip:demo.localhost\", response=\"{response}\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"cn\"\r\n";
    return Read(Encoding.ASCII.GetBytes(Samples.Register(601, number.ToString("x", System.Globalization.CultureInfo.InvariantCulture), authorization)));
}

static SipRequest Read(byte[] bytes) => SipRequest.TryParse(bytes, out var request, out var error) ? request : throw new InvalidOperationException(error.Reason);

#pragma warning disable CA5351 // what phones answer with
static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
