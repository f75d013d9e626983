using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Telephony.Media.Dtls;

/// <summary>
/// Our side of every DTLS handshake: one context and one certificate for the process, made when they are first needed. A certificate says nothing of who we are; its
/// fingerprint in our descriptions does (RFC 8122).
/// </summary>
internal sealed unsafe class DtlsContext
{
    // the suites of SRTP, preferred first: as server we choose
    private const string Profiles = "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80:SRTP_AES128_CM_SHA1_32";
    private const string Ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

    private static readonly Lazy<DtlsContext?> s_shared = new(() => NativeLibraries.IsPresent(NativeLibraries.Ssl) ? new DtlsContext() : null);

    /// <summary>Another one than <see cref="Shared"/>, with a certificate of its own: a peer in a test.</summary>
    public DtlsContext()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=telephony", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        var privateKey = key.ExportECPrivateKey();
        Fingerprint = Fingerprints.Text(certificate.GetCertHash(HashAlgorithmName.SHA256));
        Handle = LibSsl.SSL_CTX_new(LibSsl.DTLS_method());
        Check(Handle != 0);
        Check(LibSsl.SSL_CTX_ctrl(Handle, LibSsl.SSL_CTRL_SET_MIN_PROTO_VERSION, LibSsl.DTLS1_2_VERSION, null) == 1);
        LibSsl.SSL_CTX_ctrl(Handle, LibSsl.SSL_CTRL_SET_SESS_CACHE_MODE, 0, null);
        LibSsl.SSL_CTX_set_options(Handle, LibSsl.SSL_OP_NO_QUERY_MTU | LibSsl.SSL_OP_NO_TICKET | LibSsl.SSL_OP_NO_RENEGOTIATION);
        fixed (byte* c = certificate.RawData, k = privateKey)
        {
            Check(LibSsl.SSL_CTX_use_certificate_ASN1(Handle, certificate.RawData.Length, c) == 1);
            Check(LibSsl.SSL_CTX_use_PrivateKey_ASN1(LibSsl.EVP_PKEY_EC, Handle, k, privateKey.Length) == 1);
        }

        CryptographicOperations.ZeroMemory(privateKey);
        Check(LibSsl.SSL_CTX_check_private_key(Handle) == 1);
        LibSsl.SSL_CTX_set_verify(Handle, LibSsl.SSL_VERIFY_PEER | LibSsl.SSL_VERIFY_FAIL_IF_NO_PEER_CERT, &TakeAnyCertificate);
        Check(LibSsl.SSL_CTX_set_tlsext_use_srtp(Handle, Profiles) == 0);
        Check(LibSsl.SSL_CTX_set_cipher_list(Handle, Ciphers) == 1);
    }

    /// <summary>Null: libssl is not installed, and there is no DTLS.</summary>
    public static DtlsContext? Shared => s_shared.Value;

    /// <summary>SHA-256 of our certificate, in upper-case hexadecimal with colons.</summary>
    public string Fingerprint { get; }

    /// <summary>The <c>SSL_CTX</c>.</summary>
    public nint Handle { get; }

    // the fingerprint decides, when the handshake has ended (RFC 5763 §5)
    [System.Runtime.InteropServices.UnmanagedCallersOnly]
    private static int TakeAnyCertificate(int isGood, nint store) => 1;

    private static void Check(bool isGood)
    {
        if (!isGood) throw new CryptographicException("OpenSSL refused to set up DTLS.");
    }
}
