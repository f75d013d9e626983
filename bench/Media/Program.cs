using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telephony.Media;

// Relays N two-way calls in this process and lets bench/load/rtpblast send 50 packets/s to each leg. See README.md.
if (args is ["remote", ..]) return await RemoteBench.Run(args[1..]);
if (args is ["audio"]) return AudioBench.Run();
if (args is ["churn", ..]) return await ChurnBench.Run(args[1..]);
if (args is ["secure"]) return SecureBench.Run();
if (args is ["codecs"]) return CodecBench.Run();
if (args.Length == 0)
{
    Console.Error.WriteLine("usage: Telephony.Media.Bench CALLS [CALLS ...] | remote [CALLS] | churn [HOURS [SEED]] | secure | audio | codecs   (GENERATOR, SECONDS, WARM, THREADS, LOAD_CORE, SOCKETS: see README.md)");
    return 2;
}

var seconds = double.Parse(Setting("SECONDS", "8"), CultureInfo.InvariantCulture);
var warm = double.Parse(Setting("WARM", "2"), CultureInfo.InvariantCulture);
var sockets = int.Parse(Setting("SOCKETS", "4"), CultureInfo.InvariantCulture);
var threads = int.Parse(Setting("THREADS", "1"), CultureInfo.InvariantCulture);
var generator = await Build(Setting("GENERATOR", "bench/load/rtpblast.c"));
var ports = FreePorts(2 * sockets);
foreach (var calls in args.Select(a => int.Parse(a, CultureInfo.InvariantCulture))) await Measure(calls);
return 0;

async Task Measure(int calls)
{
    var options = new MediaOptions { PortRange = "30000-59999", Threads = threads, IoUring = Setting("IO_URING", "1") == "1" };
    await using var node = new MediaNode(options, TimeProvider.System, NullLogger<MediaNode>.Instance);
    var owner = new MediaOwner("bench", 1, "bench");
    var memory = MemoryOf();
    var watch = Stopwatch.StartNew();
    var map = new StringBuilder();
    for (var call = 0; call < calls; call++)
    {
        var (a, b) = ($"{call}a", $"{call}b");
        var legOwner = owner with { Call = call.ToString(CultureInfo.InvariantCulture) };
        Check(await node.CreateLeg(a, legOwner, MediaProfile.Phone));
        Check(await node.CreateLeg(b, legOwner, MediaProfile.Phone));
        Check(await node.SetRemote(a, 1, Description(2 * call)));
        var offer = await node.CreateOffer(b, 1, a);
        Check(await node.SetRemote(b, 1, Description((2 * call) + 1)));
        var answer = await node.CreateAnswer(a, 1, b);
        Check(await node.Connect(1, [new MediaPath(a, b), new MediaPath(b, a)]));
        map.AppendLine(CultureInfo.InvariantCulture, $"{LoadPort(2 * call)} 127.0.0.1 {Port(answer)}");
        map.AppendLine(CultureInfo.InvariantCulture, $"{LoadPort((2 * call) + 1)} 127.0.0.1 {Port(offer)}");
    }

    var perCall = watch.Elapsed / calls;
    var file = Path.GetTempFileName();
    await File.WriteAllTextAsync(file, map.ToString());
    using var load = Process.Start(new ProcessStartInfo("taskset", ["-c", Setting("LOAD_CORE", "1"), generator, file, $"{seconds}", $"{warm}"]) { RedirectStandardOutput = true })!;
    var output = load.StandardOutput.ReadToEndAsync();
    var (sentBefore, cpuBefore) = ((await node.GetState()).PacketsSent, Environment.CpuUsage.TotalTime);
    await Task.Delay(TimeSpan.FromSeconds(warm + 0.3), TimeProvider.System);
    if (load.HasExited) throw new InvalidOperationException("The generator has ended.");
    using var self = Process.GetCurrentProcess();
    var (cpu, system, loadCpu, allocated, at) = (self.TotalProcessorTime, self.PrivilegedProcessorTime, load.TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
    await Task.Delay(TimeSpan.FromSeconds(seconds - 0.6), TimeProvider.System);
    self.Refresh();
    load.Refresh();
    var window = Stopwatch.GetElapsedTime(at);
    var (used, inSystem, loadUsed, bytes) = ((self.TotalProcessorTime - cpu) / window, (self.PrivilegedProcessorTime - system) / window, (load.TotalProcessorTime - loadCpu) / window, GC.GetTotalAllocatedBytes() - allocated);
    var held = MemoryOf() - memory;
    using var result = JsonDocument.Parse(await output);
    var each = (Environment.CpuUsage.TotalTime - cpuBefore) / ((await node.GetState()).PacketsSent - sentBefore);
    File.Delete(file);

    var r = result.RootElement;
    var delay = r.GetProperty("delay_ms");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"calls {calls} packets/s in {Number(r, "pps_in"):F0} out {Number(r, "pps_out"):F0} loss {Number(r, "loss_pct"):F3}% dead legs {Number(r, "dead_legs")} "
        + $"delay p50 {Number(delay, "p50")} p99 {Number(delay, "p99")} max {Number(delay, "max")} ms cpu {used:P0} (system {inSystem:P0}) generator {loadUsed:P0} lag {Number(r, "max_tick_lag_ms")} ms "
        + $"CPU a packet {each.TotalMicroseconds:F2} us allocated {bytes / (Number(r, "pps_out") * window.TotalSeconds):F2} B/packet memory {held / 1024.0 / calls:F1} KiB/call setup {perCall.TotalMicroseconds:F0} us/call"));
}

int LoadPort(int leg) => ports + (2 * (leg % sockets));

byte[] Description(int leg) => Encoding.ASCII.GetBytes(
    $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {LoadPort(leg)} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n");

static int Port(MediaDescription description)
{
    Check(description.Error);
    var line = Encoding.ASCII.GetString(description.Sdp.Span).Split("\r\n").Single(l => l.StartsWith("m=audio ", StringComparison.Ordinal));
    return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
}

static void Check(MediaError error)
{
    if (error != MediaError.None) throw new InvalidOperationException(error.ToString());
}

static int FreePorts(int count)
{
    while (true)
    {
        var first = Random.Shared.Next(5_000, 14_000) * 2;
        try
        {
            foreach (var port in Enumerable.Range(first, count))
            {
                using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
            }

            return first;
        }
        catch (SocketException)
        {
        }
    }
}

static string Setting(string name, string otherwise) => Environment.GetEnvironmentVariable(name) ?? otherwise;

static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();

static long MemoryOf()
{
    using var self = Process.GetCurrentProcess();
    return self.WorkingSet64;
}

static async Task<string> Build(string source)
{
    var binary = Path.Combine(Path.GetTempPath(), "telephony-rtpblast");
    if (File.Exists(binary) && File.GetLastWriteTimeUtc(binary) > File.GetLastWriteTimeUtc(source)) return binary;
    using var gcc = Process.Start("gcc", ["-O2", "-o", binary, source]);
    await gcc.WaitForExitAsync();
    return gcc.ExitCode == 0 ? binary : throw new InvalidOperationException("gcc failed");
}
