using System.Collections.Immutable;
using Telephony.Media.Sdp;

namespace Telephony.Media.Dtls;

/// <summary>Certificates against what a description says of them (RFC 8122 §5).</summary>
internal static class Fingerprints
{
    private static readonly string[] Strongest = ["sha-512", "sha-384", "sha-256", "sha-1"];

    /// <summary>Whether the certificate is one of these. Of several hash functions the strongest that we know counts (§5.1); none that we know: no.</summary>
    /// <param name="digest">Of the peer's certificate with a hash function, in upper-case hexadecimal with colons.</param>
    public static bool Match(ImmutableArray<Fingerprint> expected, Func<string, string> digest)
    {
        foreach (var hash in Strongest)
        {
            var same = expected.Where(f => string.Equals(f.Hash, hash, StringComparison.OrdinalIgnoreCase)).ToArray();
            if (same.Length > 0) return same.Any(f => string.Equals(f.Digest, digest(hash), StringComparison.OrdinalIgnoreCase));
        }

        return false;
    }

    public static string Text(ReadOnlySpan<byte> digest) => string.Join(':', digest.ToArray().Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
}
