namespace Telephony.Sip;

/// <summary>How it is with a subscription at its notifier (RFC 6665 §4.2.2).</summary>
public enum NotifierStatus
{
    /// <summary>Nobody allowed it yet.</summary>
    Pending,

    Active,
}
