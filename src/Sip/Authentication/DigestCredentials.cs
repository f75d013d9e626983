namespace Telephony.Sip;

/// <summary>What is kept of a password: H(username:realm:password) in hex (RFC 7616 §3.4.2), for each hash that the user may answer with.</summary>
[GenerateSerializer, Immutable]
public readonly record struct DigestCredentials([property: Id(0)] string? Md5, [property: Id(1)] string? Sha256, [property: Id(2)] string? Sha512256 = null)
{
    public override string ToString() => nameof(DigestCredentials); // a secret stays out of logs

    /// <summary>Those of a password.</summary>
    public static DigestCredentials Of(string username, string realm, string password)
    {
        var text = System.Text.Encoding.UTF8.GetBytes($"{username}:{realm}:{password}");

        string Hash(DigestHash hash)
        {
            Span<byte> hex = stackalloc byte[DigestHashes.MaxHex];
            DigestMath.Hash(text, hex, hash);
            return System.Text.Encoding.ASCII.GetString(hex[..DigestHashes.HexLength(hash)]);
        }

        return new(Hash(DigestHash.Md5), Hash(DigestHash.Sha256), Hash(DigestHash.Sha512256));
    }

    internal string? For(DigestHash hash) => hash switch
    {
        DigestHash.Sha512256 => Sha512256,
        DigestHash.Sha256 => Sha256,
        _ => Md5,
    };
}
