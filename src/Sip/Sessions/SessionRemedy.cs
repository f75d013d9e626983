namespace Telephony.Sip;

/// <summary>What to do with a message that may not have come as it is (RFC 6337 §2); for one of our own: it may not be sent now.</summary>
public enum SessionRemedy
{
    None,

    /// <summary>400: it must have a description, or may not have one.</summary>
    BadRequest = 400,

    /// <summary>481: its INVITE is over.</summary>
    NotThere = 481,

    /// <summary>491: we owe nothing, we wait ourselves (RFC 3261 §14.2, RFC 3311 §5.2).</summary>
    Pending = 491,

    /// <summary>500 with Retry-After of 0 to 10 s: the peer's own earlier request is not answered yet (RFC 3261 §14.2, RFC 3311 §5.2).</summary>
    RetryLater = 500,

    /// <summary>No session can come of it any more: ACK if it is a 2xx to INVITE, then BYE (RFC 3261 §13.2.2.4).</summary>
    HangUp = 1000,
}
