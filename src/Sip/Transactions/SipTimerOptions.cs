namespace Telephony.Sip;

/// <summary>Section <c>Telephony:Sip:Timers</c>; RFC 3261 §17, table 4.</summary>
public sealed class SipTimerOptions
{
    /// <summary>T1, the round-trip estimate that other timers multiply (§17.1.1.1). Default 500 ms.</summary>
    public TimeSpan T1 { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>T2, the longest wait between two copies of a non-INVITE request or of a response to INVITE (§17.1.2.2). Default 4 s.</summary>
    public TimeSpan T2 { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>T4, how long a message may stay in the network (§17.1.2.2). Default 5 s.</summary>
    public TimeSpan T4 { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Timer C, how long an INVITE that we sent may ring without a word before it is cancelled (§16.6). Default 3 minutes.</summary>
    public TimeSpan C { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How long an INVITE that came in may stay unanswered by its owner before it is answered 408, so that a lost owner leaves nothing behind. Default 10 minutes.</summary>
    public TimeSpan Unanswered { get; set; } = TimeSpan.FromMinutes(10);
}
