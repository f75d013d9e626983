namespace Telephony.Sip;

/// <summary>What a phone is told to do by the server (RFC 6665 §4.2.2, events <c>talk</c>, <c>hold</c> and <c>check-sync</c>).</summary>
public enum RemoteAction
{
    /// <summary>Answer the call that rings, or take the one that is on hold back.</summary>
    Talk,

    /// <summary>Put the call on hold.</summary>
    Hold,
}
