using System.Diagnostics.CodeAnalysis;

namespace Telephony.Runtime;

/// <summary>A timer of one activation: its callback is a turn of the grain. It ends with the activation.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Times from now; <see cref="Timeout.InfiniteTimeSpan"/> as due time stops it, as period makes it fire once.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>When a timer fires. The period runs from the end of one callback to the start of the next.</summary>
public readonly struct GrainTimerCreationOptions
{
    public GrainTimerCreationOptions() { }

    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period) => (DueTime, Period) = (dueTime, period);

    public required TimeSpan DueTime { get; init; }
    public required TimeSpan Period { get; init; }

    /// <summary>The callback may run between the turns of another request.</summary>
    public bool Interleave { get; init; }

    /// <summary>A tick counts as use: the activation is not collected as idle.</summary>
    public bool KeepAlive { get; init; }
}
