namespace Telephony.Sip;

/// <summary>Which hashes a challenge offers, in what order (RFC 8760 §2.3). MD5 alone is what every phone can answer.</summary>
public enum DigestPolicy
{
    Md5,
    Sha256,
    Sha256ThenMd5,
    Md5ThenSha256,
    Sha512256,

    /// <summary>SHA-512-256, then SHA-256, then MD5.</summary>
    StrongestFirst,
}
