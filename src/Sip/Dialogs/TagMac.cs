using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Telephony.Sip;

/// <summary>
/// Signs what we put in our tags (RFC 3261 §19.3), and checks what comes back, so that a request with a tag that we never gave out is refused before anybody looks for its
/// dialog. The tag is <c>payload.mac</c>: 96 bits of HMAC-SHA256, in token characters.
/// </summary>
public sealed class TagMac
{
    private const int MacBytes = 12;
    private const int MacCharacters = 16;
    private const int MaxPayload = 256;

    private readonly byte[] _key;

    /// <param name="key">At least 32 bytes; secret, and the same after a restart if tags are to stay good.</param>
    /// <exception cref="ArgumentException">The key is too short.</exception>
    public TagMac(ReadOnlySpan<byte> key)
    {
        if (key.Length < 32) throw new ArgumentException("The key of tags needs at least 32 bytes.", nameof(key));
        _key = key.ToArray();
    }

    /// <exception cref="ArgumentException"><paramref name="payload"/> is not made of token characters (RFC 3261 §25.1), or has more than 256.</exception>
    public string Sign(string payload)
    {
        if (!Lexer.IsToken(payload) || payload.Length > MaxPayload) throw new ArgumentException("A tag is made of token characters.", nameof(payload));

        Span<char> mac = stackalloc char[MacCharacters];
        Compute(payload, mac);
        return string.Concat(payload, ".", mac);
    }

    /// <summary>Gives back what was signed; false for any other tag. Takes the same time wherever the tags differ.</summary>
    public bool TryVerify(ReadOnlySpan<char> tag, [NotNullWhen(true)] out string? payload)
    {
        payload = null;
        var dot = tag.LastIndexOf('.');
        if (dot <= 0 || dot > MaxPayload || tag.Length - dot - 1 != MacCharacters || !Lexer.IsToken(tag)) return false;

        Span<char> mac = stackalloc char[MacCharacters];
        Compute(tag[..dot], mac);
        if (!CryptographicOperations.FixedTimeEquals(System.Runtime.InteropServices.MemoryMarshal.AsBytes(mac),
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(tag[(dot + 1)..])))
        {
            return false;
        }

        payload = tag[..dot].ToString();
        return true;
    }

    private void Compute(ReadOnlySpan<char> payload, Span<char> mac)
    {
        Span<byte> bytes = stackalloc byte[MaxPayload];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, bytes[..Encoding.ASCII.GetBytes(payload, bytes)], hash);
        Base64Url.EncodeToChars(hash[..MacBytes], mac);
    }
}
