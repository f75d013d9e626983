using System.Runtime.CompilerServices;

namespace Telephony.Media.Srtp;

/// <summary>
/// Protects what a leg sends (RFC 3711 §3.3, §3.4; RFC 7714). In place and without allocation; for one thread at a time. No index is ever used twice with a key, for that
/// would give the key's stream away: the same packet again is refused, and so is an SSRC too many (<see cref="SrtpStreams.Max"/>).
/// </summary>
internal sealed class SrtpSender(SrtpCipher cipher) : IDisposable
{
    /// <summary>Bytes that a packet grows by at most.</summary>
    public const int MaxTrailer = 20;

    private readonly SrtpStreams _streams = new();

    public SrtpSender(SrtpKeys keys)
        : this(SrtpCipher.Create(keys, isSending: true))
    {
    }

    /// <param name="buffer">The packet, and behind it room for <see cref="MaxTrailer"/>.</param>
    /// <returns>The new length; -1: malformed, sent before, or no room.</returns>
    public int ProtectRtp(Span<byte> buffer, int length)
    {
        var header = SrtpHeader.Length(buffer[..length]);
        if (header < 0 || length + cipher.RtpTrailer > buffer.Length) return -1;

        var ssrc = SrtpHeader.RtpSsrc(buffer);
        ref var stream = ref Stream(ssrc);
        if (Unsafe.IsNullRef(ref stream)) return -1;
        var index = stream.Rtp.Estimate(SrtpHeader.Sequence(buffer));
        if (!stream.Rtp.IsNew(index)) return -1;

        length += cipher.RtpTrailer;
        stream.Rtp.Mark(index);
        cipher.SealRtp(buffer[..length], header, ssrc, (ulong)index);
        return length;
    }

    /// <inheritdoc cref="ProtectRtp"/>
    public int ProtectRtcp(Span<byte> buffer, int length)
    {
        if (length < 8 || length + cipher.RtcpTrailer > buffer.Length) return -1;

        var ssrc = SrtpHeader.RtcpSsrc(buffer);
        ref var stream = ref Stream(ssrc);
        if (Unsafe.IsNullRef(ref stream) || stream.NextRtcp >= SrtpCipher.Encrypted) return -1;

        length += cipher.RtcpTrailer;
        cipher.SealRtcp(buffer[..length], ssrc, stream.NextRtcp++);
        return length;
    }

    /// <summary>Overwrites the keys.</summary>
    public void Dispose() => cipher.Dispose();

    private ref SrtpStreams.Stream Stream(uint ssrc)
    {
        ref var stream = ref _streams.Find(ssrc);
        if (Unsafe.IsNullRef(ref stream) && !_streams.IsFull) stream = ref _streams.Add(ssrc);
        return ref stream;
    }
}
