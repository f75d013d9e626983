using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Telephony.Sip;

/// <summary>The hashes of RFC 7616 §3.4, over bytes. All results are lower-case hex.</summary>
internal static class DigestMath
{
    /// <summary>The most bytes that are hashed at once, bodies aside; longer answers are refused.</summary>
    public const int MaxInput = 2048;

    [ThreadStatic]
    private static long _hashed;

    /// <summary>Bytes hashed on this thread, for tests of what an answer costs.</summary>
    public static long Hashed => _hashed;

    /// <summary>Computes what the answer must be.</summary>
    /// <param name="ha1">H(username:realm:password) in lower-case hex.</param>
    /// <param name="body">What qop <c>auth-int</c> protects.</param>
    /// <param name="expected">Receives <see cref="DigestHashes.HexLength"/> bytes.</param>
    /// <returns>False when the parts are too long.</returns>
    public static bool TryRespond(
        in DigestView digest, ReadOnlySpan<byte> method, ReadOnlySpan<byte> body, DigestHash hash, bool isSession, scoped ReadOnlySpan<byte> ha1, Span<byte> expected)
    {
        if (method.Length + digest.Uri.Length + digest.Nonce.Length + digest.CNonce.Length + digest.Qop.Length + 256 > MaxInput) return false;

        var hex = DigestHashes.HexLength(hash);
        Span<byte> a1 = stackalloc byte[DigestHashes.MaxHex], a2 = stackalloc byte[DigestHashes.MaxHex], entity = stackalloc byte[DigestHashes.MaxHex];
        var input = new Writer(stackalloc byte[MaxInput]);
        if (isSession)
        {
            input.Add(ha1).Add(":"u8).Add(digest.Nonce).Add(":"u8).Add(digest.CNonce).HashTo(a1, hash);
            ha1 = a1[..hex];
        }

        input.Add(method).Add(":"u8).Add(digest.Uri);
        if (digest.IsIntegrity)
        {
            Hash(body, entity, hash);
            input.Add(":"u8).Add(entity[..hex]);
        }

        input.HashTo(a2, hash);
        input.Add(ha1).Add(":"u8).Add(digest.Nonce).Add(":"u8);
        if (!digest.Qop.IsEmpty) input.Add(digest.NonceCount).Add(":"u8).Add(digest.CNonce).Add(":"u8).Add(digest.Qop).Add(":"u8);
        input.Add(a2[..hex]).HashTo(expected, hash);
        return true;
    }

    /// <summary>The hash of some bytes.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hex, DigestHash hash)
    {
        Span<byte> bytes = stackalloc byte[32];
        var length = bytes.Length;
        if (hash == DigestHash.Md5) Md5.Hash(data, bytes[..(length = Md5.HashSize)]);
        else if (hash == DigestHash.Sha256) SHA256.HashData(data, bytes);
        else Sha512256.HashData(data, bytes);
        Convert.TryToHexStringLower(bytes[..length], hex, out _);
        _hashed += data.Length;
    }

    private ref struct Writer(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;
        private int _length;

        [UnscopedRef]
        public ref Writer Add(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_buffer[_length..]);
            _length += bytes.Length;
            return ref this;
        }

        public void HashTo(Span<byte> hex, DigestHash hash)
        {
            Hash(_buffer[.._length], hex, hash);
            _length = 0;
        }
    }
}
