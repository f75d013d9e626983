using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Telephony.Media.Srtp;

/// <summary>AES in counter mode with HMAC-SHA1 (RFC 3711 §4.1.1, §4.2.1). SRTCP's tag has 80 bits with both lengths of SRTP's (RFC 4568 §6.2.2).</summary>
internal sealed class CounterModeCipher : SrtpCipher
{
    private const int RtcpTag = 10, SaltLength = 14;

    private readonly AesContext _rtp, _rtcp;
    private readonly IncrementalHash _rtpHash, _rtcpHash;
    private readonly byte[] _rtpSalt = new byte[SaltLength], _rtcpSalt = new byte[SaltLength];

    private CounterModeCipher(SrtpKeyDerivation derivation, int rtpTag)
    {
        RtpTrailer = rtpTag;
        Span<byte> key = stackalloc byte[16];
        Span<byte> authentication = stackalloc byte[20];
        derivation.Derive(SrtpKeyDerivation.RtpKey, key);
        _rtp = AesContext.Counter(key);
        derivation.Derive(SrtpKeyDerivation.RtcpKey, key);
        _rtcp = AesContext.Counter(key);
        derivation.Derive(SrtpKeyDerivation.RtpAuthentication, authentication);
        _rtpHash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, authentication);
        derivation.Derive(SrtpKeyDerivation.RtcpAuthentication, authentication);
        _rtcpHash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, authentication);
        derivation.Derive(SrtpKeyDerivation.RtpSalt, _rtpSalt);
        derivation.Derive(SrtpKeyDerivation.RtcpSalt, _rtcpSalt);
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(authentication);
    }

    public override int RtpTrailer { get; }

    public override int RtcpTrailer => 4 + RtcpTag;

    public override int IndexFromEnd => 4 + RtcpTag;

    public override bool IsMkiBeforeTag => true;

    public static CounterModeCipher Create(SrtpKeyDerivation derivation, int rtpTag) => new(derivation, rtpTag);

    public override void SealRtp(Span<byte> packet, int header, uint ssrc, ulong index)
    {
        var body = packet[..^RtpTrailer];
        Crypt(_rtp, _rtpSalt, ssrc, index, body[header..]);
        Tag(body, index, packet[^RtpTrailer..]);
    }

    public override bool TryOpenRtp(Span<byte> packet, int header, uint ssrc, ulong index)
    {
        var body = packet[..^RtpTrailer];
        Span<byte> tag = stackalloc byte[RtpTrailer];
        Tag(body, index, tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, packet[^RtpTrailer..])) return false;
        Crypt(_rtp, _rtpSalt, ssrc, index, body[header..]);
        return true;
    }

    public override void SealRtcp(Span<byte> packet, uint ssrc, uint index)
    {
        Crypt(_rtcp, _rtcpSalt, ssrc, index, packet[RtcpHeader..^RtcpTrailer]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[^IndexFromEnd..], Encrypted | index);
        Tag(packet[..^RtcpTag], packet[^RtcpTag..]);
    }

    public override bool TryOpenRtcp(Span<byte> packet, uint ssrc)
    {
        Span<byte> tag = stackalloc byte[RtcpTag];
        Tag(packet[..^RtcpTag], tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, packet[^RtcpTag..])) return false;
        var word = BinaryPrimitives.ReadUInt32BigEndian(packet[^IndexFromEnd..]);
        if ((word & Encrypted) != 0) Crypt(_rtcp, _rtcpSalt, ssrc, word & ~Encrypted, packet[RtcpHeader..^RtcpTrailer]);
        return true;
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _rtpHash.Dispose();
        _rtcpHash.Dispose();
        CryptographicOperations.ZeroMemory(_rtpSalt);
        CryptographicOperations.ZeroMemory(_rtcpSalt);
    }

    // salt * 2^16 xor SSRC * 2^64 xor index * 2^16 (§4.1.1)
    private static void Crypt(AesContext aes, ReadOnlySpan<byte> salt, uint ssrc, ulong index, Span<byte> data)
    {
        Span<byte> counter = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(counter, 0);
        BinaryPrimitives.WriteUInt32BigEndian(counter[4..], ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(counter[8..], index << 16);
        for (var i = 0; i < SaltLength; i++) counter[i] ^= salt[i];
        aes.Crypt(counter, data);
    }

    // over the packet and the roll-over counter (§4.2)
    private void Tag(ReadOnlySpan<byte> body, ulong index, Span<byte> tag)
    {
        Span<byte> rollOver = stackalloc byte[4];
        Span<byte> full = stackalloc byte[20];
        BinaryPrimitives.WriteUInt32BigEndian(rollOver, (uint)(index >> 16));
        _rtpHash.AppendData(body);
        _rtpHash.AppendData(rollOver);
        _rtpHash.GetHashAndReset(full);
        full[..tag.Length].CopyTo(tag);
    }

    private void Tag(ReadOnlySpan<byte> body, Span<byte> tag)
    {
        Span<byte> full = stackalloc byte[20];
        _rtcpHash.AppendData(body);
        _rtcpHash.GetHashAndReset(full);
        full[..tag.Length].CopyTo(tag);
    }
}
