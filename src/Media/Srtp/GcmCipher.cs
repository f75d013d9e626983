using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Telephony.Media.Srtp;

/// <summary>AES-GCM with 128 or 256 bits (RFC 7714).</summary>
internal sealed class GcmCipher : SrtpCipher
{
    private const int TagLength = 16, SaltLength = 12;

    private readonly AesContext _rtp, _rtcp;
    private readonly byte[] _rtpSalt, _rtcpSalt;

    /// <summary>With session keys.</summary>
    public GcmCipher(ReadOnlySpan<byte> rtpKey, ReadOnlySpan<byte> rtpSalt, ReadOnlySpan<byte> rtcpKey, ReadOnlySpan<byte> rtcpSalt, bool isSending)
    {
        _rtp = AesContext.Gcm(rtpKey, isSending);
        _rtcp = AesContext.Gcm(rtcpKey, isSending);
        _rtpSalt = rtpSalt.ToArray();
        _rtcpSalt = rtcpSalt.ToArray();
    }

    public override int RtpTrailer => TagLength;

    public override int RtcpTrailer => TagLength + 4;

    public override int IndexFromEnd => 4;

    public override bool IsMkiBeforeTag => false;

    public static GcmCipher Create(SrtpKeyDerivation derivation, int keyLength, bool isSending)
    {
        Span<byte> rtpKey = stackalloc byte[keyLength], rtcpKey = stackalloc byte[keyLength], rtpSalt = stackalloc byte[SaltLength], rtcpSalt = stackalloc byte[SaltLength];
        derivation.Derive(SrtpKeyDerivation.RtpKey, rtpKey);
        derivation.Derive(SrtpKeyDerivation.RtpSalt, rtpSalt);
        derivation.Derive(SrtpKeyDerivation.RtcpKey, rtcpKey);
        derivation.Derive(SrtpKeyDerivation.RtcpSalt, rtcpSalt);
        var cipher = new GcmCipher(rtpKey, rtpSalt, rtcpKey, rtcpSalt, isSending);
        CryptographicOperations.ZeroMemory(rtpKey);
        CryptographicOperations.ZeroMemory(rtcpKey);
        return cipher;
    }

    public override void SealRtp(Span<byte> packet, int header, uint ssrc, ulong index)
    {
        Span<byte> nonce = stackalloc byte[SaltLength];
        Nonce(nonce, _rtpSalt, ssrc, index);
        _rtp.Seal(nonce, packet[..header], default, packet[header..^TagLength], packet[^TagLength..]);
    }

    public override bool TryOpenRtp(Span<byte> packet, int header, uint ssrc, ulong index)
    {
        Span<byte> nonce = stackalloc byte[SaltLength];
        Nonce(nonce, _rtpSalt, ssrc, index);
        return _rtp.TryOpen(nonce, packet[..header], default, packet[header..^TagLength], packet[^TagLength..]);
    }

    public override void SealRtcp(Span<byte> packet, uint ssrc, uint index)
    {
        Span<byte> nonce = stackalloc byte[SaltLength];
        Nonce(nonce, _rtcpSalt, ssrc, index);
        var word = packet[^4..];
        BinaryPrimitives.WriteUInt32BigEndian(word, Encrypted | index);
        _rtcp.Seal(nonce, packet[..RtcpHeader], word, packet[RtcpHeader..^RtcpTrailer], packet[^RtcpTrailer..^4]);
    }

    public override bool TryOpenRtcp(Span<byte> packet, uint ssrc)
    {
        Span<byte> nonce = stackalloc byte[SaltLength];
        var word = packet[^4..];
        var index = BinaryPrimitives.ReadUInt32BigEndian(word);
        Nonce(nonce, _rtcpSalt, ssrc, index & ~Encrypted);
        var clear = (index & Encrypted) != 0 ? RtcpHeader : packet.Length - RtcpTrailer; // not encrypted: all is only authenticated (§9.3)
        return _rtcp.TryOpen(nonce, packet[..clear], word, packet[clear..^RtcpTrailer], packet[^RtcpTrailer..^4]);
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        CryptographicOperations.ZeroMemory(_rtpSalt);
        CryptographicOperations.ZeroMemory(_rtcpSalt);
    }

    // 00 00, SSRC, roll-over counter and sequence number (§8.1) or 00 00 and SRTCP's index (§9.1), xor salt
    private static void Nonce(Span<byte> nonce, ReadOnlySpan<byte> salt, uint ssrc, ulong index)
    {
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], index);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc);
        (nonce[0], nonce[1]) = (0, 0);
        for (var i = 0; i < SaltLength; i++) nonce[i] ^= salt[i];
    }
}
