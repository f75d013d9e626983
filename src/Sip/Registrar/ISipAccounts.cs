namespace Telephony.Sip;

/// <summary>Whose credentials an edge may check by itself (RFC 3261 §22.1), as they are now. Asked on the threads that receive, so it answers from memory.</summary>
public interface ISipAccounts
{
    /// <summary>The account of a username in a SIP domain; false when there is none, or when it is not known without waiting.</summary>
    bool TryFind(string domain, string username, out SipAccount account);
}

/// <summary>What an answer to a challenge is checked against (RFC 7616 §3.4).</summary>
/// <param name="Md5">H(username:realm:password) in lower-case hex, as is <paramref name="Sha256"/>.</param>
public readonly record struct SipAccount(string Username, string Realm, DigestPolicy Policy, string? Md5, string? Sha256)
{
    public override string ToString() => Username; // a secret stays out of logs
}
