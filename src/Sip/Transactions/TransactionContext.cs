namespace Telephony.Sip;

/// <summary>What transactions share.</summary>
internal sealed record TransactionContext(string Edge, uint Run, TimerWheel Wheel, SipTimerOptions Timers, ISipEdgeEvents Events, SipMetrics Metrics)
{
    /// <summary>Finds another way for a response whose connection is gone (RFC 3261 §18.2.2).</summary>
    public required Func<SipResponse, Channel?> Reroute { get; init; }

    public TimeSpan Duration(TransactionTimer timer, bool isReliable) => timer switch
    {
        TransactionTimer.BF or TransactionTimer.H or TransactionTimer.Prack or TransactionTimer.LM or TransactionTimer.Cancelled or TransactionTimer.Unanswered => Timers.T1 * 64,
        TransactionTimer.C => Timers.C,
        TransactionTimer.InviteUnanswered => Timers.Unanswered,
        _ when isReliable => TimeSpan.Zero,
        TransactionTimer.D or TransactionTimer.J => Timers.T1 * 64,
        TransactionTimer.I or TransactionTimer.K => Timers.T4,
        _ => throw new ArgumentOutOfRangeException(nameof(timer)),
    };
}
