using System.Security.Cryptography;
using System.Text;

namespace Telephony.Configuration;

/// <summary>What is kept of a SIP password: the digests' HA1 (RFC 7616 §3.4.2), and the password itself encrypted, for provisioning alone.</summary>
public static class SipCredentials
{
    /// <summary>MD5(username:realm:password) in lower-case hex.</summary>
    public static string Ha1Md5(string username, string realm, string password) => Ha1(username, realm, password, HashAlgorithmName.MD5);

    /// <summary>SHA-256(username:realm:password) in lower-case hex.</summary>
    public static string Ha1Sha256(string username, string realm, string password) => Ha1(username, realm, password, HashAlgorithmName.SHA256);

    /// <summary>AES-256-GCM: nonce, tag, ciphertext. Bound to its device, so that a row's password is of no use in another row.</summary>
    internal static byte[] Encrypt(byte[] key, string tenant, string username, string password)
    {
        var plain = Encoding.UTF8.GetBytes(password);
        var sealedBytes = new byte[NonceSize + TagSize + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceSize + TagSize), sealedBytes.AsSpan(NonceSize, TagSize), Owner(tenant, username));
        return sealedBytes;
    }

    /// <exception cref="CryptographicException">Another key, another device, or damaged.</exception>
    internal static string Decrypt(byte[] key, string tenant, string username, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < NonceSize + TagSize) throw new CryptographicException("Too short.");
        var plain = new byte[sealedBytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(sealedBytes[..NonceSize], sealedBytes[(NonceSize + TagSize)..], sealedBytes.Slice(NonceSize, TagSize), plain, Owner(tenant, username));
        return Encoding.UTF8.GetString(plain);
    }

    private const int NonceSize = 12;
    private const int TagSize = 16;

    private static byte[] Owner(string tenant, string username) => Encoding.UTF8.GetBytes($"{tenant}\0{username}");

    private static string Ha1(string username, string realm, string password, HashAlgorithmName algorithm) =>
        Convert.ToHexStringLower(CryptographicOperations.HashData(algorithm, Encoding.UTF8.GetBytes($"{username}:{realm}:{password}")));
}
