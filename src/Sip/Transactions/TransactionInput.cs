namespace Telephony.Sip;

/// <summary>What can happen to a transaction. Responses are received ones at a client, and the owner's at a server.</summary>
internal enum TransactionInput
{
    Start,

    /// <summary>Taken over from an earlier run of the process, where it was proceeding.</summary>
    Restore,

    /// <summary>1xx.</summary>
    Provisional,

    /// <summary>1xx that is to be acknowledged (RFC 3262).</summary>
    Reliable,

    /// <summary>2xx.</summary>
    Success,

    /// <summary>300 to 699.</summary>
    Failure,

    /// <summary>A copy of the request.</summary>
    Request,

    Ack,

    /// <summary>The PRACK of the reliable response that waits for one.</summary>
    Prack,

    Cancel,

    /// <summary>Timer A, E or G: time to send again.</summary>
    SendAgain,

    /// <summary>The timer that ends the state.</summary>
    TimeOut,

    TransportError,

    /// <summary>Another server has the request now (RFC 3263 §4.3), and this one was never heard of.</summary>
    Abandon,
}
