namespace Telephony.Sip;

/// <summary>Why bytes are no SIP message: the status that RFC 3261 gives a request like that, and what is wrong, in words for a reason phrase.</summary>
public readonly record struct SipParseError(int Status, string Reason)
{
    /// <summary>Nothing is wrong.</summary>
    public static SipParseError None => default;

    public bool IsError => Status != 0;

    internal static SipParseError Bad(string reason) => new(400, reason);
}
