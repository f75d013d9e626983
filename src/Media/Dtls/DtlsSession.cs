using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Telephony.Media.Srtp;

namespace Telephony.Media.Dtls;

/// <summary>
/// A DTLS association (RFC 6347) that gives keys to SRTP (RFC 5764): datagrams in, datagrams out. For one thread at a time. OpenSSL keeps the clock of the retransmissions; who
/// owns the session sees to it that <see cref="OnTimer"/> is called.
/// </summary>
internal sealed unsafe class DtlsSession : IDisposable
{
    /// <summary>How long our datagrams get: within any path's MTU (RFC 8261 §5).</summary>
    public const int Mtu = 1200;

    private const int RecordHeader = 13, RecordLengthOffset = 11;

    private readonly Action<ReadOnlySpan<byte>> _send;
    private readonly nint _read, _write;
    private nint _ssl;

    /// <param name="isClient">We begin.</param>
    /// <param name="send">Takes each datagram for the peer.</param>
    public DtlsSession(DtlsContext context, bool isClient, Action<ReadOnlySpan<byte>> send)
    {
        IsClient = isClient;
        _send = send;
        _ssl = LibSsl.SSL_new(context.Handle);
        (_read, _write) = (LibSsl.BIO_new(LibSsl.BIO_s_mem()), LibSsl.BIO_new(LibSsl.BIO_s_mem()));
        LibSsl.BIO_ctrl(_read, LibSsl.BIO_C_SET_BUF_MEM_EOF_RETURN, -1, null);
        LibSsl.BIO_ctrl(_write, LibSsl.BIO_C_SET_BUF_MEM_EOF_RETURN, -1, null);
        LibSsl.SSL_set_bio(_ssl, _read, _write);
        LibSsl.SSL_ctrl(_ssl, LibSsl.SSL_CTRL_SET_MTU, Mtu, null);
        if (isClient) LibSsl.SSL_set_connect_state(_ssl);
        else LibSsl.SSL_set_accept_state(_ssl);
    }

    ~DtlsSession() => Free();

    public bool IsClient { get; }

    public DtlsState State { get; private set; }

    /// <summary>The client's first datagrams.</summary>
    public void Start()
    {
        if (State == DtlsState.Handshaking) Shake();
    }

    /// <summary>Takes one datagram.</summary>
    public void Take(ReadOnlySpan<byte> datagram)
    {
        if (State is not (DtlsState.Handshaking or DtlsState.Connected)) return;
        fixed (byte* d = datagram) _ = LibSsl.BIO_write(_read, d, datagram.Length);
        if (State == DtlsState.Handshaking) Shake();
        if (State == DtlsState.Connected) Read();
    }

    /// <summary>Sends again what was not answered in time.</summary>
    public void OnTimer()
    {
        if (State != DtlsState.Handshaking) return;
        LibSsl.ERR_clear_error();
        LibSsl.SSL_ctrl(_ssl, LibSsl.DTLS_CTRL_HANDLE_TIMEOUT, 0, null);
        Flush();
    }

    /// <summary>Says good-bye to the peer.</summary>
    public void Close()
    {
        if (State != DtlsState.Connected) return;
        LibSsl.ERR_clear_error();
        _ = LibSsl.SSL_shutdown(_ssl);
        Flush();
        State = DtlsState.Closed;
    }

    /// <summary>A hash of the peer's certificate (<c>sha-256</c>), in upper-case hexadecimal with colons; empty: it has none.</summary>
    public string PeerFingerprint(string hash)
    {
        var certificate = LibSsl.SSL_get1_peer_certificate(_ssl);
        if (certificate == 0) return "";
        var function = hash switch { "sha-1" => LibSsl.EVP_sha1(), "sha-384" => LibSsl.EVP_sha384(), "sha-512" => LibSsl.EVP_sha512(), _ => LibSsl.EVP_sha256() };
        var digest = stackalloc byte[64];
        uint length;
        var isMade = LibSsl.X509_digest(certificate, function, digest, &length) == 1;
        LibSsl.X509_free(certificate);
        return isMade ? Fingerprints.Text(new ReadOnlySpan<byte>(digest, (int)length)) : "";
    }

    /// <summary>The keys of a connected session (RFC 5764 §4.2). False: no suite of SRTP was agreed.</summary>
    public bool TryExport(out SrtpKeys send, out SrtpKeys receive)
    {
        (send, receive) = (null!, null!);
        var profile = LibSsl.SSL_get_selected_srtp_profile(_ssl);
        if (profile == 0 || Suite(Marshal.ReadIntPtr(profile, IntPtr.Size)) is not { } suite) return false;

        var (key, salt) = (suite.KeyLength(), suite.SaltLength());
        Span<byte> material = stackalloc byte[2 * (key + salt)];
        fixed (byte* m = material, label = "EXTRACTOR-dtls_srtp"u8)
        {
            if (LibSsl.SSL_export_keying_material(_ssl, m, (nuint)material.Length, label, 19, null, 0, 0) != 1) return false;
        }

        var client = new SrtpKeys(suite, material[..key].ToArray(), material.Slice(2 * key, salt).ToArray());
        var server = new SrtpKeys(suite, material.Slice(key, key).ToArray(), material[((2 * key) + salt)..].ToArray());
        CryptographicOperations.ZeroMemory(material);
        (send, receive) = IsClient ? (client, server) : (server, client);
        return true;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static SrtpSuite? Suite(nint id) => id switch
    {
        1 => SrtpSuite.AesCm128HmacSha1_80,
        2 => SrtpSuite.AesCm128HmacSha1_32,
        7 => SrtpSuite.AeadAes128Gcm,
        8 => SrtpSuite.AeadAes256Gcm,
        _ => null,
    };

    private void Shake()
    {
        LibSsl.ERR_clear_error();
        var result = LibSsl.SSL_do_handshake(_ssl);
        if (result == 1) State = DtlsState.Connected;
        else if (LibSsl.SSL_get_error(_ssl, result) is not (LibSsl.SSL_ERROR_WANT_READ or LibSsl.SSL_ERROR_WANT_WRITE)) State = DtlsState.Failed;
        Flush();
    }

    private void Read()
    {
        var buffer = stackalloc byte[2048];
        int result;
        do
        {
            LibSsl.ERR_clear_error();
            result = LibSsl.SSL_read(_ssl, buffer, 2048); // there is no data over DTLS here: what comes is dropped
        }
        while (result > 0);
        var error = LibSsl.SSL_get_error(_ssl, result);
        Flush();
        if (error == LibSsl.SSL_ERROR_ZERO_RETURN) State = DtlsState.Closed;
        else if (error is not (LibSsl.SSL_ERROR_WANT_READ or LibSsl.SSL_ERROR_WANT_WRITE)) State = DtlsState.Failed;
    }

    // a memory BIO runs datagrams together: they are cut at the records' heads, and whole records packed up to the MTU
    private void Flush()
    {
        Span<byte> buffer = stackalloc byte[16 * 1024];
        int length;
        fixed (byte* b = buffer) length = LibSsl.BIO_read(_write, b, buffer.Length);
        for (int start = 0, end = 0; start < length; start = end)
        {
            while (end + RecordHeader <= length)
            {
                var next = end + RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(buffer[(end + RecordLengthOffset)..]);
                if (next > length || (end > start && next - start > Mtu)) break;
                end = next;
            }

            if (end == start) return; // cut off: it would mean nothing to the peer
            _send(buffer[start..end]);
        }
    }

    private void Free()
    {
        if (_ssl != 0) LibSsl.SSL_free(_ssl); // and both BIOs
        _ssl = 0;
    }
}
