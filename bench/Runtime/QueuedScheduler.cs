using Telephony.Runtime.Scheduling;

namespace Telephony.Bench.Runtime;

/// <summary>The thread pool, and no call on its caller's thread: what a call costs that finds its grain busy.</summary>
internal sealed class QueuedScheduler : TurnScheduler
{
    public override int TurnsAtOnce => 64;
    public override bool RunsCallsHere => false;

    public override void Schedule(IThreadPoolWorkItem activation) => ThreadPool.UnsafeQueueUserWorkItem(activation, preferLocal: true);
}
