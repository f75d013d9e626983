namespace Telephony.Sip;

/// <summary>The hashes of digest authentication (RFC 7616 §6.1, RFC 8760 §2.1), the weakest first.</summary>
public enum DigestHash { Md5, Sha256, Sha512256 }
