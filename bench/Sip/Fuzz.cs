using System.Diagnostics;
using System.Globalization;
using Telephony.Sip.Fuzzing;

namespace Telephony.Sip.Bench;

/// <summary>The full run: seed by seed, first messages, then values of headers, then sequences; stops at the first fault, and says what the process holds after each seed.</summary>
internal static class Fuzz
{
    private const long MaxGrowth = 16 << 20;

    /// <returns>The exit code: 1 when there was a fault, or when memory grew.</returns>
    public static int Run(string[] args)
    {
        var (seeds, first) = (Number(args, "--seeds", 10), Number(args, "--first", 1));
        var (count, steps) = (Number(args, "--count", 10_000_000), Number(args, "--steps", 1_000_000));
        var folder = Array.IndexOf(args, "--samples") is > 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        var samples = folder is null ? FuzzSamples.All : FuzzSamples.With(folder);
        var watch = Stopwatch.StartNew();
        var held = 0L;
        try
        {
            for (var seed = first; seed < first + seeds; seed++)
            {
                var accepted = MessageFuzz.Run((int)seed, count / seeds, samples);
                HeaderFuzz.Run((int)seed, count / seeds);
                var heard = TransactionFuzz.Run((int)seed, steps / seeds);
                var now = GC.GetTotalMemory(forceFullCollection: true);
                if (held == 0) held = now; // what is made once is there after the first
                Console.WriteLine($"seed {seed}: {count / seeds:N0} messages, {accepted:N0} accepted; as many header values; {steps / seeds:N0} steps, {heard:N0} requests heard; {now / 1024:N0} KiB held, {watch.Elapsed.TotalSeconds:N0} s");
                if (now - held > MaxGrowth) throw new InvalidOperationException($"Memory grew by {(now - held) / 1024:N0} KiB.");
            }
        }
        catch (Exception e) when (e is FuzzException or InvalidOperationException)
        {
            Console.WriteLine(e.Message);
            if (e.InnerException is { } inner) Console.WriteLine(inner.StackTrace);
            return 1;
        }

        Console.WriteLine($"no fault; working set {Process.GetCurrentProcess().WorkingSet64 / 1024 / 1024:N0} MiB");
        return 0;
    }

    private static long Number(string[] args, string name, long fallback) =>
        Array.IndexOf(args, name) is > 0 and var at && at + 1 < args.Length ? long.Parse(args[at + 1], CultureInfo.InvariantCulture) : fallback;
}
