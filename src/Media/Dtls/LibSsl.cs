using System.Runtime.InteropServices;
using Telephony.Media.Srtp;

namespace Telephony.Media.Dtls;

/// <summary>DTLS of OpenSSL 3.0 (Debian's <c>libssl3</c>), and of its libcrypto what goes with that.</summary>
internal static unsafe partial class LibSsl
{
    public const int SSL_VERIFY_PEER = 1, SSL_VERIFY_FAIL_IF_NO_PEER_CERT = 2, EVP_PKEY_EC = 408, DTLS1_2_VERSION = 0xfefd;
    public const int SSL_CTRL_SET_MTU = 17, SSL_CTRL_SET_SESS_CACHE_MODE = 44, DTLS_CTRL_HANDLE_TIMEOUT = 74, SSL_CTRL_SET_MIN_PROTO_VERSION = 123;
    public const int BIO_C_SET_BUF_MEM_EOF_RETURN = 130;
    public const ulong SSL_OP_NO_QUERY_MTU = 1 << 12, SSL_OP_NO_TICKET = 1 << 14, SSL_OP_NO_RENEGOTIATION = 1 << 30;
    public const int SSL_ERROR_WANT_READ = 2, SSL_ERROR_WANT_WRITE = 3, SSL_ERROR_ZERO_RETURN = 6;

    private const string Name = NativeLibraries.Ssl;

    [LibraryImport(Name)]
    public static partial nint DTLS_method();

    [LibraryImport(Name)]
    public static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Name)]
    public static partial nint SSL_CTX_ctrl(nint context, int command, nint argument, void* pointer);

    [LibraryImport(Name)]
    public static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_use_certificate_ASN1(nint context, int length, byte* certificate);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_use_PrivateKey_ASN1(int type, nint context, byte* key, nint length);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_check_private_key(nint context);

    [LibraryImport(Name)]
    public static partial void SSL_CTX_set_verify(nint context, int mode, delegate* unmanaged<int, nint, int> callback);

    /// <summary>0 on success, unlike all others.</summary>
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_tlsext_use_srtp(nint context, string profiles);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_cipher_list(nint context, string ciphers);

    [LibraryImport(Name)]
    public static partial nint SSL_new(nint context);

    [LibraryImport(Name)]
    public static partial void SSL_free(nint ssl);

    [LibraryImport(Name)]
    public static partial void SSL_set_bio(nint ssl, nint read, nint write);

    [LibraryImport(Name)]
    public static partial nint SSL_ctrl(nint ssl, int command, nint argument, void* pointer);

    [LibraryImport(Name)]
    public static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(Name)]
    public static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport(Name)]
    public static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Name)]
    public static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Name)]
    public static partial int SSL_read(nint ssl, byte* buffer, int length);

    [LibraryImport(Name)]
    public static partial int SSL_shutdown(nint ssl);

    /// <summary>A <c>struct</c> of the name and an <c>unsigned long</c> id; 0: none was agreed.</summary>
    [LibraryImport(Name)]
    public static partial nint SSL_get_selected_srtp_profile(nint ssl);

    [LibraryImport(Name)]
    public static partial int SSL_export_keying_material(nint ssl, byte* material, nuint length, byte* label, nuint labelLength, byte* context, nuint contextLength, int usesContext);

    [LibraryImport(Name)]
    public static partial nint SSL_get1_peer_certificate(nint ssl);

    [LibraryImport(LibCrypto.Name)]
    public static partial nint BIO_s_mem();

    [LibraryImport(LibCrypto.Name)]
    public static partial nint BIO_new(nint method);

    [LibraryImport(LibCrypto.Name)]
    public static partial nint BIO_ctrl(nint bio, int command, nint argument, void* pointer);

    [LibraryImport(LibCrypto.Name)]
    public static partial int BIO_write(nint bio, byte* data, int length);

    [LibraryImport(LibCrypto.Name)]
    public static partial int BIO_read(nint bio, byte* data, int length);

    [LibraryImport(LibCrypto.Name)]
    public static partial int X509_digest(nint certificate, nint hash, byte* digest, uint* length);

    [LibraryImport(LibCrypto.Name)]
    public static partial void X509_free(nint certificate);

    [LibraryImport(LibCrypto.Name)]
    public static partial nint EVP_sha1();

    [LibraryImport(LibCrypto.Name)]
    public static partial nint EVP_sha256();

    [LibraryImport(LibCrypto.Name)]
    public static partial nint EVP_sha384();

    [LibraryImport(LibCrypto.Name)]
    public static partial nint EVP_sha512();

    [LibraryImport(LibCrypto.Name)]
    public static partial void ERR_clear_error();
}
