using System.Runtime.InteropServices;

namespace Telephony.Media.Srtp;

/// <summary>
/// The ciphers of OpenSSL 3, the library under .NET's own on Linux, without that between: a forged packet is an answer there, where .NET throws, and no stranger may make us throw.
/// </summary>
internal static unsafe partial class LibCrypto
{
    public const string Name = "libcrypto.so.3";

    public const int EVP_CTRL_AEAD_GET_TAG = 0x10, EVP_CTRL_AEAD_SET_TAG = 0x11;

    [LibraryImport(Name)]
    public static partial nint EVP_aes_128_ctr();

    [LibraryImport(Name)]
    public static partial nint EVP_aes_256_ctr();

    [LibraryImport(Name)]
    public static partial nint EVP_aes_128_gcm();

    [LibraryImport(Name)]
    public static partial nint EVP_aes_256_gcm();

    [LibraryImport(Name)]
    public static partial nint EVP_CIPHER_CTX_new();

    /// <summary>Overwrites the keys as well.</summary>
    [LibraryImport(Name)]
    public static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Name)]
    public static partial int EVP_CIPHER_CTX_ctrl(nint context, int type, int argument, byte* pointer);

    [LibraryImport(Name)]
    public static partial int EVP_CipherInit_ex(nint context, nint cipher, nint engine, byte* key, byte* iv, int isEncrypting);

    [LibraryImport(Name)]
    public static partial int EVP_CipherUpdate(nint context, byte* output, int* outputLength, byte* input, int inputLength);

    [LibraryImport(Name)]
    public static partial int EVP_CipherFinal_ex(nint context, byte* output, int* outputLength);
}
