namespace Telephony.Sip;

/// <summary>The timers that end a state (RFC 3261 §17, table 4; L and M: RFC 6026 §7). Those that send again (A, E, G) are told apart by their transaction.</summary>
internal enum TransactionTimer
{
    /// <summary>Leave the running one alone.</summary>
    Keep,

    /// <summary>64*T1, for a response: B and F.</summary>
    BF,

    /// <summary>Between provisional responses.</summary>
    C,

    /// <summary>64*T1 after a CANCEL (§9.1).</summary>
    Cancelled,

    /// <summary>32 s at least; 0 on reliable transports.</summary>
    D,

    /// <summary>64*T1, for an ACK.</summary>
    H,

    /// <summary>64*T1, for a PRACK (RFC 3262 §3).</summary>
    Prack,

    /// <summary>T4, copies of the ACK; 0 on reliable transports.</summary>
    I,

    /// <summary>64*T1, copies of the request; 0 on reliable transports.</summary>
    J,

    /// <summary>T4, copies of the response; 0 on reliable transports.</summary>
    K,

    /// <summary>64*T1, in Accepted.</summary>
    LM,

    /// <summary>64*T1: a non-INVITE request that its owner does not answer; its client has given up by then (RFC 4320 §4.2).</summary>
    Unanswered,

    /// <summary>As above for an INVITE: <see cref="SipTimerOptions.Unanswered"/>.</summary>
    InviteUnanswered,
}
