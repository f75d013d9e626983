namespace Telephony.Sip;

/// <summary>A timer in the <see cref="TimerWheel"/>. Whoever owns it starts and stops it under one lock of its own, and takes that lock when it fires.</summary>
internal abstract class TimerNode
{
    internal TimerNode? Before;
    internal TimerNode? After;
    internal long DueTick;
    internal bool IsLinked;
    internal int Generation;

    /// <summary>Called on a pool thread, without locks. It may have been stopped or started again since: <see cref="IsCurrent"/> tells, under the owner's lock.</summary>
    public abstract void Fire(int generation);

    protected bool IsCurrent(int generation) => generation == Generation;
}
