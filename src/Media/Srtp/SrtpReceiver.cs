using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Telephony.Media.Srtp;

/// <summary>
/// Takes the protection off what a leg receives (RFC 3711 §3.3, §3.4; RFC 7714). In place and without allocation; for one thread at a time. A forged packet changes nothing
/// but its own bytes. When a peer has sent by more SSRCs than <see cref="SrtpStreams.Max"/>, the one not heard for longest is forgotten.
/// </summary>
internal sealed class SrtpReceiver(SrtpCipher cipher, int mkiLength = 0) : IDisposable
{
    private readonly SrtpStreams _streams = new();

    public SrtpReceiver(SrtpKeys keys)
        : this(SrtpCipher.Create(keys, isSending: false), keys.MkiLength)
    {
    }

    /// <returns>The length of the RTP packet; -1: forged, replayed or malformed.</returns>
    public int UnprotectRtp(Span<byte> packet)
    {
        if (!TrySkipMki(ref packet, cipher.RtpTrailer)) return -1;
        var header = SrtpHeader.Length(packet);
        if (header < 0 || header + cipher.RtpTrailer > packet.Length) return -1;

        var ssrc = SrtpHeader.RtpSsrc(packet);
        ref var stream = ref _streams.Find(ssrc);
        var index = Unsafe.IsNullRef(ref stream) ? SrtpHeader.Sequence(packet) : stream.Rtp.Estimate(SrtpHeader.Sequence(packet));
        if (!Unsafe.IsNullRef(ref stream) && !stream.Rtp.IsNew(index)) return -1;
        if (!cipher.TryOpenRtp(packet, header, ssrc, (ulong)index)) return -1;

        if (Unsafe.IsNullRef(ref stream)) stream = ref _streams.Add(ssrc);
        stream.Rtp.Mark(index);
        return packet.Length - cipher.RtpTrailer;
    }

    /// <returns>The length of the RTCP packet; -1: forged, replayed or malformed.</returns>
    public int UnprotectRtcp(Span<byte> packet)
    {
        if (!TrySkipMki(ref packet, cipher.RtcpTrailer - 4)) return -1;
        if (packet.Length < 8 + cipher.RtcpTrailer || packet[0] >> 6 != 2) return -1;

        var ssrc = SrtpHeader.RtcpSsrc(packet);
        var index = (long)(BinaryPrimitives.ReadUInt32BigEndian(packet[^cipher.IndexFromEnd..]) & ~SrtpCipher.Encrypted);
        ref var stream = ref _streams.Find(ssrc);
        if (!Unsafe.IsNullRef(ref stream) && !stream.Rtcp.IsNew(index)) return -1;
        if (!cipher.TryOpenRtcp(packet, ssrc)) return -1;

        if (Unsafe.IsNullRef(ref stream)) stream = ref _streams.Add(ssrc);
        stream.Rtcp.Mark(index);
        return packet.Length - cipher.RtcpTrailer;
    }

    /// <summary>Overwrites the keys.</summary>
    public void Dispose() => cipher.Dispose();

    // a tag behind it moves up
    private bool TrySkipMki(ref Span<byte> packet, int tag)
    {
        if (mkiLength == 0) return true;
        var behind = cipher.IsMkiBeforeTag ? tag : 0;
        if (packet.Length < mkiLength + behind) return false;
        packet[^behind..].CopyTo(packet[^(behind + mkiLength)..]);
        packet = packet[..^mkiLength];
        return true;
    }
}
