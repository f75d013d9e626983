namespace Telephony.Runtime.Scheduling;

/// <summary>Runs turns on the .NET thread pool.</summary>
internal sealed class ThreadPoolScheduler : TurnScheduler
{
    public override int TurnsAtOnce => 64;
    public override bool RunsCallsHere => true;

    public override void Schedule(IThreadPoolWorkItem activation) => ThreadPool.UnsafeQueueUserWorkItem(activation, preferLocal: true);
}
