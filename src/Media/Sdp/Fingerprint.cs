namespace Telephony.Media.Sdp;

/// <summary>The hash of a certificate, as in <c>a=fingerprint</c> (RFC 8122 §5).</summary>
/// <param name="Hash">Its function, lower case: <c>sha-256</c>.</param>
/// <param name="Digest">As many bytes as the function gives, in upper-case hexadecimal with colons.</param>
internal sealed record Fingerprint(string Hash, string Digest)
{
    /// <summary>Null: malformed, or of a function too weak to trust (§5: MD2 and MD5) or unknown.</summary>
    public static Fingerprint? Parse(string value)
    {
        var fields = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 2) return null;

        var (hash, digest) = (fields[0].ToLowerInvariant(), fields[1].ToUpperInvariant());
        var bytes = hash switch { "sha-1" => 20, "sha-224" => 28, "sha-256" => 32, "sha-384" => 48, "sha-512" => 64, _ => 0 };
        if (bytes == 0 || digest.Length != (bytes * 3) - 1) return null;
        for (var i = 0; i < digest.Length; i++)
        {
            if (i % 3 == 2 ? digest[i] != ':' : !char.IsAsciiHexDigitUpper(digest[i])) return null;
        }

        return new Fingerprint(hash, digest);
    }
}
