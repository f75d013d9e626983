namespace Telephony.Media.Srtp;

/// <summary>How SRTP encrypts and authenticates: RFC 4568 §6.2, and for GCM RFC 7714 §14.2.</summary>
internal enum SrtpSuite { AesCm128HmacSha1_80, AesCm128HmacSha1_32, AeadAes128Gcm, AeadAes256Gcm }
