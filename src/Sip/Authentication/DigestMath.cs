using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Telephony.Sip;

/// <summary>The hashes of RFC 7616 §3.4, over bytes. All results are lower-case hex.</summary>
internal static class DigestMath
{
    /// <summary>The most bytes that are hashed at once; longer answers are refused.</summary>
    public const int MaxInput = 2048;

    public static int HexLength(bool isSha256) => isSha256 ? 64 : 32;

    /// <summary>Computes what the answer must be.</summary>
    /// <param name="ha1">H(username:realm:password) in lower-case hex.</param>
    /// <param name="expected">Receives <see cref="HexLength"/> bytes.</param>
    /// <returns>False when the parts are too long.</returns>
    public static bool TryRespond(in DigestView digest, ReadOnlySpan<byte> method, bool isSha256, bool isSession, scoped ReadOnlySpan<byte> ha1, Span<byte> expected)
    {
        if (method.Length + digest.Uri.Length + digest.Nonce.Length + digest.CNonce.Length + digest.Qop.Length + 256 > MaxInput) return false;

        var hex = HexLength(isSha256);
        Span<byte> a1 = stackalloc byte[64], a2 = stackalloc byte[64];
        var input = new Writer(stackalloc byte[MaxInput]);
        if (isSession)
        {
            input.Add(ha1).Add(":"u8).Add(digest.Nonce).Add(":"u8).Add(digest.CNonce).HashTo(a1, isSha256);
            ha1 = a1[..hex];
        }

        input.Add(method).Add(":"u8).Add(digest.Uri).HashTo(a2, isSha256);
        input.Add(ha1).Add(":"u8).Add(digest.Nonce).Add(":"u8);
        if (!digest.Qop.IsEmpty) input.Add(digest.NonceCount).Add(":"u8).Add(digest.CNonce).Add(":"u8).Add(digest.Qop).Add(":"u8);
        input.Add(a2[..hex]).HashTo(expected, isSha256);
        return true;
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

        [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "RFC 3261 §22.4: phones answer MD5.")]
        public void HashTo(Span<byte> hex, bool isSha256)
        {
            Span<byte> hash = stackalloc byte[32];
            var length = isSha256 ? SHA256.HashData(_buffer[.._length], hash) : MD5.HashData(_buffer[.._length], hash);
            Convert.TryToHexStringLower(hash[..length], hex, out _);
            _length = 0;
        }
    }
}
