namespace Telephony.Sip;

/// <summary>The hashes' names on the wire, and the length of what they give.</summary>
internal static class DigestHashes
{
    /// <summary>The longest hash in hex.</summary>
    public const int MaxHex = 64;

    private static readonly DigestHash[][] Offered = [.. Enum.GetValues<DigestPolicy>().Order().Select(policy => policy switch
    {
        DigestPolicy.Sha256 => [DigestHash.Sha256],
        DigestPolicy.Sha256ThenMd5 => [DigestHash.Sha256, DigestHash.Md5],
        DigestPolicy.Md5ThenSha256 => [DigestHash.Md5, DigestHash.Sha256],
        DigestPolicy.Sha512256 => [DigestHash.Sha512256],
        DigestPolicy.StrongestFirst => [DigestHash.Sha512256, DigestHash.Sha256, DigestHash.Md5],
        _ => new[] { DigestHash.Md5 },
    })];

    public static int HexLength(DigestHash hash) => hash == DigestHash.Md5 ? 32 : 64;

    public static string Name(DigestHash hash) => hash switch
    {
        DigestHash.Sha512256 => "SHA-512-256",
        DigestHash.Sha256 => "SHA-256",
        _ => "MD5",
    };

    /// <summary>Reads an algorithm (RFC 7616 §3.3); one that is missing is MD5. False for those that are not known.</summary>
    /// <param name="isSession">Whether it ends in <c>-sess</c>.</param>
    public static bool TryRead(ReadOnlySpan<byte> algorithm, out DigestHash hash, out bool isSession)
    {
        isSession = algorithm.Length > 5 && Lexer.EqualsIgnoreCase(algorithm[^5..], "-sess"u8);
        var name = isSession ? algorithm[..^5] : algorithm;
        hash = DigestHash.Md5;
        if (name.IsEmpty || Lexer.EqualsIgnoreCase(name, "MD5"u8)) return true;
        if (Lexer.EqualsIgnoreCase(name, "SHA-256"u8)) hash = DigestHash.Sha256;
        else if (Lexer.EqualsIgnoreCase(name, "SHA-512-256"u8)) hash = DigestHash.Sha512256;
        else return false;
        return true;
    }

    /// <summary>What a policy offers, the most wanted first (RFC 8760 §2.3).</summary>
    public static ReadOnlySpan<DigestHash> Of(DigestPolicy policy) => Offered[(int)policy];

    public static bool Offers(DigestPolicy policy, DigestHash hash)
    {
        foreach (var offered in Of(policy))
        {
            if (offered == hash) return true;
        }

        return false;
    }
}
