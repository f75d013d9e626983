using Telephony.Media.Relay;

namespace Telephony.Media.Churn;

/// <summary>A slice of what <c>bench/Media churn</c> does for a whole day.</summary>
[Collection("alone")]
public sealed class ChurnTests
{
    private const int Minutes = 60, MaxCalls = 30;

    [Fact]
    public async Task Calls_that_come_and_go_for_an_hour_leave_no_port_thread_handle_or_byte_behind()
    {
        await Churn(seed: 1, minutes: 2); // everything compiled and every pool filled
        var before = Resources.Take();

        await Churn(seed: 20261120, Minutes);

        var after = Resources.Take();
        Assert.Equal((before.Descriptors, before.MediaThreads), (after.Descriptors, after.MediaThreads));
        Assert.InRange(after.ManagedBytes - before.ManagedBytes, long.MinValue, 512 * 1024);
    }

    private static async Task Churn(int seed, int minutes)
    {
        await using var test = new TestNode(pairs: 50);
        using var churn = new CallChurn(test.Node, seed, MaxCalls);
        for (var second = 0; second < minutes * 60; second++)
        {
            await churn.Second();
            await test.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await churn.End();
        await test.Time.Advance(TimeSpan.FromSeconds(61)); // the lease of those that were forgotten
        await Testing.Eventually.Is(() => test.Node.FreePairs == 50);
        Assert.InRange(churn.Begun, minutes * 20, int.MaxValue);
        Assert.InRange(churn.PacketsHeard, churn.PacketsSent / 4, churn.PacketsSent);
        Assert.InRange(churn.Events, 1, int.MaxValue);
    }
}
