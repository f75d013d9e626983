namespace Telephony.Media.Sdp;

/// <summary>The hash of a certificate, as in <c>a=fingerprint</c> (RFC 8122 §5).</summary>
/// <param name="Hash">Its function, lower case: <c>sha-256</c>.</param>
/// <param name="Digest">As many bytes as the function gives, in upper-case hexadecimal with colons.</param>
internal sealed record Fingerprint(string Hash, string Digest);
