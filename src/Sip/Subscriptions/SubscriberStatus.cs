namespace Telephony.Sip;

/// <summary>How it is with a subscription at its subscriber (RFC 6665 §4.1.2).</summary>
public enum SubscriberStatus
{
    /// <summary>The SUBSCRIBE left; no NOTIFY came yet.</summary>
    Waiting,

    /// <summary>Somebody has still to allow it.</summary>
    Pending,

    Active,
    Ended,
}
