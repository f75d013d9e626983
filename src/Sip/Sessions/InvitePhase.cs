namespace Telephony.Sip;

/// <summary>How far the INVITE of a dialog is that is under way (RFC 3261 §13, RFC 6337 §2).</summary>
public enum InvitePhase
{
    None,

    /// <summary>It came without an offer, and none has been made: the called side makes it.</summary>
    AwaitsOffer,

    Proceeding,

    /// <summary>It had its 2xx and waits for the ACK.</summary>
    Answered,
}
