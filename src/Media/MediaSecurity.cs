namespace Telephony.Media;

/// <summary>Whether a leg's audio is encrypted (SRTP, RFC 3711).</summary>
public enum MediaSecurity
{
    /// <summary>Never: an offer of SRTP alone is refused.</summary>
    None,

    /// <summary>When the peer offers it.</summary>
    Optional,

    /// <summary>Always: an offer or answer in clear is refused.</summary>
    Required,
}
