namespace Telephony.Sip;

/// <summary>What a phone is told to do by the server.</summary>
public enum RemoteAction
{
    /// <summary>Answer the call that rings, or take the one that is on hold back.</summary>
    Talk,

    /// <summary>Put the call on hold.</summary>
    Hold,
}
