namespace Telephony.Sip;

/// <summary>What speaks against a source (RFC 3261 §26.3.2.4). Sources that do it often are banned; see <see cref="DefenceOptions"/>.</summary>
public enum Offence
{
    /// <summary>It sent what is no SIP message, or credentials that can't be read.</summary>
    Malformed,

    /// <summary>It sent more messages than it may, for long.</summary>
    Flood,

    /// <summary>It asked for a domain that is not served here.</summary>
    UnknownDomain,

    /// <summary>It claimed to be a user who does not exist: it looks for extensions.</summary>
    UnknownUser,

    /// <summary>It failed to shake hands for TLS: what it sent is something else, its certificate is not welcome, or it let the time pass.</summary>
    Handshake,

    /// <summary>Its password was wrong.</summary>
    WrongPassword,
}
