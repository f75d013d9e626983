namespace Telephony.Sip;

/// <summary>What the session description in a message is (RFC 3264, RFC 6337 §2).</summary>
public enum BodyRole
{
    /// <summary>There is none, or the message may not have come: see the remedy.</summary>
    None,

    Offer,
    Answer,

    /// <summary>A copy of the answer that will come reliably (RFC 6337 §3.1.1): media may use it, nothing is agreed by it.</summary>
    Preview,

    /// <summary>It means nothing here and is left unread (RFC 3261 §13.2.1).</summary>
    Ignored,

    /// <summary>A failed re-INVITE takes back what was agreed within it: the session is what it was before (RFC 3261 §14.1, RFC 6141 §3).</summary>
    Undo,
}
