namespace Telephony.Sip;

/// <summary>Section <c>Telephony:Sip:Digest</c> (RFC 7616 §3).</summary>
public sealed class DigestOptions
{
    /// <summary>How long a nonce is good. Default 5 minutes.</summary>
    public TimeSpan NonceLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many used nonces are remembered; the oldest ones forgotten are stale from then on. Default 262,144 (8 MB).</summary>
    public int RememberedNonces { get; set; } = 262_144;

    /// <summary>
    /// Whether challenges offer qop <c>auth-int</c>, which protects the body, beside <c>auth</c>. An answer with it is always taken. Default false: simple phones do not
    /// understand two, and anything on the way that changes a body breaks it.
    /// </summary>
    public bool OfferIntegrity { get; set; }
}
