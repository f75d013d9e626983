namespace Telephony.Sip;

/// <summary>Whether TLS peers that call us show a certificate (RFC 3261 §26.3.1, mutual TLS).</summary>
public enum SipClientCertificates
{
    /// <summary>They aren't asked.</summary>
    None,

    /// <summary>They may; one that isn't trusted is refused.</summary>
    Optional,

    /// <summary>They must.</summary>
    Required,
}
