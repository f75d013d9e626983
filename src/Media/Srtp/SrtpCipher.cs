namespace Telephony.Media.Srtp;

/// <summary>
/// How a suite turns packets into protected ones: session keys, without any memory of packets. Each packet comes in its final length, so with the trailer's room at its end.
/// </summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>Clear at the start of SRTCP: the first head and its SSRC (RFC 3711 §3.4).</summary>
    protected const int RtcpHeader = 8;

    /// <summary>The first bit of SRTCP's index word: the packet is encrypted.</summary>
    public const uint Encrypted = 0x8000_0000;

    /// <summary>Bytes that RTP grows by.</summary>
    public abstract int RtpTrailer { get; }

    /// <summary>Bytes that RTCP grows by, with the index word.</summary>
    public abstract int RtcpTrailer { get; }

    /// <summary>Where SRTCP's index word starts, counted from the packet's end.</summary>
    public abstract int IndexFromEnd { get; }

    /// <summary>Whether a master key identifier stands before the tag (RFC 3711 §3.1) or at the end (RFC 7714 §7.2).</summary>
    public abstract bool IsMkiBeforeTag { get; }

    /// <exception cref="ArgumentException">Keys of another length than the suite's.</exception>
    public static SrtpCipher Create(SrtpKeys keys, bool isSending)
    {
        if (keys.Master.Length != keys.Suite.KeyLength() || keys.Salt.Length != keys.Suite.SaltLength()) throw new ArgumentException("The keys' length is not the suite's.", nameof(keys));
        using var derivation = new SrtpKeyDerivation(keys.Master, keys.Salt);
        return keys.Suite.IsGcm() ? GcmCipher.Create(derivation, keys.Master.Length, isSending) : CounterModeCipher.Create(derivation, keys.Suite == SrtpSuite.AesCm128HmacSha1_32 ? 4 : 10);
    }

    /// <param name="header">Bytes that stay clear.</param>
    /// <param name="index">Roll-over counter and sequence number, 48 bits.</param>
    public abstract void SealRtp(Span<byte> packet, int header, uint ssrc, ulong index);

    /// <summary>False: forged.</summary>
    public abstract bool TryOpenRtp(Span<byte> packet, int header, uint ssrc, ulong index);

    /// <param name="index">31 bits.</param>
    public abstract void SealRtcp(Span<byte> packet, uint ssrc, uint index);

    /// <summary>False: forged.</summary>
    public abstract bool TryOpenRtcp(Span<byte> packet, uint ssrc);

    /// <summary>Overwrites the keys. No thread may use it any more.</summary>
    public abstract void Dispose();
}
