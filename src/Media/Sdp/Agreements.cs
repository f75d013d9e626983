using System.Collections.Immutable;
using System.Net;

namespace Telephony.Media.Sdp;

/// <summary>What a description of the peer and one of ours come to, one of them the answer to the other.</summary>
internal static class Agreements
{
    private const int DefaultPacketTime = 20, LeastPacketTime = 10, MostPacketTime = 120; // ms

    /// <param name="ours">Ours, of which <paramref name="pairs"/> has all that the peer has too, in the order of the answer.</param>
    public static StreamAgreement Make(MediaStream peer, LocalStream ours, ImmutableArray<(RtpFormat Peer, RtpFormat Ours)> pairs, LocalTransport transport, StreamSecurity security)
    {
        var isMux = ours.IsRtcpMux && peer.IsRtcpMux;
        var rtp = peer.IsBlackHole || security is Dtls { Ice: not null } ? null : Endpoint(peer.Connection, peer.Port);
        var rtcp = rtp is null ? null : isMux ? rtp : peer.Rtcp is { } own ? Endpoint(own.Address, own.Port) : Endpoint(peer.Connection, peer.Port + 1);
        if (rtcp?.AddressFamily != transport.Address.AddressFamily) rtcp = null;

        var agreed = pairs.Select(p => new AgreedFormat(
            p.Peer.Name, p.Peer.Clock, p.Peer.Channels, p.Peer.PayloadType, p.Ours.PayloadType, p.Peer.Parameters, p.Peer.Codec)).ToImmutableArray();
        return new StreamAgreement(
            rtp, rtcp, isMux, peer.Wish.Facing(ours.Direction),
            [.. Where(f => f.IsAudio)], [.. Where(f => f.IsTelephoneEvent)], Where(f => f.IsComfortNoise).FirstOrDefault(), PacketTime(peer), security)
        {
            Unanswered = security is Dtls ? [.. ours.Formats.Where(f => f.Codec is not null && !pairs.Any(p => p.Ours.PayloadType == f.PayloadType))
                .Select(f => new AgreedFormat(f.Name, f.Clock, f.Channels, f.PayloadType, f.PayloadType, f.Parameters, f.Codec))] : [],
        };

        IEnumerable<AgreedFormat> Where(Func<RtpFormat, bool> kind) => agreed.Where((_, i) => kind(pairs[i].Peer));
    }

    /// <summary>Which of our formats is which of an answer's: the payload type says it, unless the answer has other numbers (RFC 3264 §6.1).</summary>
    public static ImmutableArray<(RtpFormat Peer, RtpFormat Ours)> Match(MediaStream answer, ImmutableArray<RtpFormat> offered)
    {
        var pairs = ImmutableArray.CreateBuilder<(RtpFormat Peer, RtpFormat Ours)>();
        foreach (var format in answer.Formats)
        {
            var ours = offered.FirstOrDefault(o => o.PayloadType == format.PayloadType && o.IsSameEncoding(format)) ?? offered.FirstOrDefault(o => o.IsSameEncoding(format) && IsFree(o));
            if (ours is not null) pairs.Add((format, ours));
        }

        foreach (var type in answer.Unexplained) // a number alone: as the offer explains it
        {
            if (offered.FirstOrDefault(o => o.PayloadType == type && IsFree(o)) is { } ours) pairs.Add((ours with { Parameters = "" }, ours));
        }

        return pairs.ToImmutable();

        bool IsFree(RtpFormat ours) => !pairs.Any(p => p.Ours.PayloadType == ours.PayloadType);
    }

    private static int PacketTime(MediaStream peer) =>
        Math.Clamp(Math.Min(peer.PacketTime ?? DefaultPacketTime, peer.MaxPacketTime ?? MostPacketTime) / LeastPacketTime * LeastPacketTime, LeastPacketTime, MostPacketTime);

    private static IPEndPoint? Endpoint(IPAddress? address, int port) => address is null || port > IPEndPoint.MaxPort ? null : new IPEndPoint(address, port);
}
