namespace Telephony.Sip;

/// <summary>What a request's credentials are worth (RFC 3261 §22.4).</summary>
public enum DigestResult
{
    /// <summary>They are right.</summary>
    Ok,

    /// <summary>None for this realm: challenge.</summary>
    Missing,

    /// <summary>The nonce is not ours or too old: challenge with <c>stale=true</c>, so that nobody is asked for the password again.</summary>
    Stale,

    /// <summary>No such user, or not their password.</summary>
    Wrong,

    /// <summary>This nonce and count were used before: challenge with <c>stale=true</c>.</summary>
    Replayed,

    /// <summary>They can't be read: answer 400.</summary>
    Malformed,
}
