using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Telephony.Media;
using Telephony.Media.Remote;

/// <summary>What driving a node costs, in this process and over its socket to <c>telephony-media</c>: a command alone, and calls of nine commands, many at once.</summary>
internal static class RemoteBench
{
    private const int CommandsOfCall = 9;

    private static readonly byte[] Sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"u8.ToArray();

    public static async Task<int> Run(string[] args)
    {
        var calls = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20_000;
        await using (var here = new MediaNode(new MediaOptions { PortRange = "30000-39999", Threads = 1 }, TimeProvider.System, NullLogger<MediaNode>.Instance))
        {
            await Measure("in-process", here, calls);
        }

        var folder = Directory.CreateTempSubdirectory("telephony-").FullName;
        var start = new ProcessStartInfo(Path.Combine("src", "MediaNode", "bin", "Release", "net10.0", "telephony-media")) { RedirectStandardOutput = true };
        (start.Environment["Telephony__Data"], start.Environment["Telephony__Media__Threads"]) = (folder, "1");
        using var process = Process.Start(start)!;
        try
        {
            await process.StandardOutput.ReadLineAsync();
            await using var remote = new RemoteMediaNode("local", Path.Combine(folder, "media-local.sock"), TimeProvider.System, NullLogger<RemoteMediaNode>.Instance);
            if (!await remote.Start(TimeSpan.FromSeconds(10))) throw new InvalidOperationException("The node does not answer.");
            await Measure("own process", remote, calls, process);
        }
        finally
        {
            process.Kill();
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task Measure(string name, IMediaNode node, int calls, Process? other = null)
    {
        for (var i = 0; i < 2000; i++) await Call(node, -1); // compiled
        var samples = new double[5000];
        for (var i = 0; i < samples.Length; i++)
        {
            var at = Stopwatch.GetTimestamp();
            await node.Renew("bench", 1);
            samples[i] = Stopwatch.GetElapsedTime(at).TotalMicroseconds;
        }

        Array.Sort(samples);
        var (before, beforeThere) = (Environment.CpuUsage.TotalTime, Cpu(other));
        var watch = Stopwatch.StartNew();
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            for (var call = Interlocked.Increment(ref next); call <= calls; call = Interlocked.Increment(ref next)) await Call(node, call);
        }));
        var seconds = watch.Elapsed.TotalSeconds;
        var (cpu, cpuThere) = (Environment.CpuUsage.TotalTime - before, Cpu(other) - beforeThere);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-12} one command p50 {samples[samples.Length / 2]:F1} us, p99 {samples[samples.Length * 99 / 100]:F1} us; {calls / seconds:F0} calls/s, {CommandsOfCall * calls / seconds:F0} commands/s; of a core a call: {cpu.TotalMicroseconds / calls:F0} us here, {cpuThere.TotalMicroseconds / calls:F0} us there"));
    }

    private static async Task Call(IMediaNode node, int call)
    {
        var (a, b) = ($"{call}a", $"{call}b");
        var owner = new MediaOwner("bench", 1, $"{call}");
        Check(await node.CreateLeg(a, owner, MediaProfile.Phone));
        Check(await node.SetRemote(a, 1, Sdp));
        Check(await node.CreateLeg(b, owner, MediaProfile.Phone));
        Check((await node.CreateOffer(b, 1, a)).Error);
        Check(await node.SetRemote(b, 1, Sdp));
        Check((await node.CreateAnswer(a, 1, b)).Error);
        Check(await node.Connect(1, [new MediaPath(a, b), new MediaPath(b, a)]));
        await node.Release(a, 1);
        await node.Release(b, 1);
    }

    private static TimeSpan Cpu(Process? process)
    {
        process?.Refresh();
        return process?.TotalProcessorTime ?? TimeSpan.Zero;
    }

    private static void Check(MediaError error)
    {
        if (error is not MediaError.None) throw new InvalidOperationException($"{error}");
    }
}
