namespace Telephony.Runtime.Scheduling;

/// <summary>Decides when and on which thread activations run their turns.</summary>
public abstract class TurnScheduler
{
    /// <summary>How many turns an activation may run in a row before others get the thread.</summary>
    public abstract int TurnsAtOnce { get; }

    /// <summary>Whether a call to an idle grain may begin on the caller's thread.</summary>
    public abstract bool RunsCallsHere { get; }

    /// <summary>Whether answers to callers who are no grains go through <see cref="ScheduleOutside"/>.</summary>
    public virtual bool OrdersOutside => false;

    /// <summary>Has an activation's <see cref="IThreadPoolWorkItem.Execute"/> called once, soon, with nothing else on the stack.</summary>
    public abstract void Schedule(IThreadPoolWorkItem activation);

    /// <summary>Has an answer handed to a caller who is no grain.</summary>
    public virtual void ScheduleOutside(IThreadPoolWorkItem answer) => Schedule(answer);
}
