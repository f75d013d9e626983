using System.Diagnostics;

namespace Telephony.Bench.Runtime;

/// <summary>The time that something took, on the clock and of all processors; the second is what remains true on a busy machine.</summary>
internal readonly record struct Cost(TimeSpan Clock, TimeSpan Processor)
{
    internal static Cost Now => new(Stopwatch.GetElapsedTime(0), Process.GetCurrentProcess().TotalProcessorTime);

    internal static Cost Since(Cost start)
    {
        var now = Now;
        return new(now.Clock - start.Clock, now.Processor - start.Processor);
    }

    internal string Rate(int count) => $"{count / Clock.TotalSeconds,12:N0}/s {count / Processor.TotalSeconds,12:N0}/cpu s";
}
