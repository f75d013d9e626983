using System.Security.Cryptography;

namespace Telephony.Media.Srtp;

/// <summary>AES with one key, as a counter mode keystream or as GCM; in place, nothing allocated. For one thread at a time. Disposing it overwrites the key.</summary>
internal sealed unsafe class AesContext : IDisposable
{
    private const int Keep = -1; // encrypting or decrypting, as before

    private nint _context;

    /// <param name="key">16 or 32 bytes.</param>
    private AesContext(nint cipher, ReadOnlySpan<byte> key, bool isEncrypting)
    {
        _context = LibCrypto.EVP_CIPHER_CTX_new();
        fixed (byte* k = key) Check(LibCrypto.EVP_CipherInit_ex(_context, cipher, 0, k, null, isEncrypting ? 1 : 0));
    }

    ~AesContext() => Free();

    public static AesContext Counter(ReadOnlySpan<byte> key) =>
        new(key.Length == 32 ? LibCrypto.EVP_aes_256_ctr() : LibCrypto.EVP_aes_128_ctr(), key, isEncrypting: true);

    public static AesContext Gcm(ReadOnlySpan<byte> key, bool isEncrypting) =>
        new(key.Length == 32 ? LibCrypto.EVP_aes_256_gcm() : LibCrypto.EVP_aes_128_gcm(), key, isEncrypting);

    /// <summary>Counter mode: encrypts or decrypts, which is the same.</summary>
    /// <param name="counter">The first block, 16 bytes.</param>
    public void Crypt(ReadOnlySpan<byte> counter, Span<byte> data)
    {
        int length;
        fixed (byte* iv = counter, d = data)
        {
            Check(LibCrypto.EVP_CipherInit_ex(_context, 0, 0, null, iv, Keep));
            Check(LibCrypto.EVP_CipherUpdate(_context, d, &length, d, data.Length));
        }
    }

    /// <summary>GCM: encrypts <paramref name="data"/> and makes the tag over it and, before it, both spans that stay clear.</summary>
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> clear2, Span<byte> data, Span<byte> tag)
    {
        int length;
        Run(nonce, clear, clear2, data);
        fixed (byte* t = tag)
        {
            Check(LibCrypto.EVP_CipherFinal_ex(_context, t, &length));
            Check(LibCrypto.EVP_CIPHER_CTX_ctrl(_context, LibCrypto.EVP_CTRL_AEAD_GET_TAG, tag.Length, t));
        }
    }

    /// <summary>GCM: decrypts. False: forged, and what is in <paramref name="data"/> means nothing.</summary>
    public bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> clear2, Span<byte> data, ReadOnlySpan<byte> tag)
    {
        int length;
        Run(nonce, clear, clear2, data);
        fixed (byte* t = tag) Check(LibCrypto.EVP_CIPHER_CTX_ctrl(_context, LibCrypto.EVP_CTRL_AEAD_SET_TAG, tag.Length, t));
        var nothing = stackalloc byte[16];
        return LibCrypto.EVP_CipherFinal_ex(_context, nothing, &length) > 0;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Run(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> clear2, Span<byte> data)
    {
        int length;
        fixed (byte* iv = nonce, c = clear, c2 = clear2, d = data)
        {
            Check(LibCrypto.EVP_CipherInit_ex(_context, 0, 0, null, iv, Keep));
            Check(LibCrypto.EVP_CipherUpdate(_context, null, &length, c, clear.Length));
            if (!clear2.IsEmpty) Check(LibCrypto.EVP_CipherUpdate(_context, null, &length, c2, clear2.Length));
            if (!data.IsEmpty) Check(LibCrypto.EVP_CipherUpdate(_context, d, &length, d, data.Length));
        }
    }

    private void Free()
    {
        if (_context != 0) LibCrypto.EVP_CIPHER_CTX_free(_context);
        _context = 0;
    }

    private static void Check(int result)
    {
        if (result <= 0) throw new CryptographicException("OpenSSL refused a cipher operation."); // a fault of ours, or no memory
    }
}
