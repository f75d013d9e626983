namespace Telephony.Sip;

/// <summary>The messages of an INVITE dialog that can hold a session description, and those that end the wait for one (RFC 6337 §2).</summary>
public enum SessionMessage
{
    Invite,

    /// <summary>A 1xx that is sent once and may be lost.</summary>
    Provisional,

    /// <summary>A 1xx that is acknowledged by PRACK (RFC 3262).</summary>
    ReliableProvisional,

    /// <summary>A 2xx to INVITE.</summary>
    Success,

    /// <summary>A final response over 299 to INVITE, or the silence that stands for one.</summary>
    Failure,

    /// <summary>The ACK of a 2xx.</summary>
    Ack,

    Prack,
    PrackSuccess,
    PrackFailure,
    Update,
    UpdateSuccess,
    UpdateFailure,
}
