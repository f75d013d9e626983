using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Telephony.Media;
using Telephony.Media.Churn;
using Telephony.Sip.Tests;

/// <summary>Hours of simulated time with calls that come and go: after each, whether everything was given back. See README.md.</summary>
internal static class ChurnBench
{
    private const int Pairs = 400, MaxCalls = 100, ManagedSlack = 1024 * 1024;

    public static async Task<int> Run(string[] args)
    {
        var hours = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 24;
        var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
        var time = new VirtualTime();
        var options = new MediaOptions { PortRange = $"30000-{30000 + (2 * Pairs) - 1}", Threads = 2 };
        await using var node = new MediaNode(options, time, NullLogger<MediaNode>.Instance);
        Console.WriteLine($"{hours} hours, seed {seed}"); // the console has descriptors of its own
        Resources? first = null;
        var isGood = true;
        for (var hour = 1; hour <= hours; hour++)
        {
            var watch = Stopwatch.StartNew();
            using var churn = new CallChurn(node, seed + hour, MaxCalls);
            for (var second = 0; second < 3600; second++)
            {
                await churn.Second();
                time.Advance(TimeSpan.FromSeconds(1));
            }

            await churn.End();
            time.Advance(TimeSpan.FromSeconds(61));
            var state = await Idle(node);
            var now = Resources.Take();
            first ??= now;
            var isHourGood = state.Legs == 0 && state.FreePorts == state.Ports && now.Descriptors == first.Value.Descriptors && now.MediaThreads == first.Value.MediaThreads
                && now.ManagedBytes - first.Value.ManagedBytes < ManagedSlack;
            isGood &= isHourGood;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"hour {hour} calls {churn.Begun} forgotten {churn.Forgotten} refused {churn.Refused} packets {churn.PacketsSent} heard {churn.PacketsHeard} events {churn.Events} "
                + $"legs {state.Legs} ports {state.FreePorts}/{state.Ports} descriptors {now.Descriptors} media threads {now.MediaThreads} managed {now.ManagedBytes / 1024} KiB "
                + $"resident {now.ResidentBytes / 1024 / 1024} MiB in {watch.Elapsed.TotalSeconds:F0} s {(isHourGood ? "good" : "LEAK")}"));
        }

        return isGood ? 0 : 1;
    }

    private static async Task<MediaNodeState> Idle(MediaNode node)
    {
        MediaNodeState state;
        for (var tries = 0; ; tries++)
        {
            state = await node.GetState();
            if ((state.Legs == 0 && state.FreePorts == state.Ports) || tries == 500) return state;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
