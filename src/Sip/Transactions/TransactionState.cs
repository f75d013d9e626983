namespace Telephony.Sip;

/// <summary>The states of all four kinds of transaction, with the RFCs' names (RFC 3261 §17, RFC 6026 §7).</summary>
internal enum TransactionState
{
    /// <summary>INVITE client: sent, nothing heard.</summary>
    Calling,

    /// <summary>As Calling, and to be cancelled when something is heard (RFC 3261 §9.1).</summary>
    CallingCancelled,

    /// <summary>Non-INVITE: nothing answered yet.</summary>
    Trying,

    /// <summary>A provisional response was sent or received.</summary>
    Proceeding,

    /// <summary>INVITE server: a reliable provisional response was sent, and its PRACK has not come (RFC 3262 §3).</summary>
    ProceedingReliably,

    /// <summary>INVITE client: as Proceeding, and a CANCEL was sent.</summary>
    Cancelling,

    /// <summary>A final response was sent or received; for INVITE one over 299.</summary>
    Completed,

    /// <summary>INVITE server: the ACK of a final response over 299 came.</summary>
    Confirmed,

    /// <summary>INVITE: a 2xx was sent or received.</summary>
    Accepted,

    /// <summary>INVITE server: as Accepted, and the ACK came.</summary>
    Acknowledged,

    Terminated,
}
