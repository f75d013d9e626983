using System.Buffers.Binary;

namespace Telephony.Media.Relay;

/// <summary>
/// Decides which source is a leg's peer (symmetric RTP, RFC 4961; RFC 7362 calls it latching). A peer behind a NAT sends from an address that its description doesn't
/// know, so the first who sends is taken for it. Whoever guesses the port could be faster, so:
/// <list type="number">
/// <item>The described address takes over from another one within that one's first <see cref="SettledAfter"/> packets: a peer that is not behind a NAT can't be
/// shut out. Later it can't, for an address of a private network may be somebody else's by then.</item>
/// <item>A source that has sent fewer than <see cref="FirmAfter"/> packets gives way to one that has sent two in order: a packet sprayed over all ports shuts
/// nobody out.</item>
/// <item>After that, another source is the peer only when this one has been silent for <see cref="MoveAfter"/>, and two packets in order go on with its SSRC and
/// sequence numbers: a NAT has forgotten the peer, or it has changed its network. Who doesn't see the stream would have to guess 48 bits.</item>
/// <item>A new description begins anew; what still comes from where the peer was before is taken for about a second (<see cref="PreviousLimit"/>).</item>
/// </list>
/// Who sees the stream on its way can forge it all the same: that is what SRTP is for, whose check each packet must pass before it latches anybody.
/// </summary>
internal sealed class RtpLatch(MediaChannel channel, InboundStream inbound, long frequency)
{
    public const int FirmAfter = 3, SettledAfter = 250, PreviousLimit = 50;
    public static readonly TimeSpan MoveAfter = TimeSpan.FromSeconds(1);

    private readonly long _moveAfter = (long)(MoveAfter.TotalSeconds * frequency);
    private PeerAddress? _candidate;
    private ushort _candidateNext;
    private int _fromPrevious;
    private long _packetsBefore;

    /// <summary>Judges a packet's source by its head, which is there and which SRTP leaves in clear. On the leg's packet thread.</summary>
    public Verdict Judge(ReadOnlySpan<byte> source, ReadOnlySpan<byte> packet, long now)
    {
        if (channel.IsKnownPeer(source)) return Verdict.Peer;
        var remote = channel.Remote;
        if (remote.Described is not { } described) return Verdict.Stranger;

        if (!remote.IsLatched)
        {
            return remote.Previous is { } previous && previous.Is(source) && ++_fromPrevious < PreviousLimit ? Verdict.Peer : Verdict.Latch;
        }

        var packets = inbound.Packets - _packetsBefore;
        if (remote.Current!.Is(source))
        {
            if (packets >= FirmAfter) channel.SetFirm();
            return Verdict.Peer;
        }

        var isSilent = now - inbound.LastArrival >= _moveAfter;
        if (described.Is(source) && (packets <= SettledAfter || isSilent)) return Verdict.Latch;
        if (packets >= FirmAfter && !(isSilent && inbound.IsContinuedBy(packet))) return Verdict.Stranger;
        return IsInOrder(source, BinaryPrimitives.ReadUInt16BigEndian(packet[2..])) ? Verdict.Latch : Verdict.Stranger;
    }

    /// <summary>The packet was a good one: its source is the peer from now on.</summary>
    public void Latch(ReadOnlySpan<byte> source)
    {
        channel.Latch(source);
        (_candidate, _fromPrevious) = (null, 0);
        _packetsBefore = inbound.Packets - 1;
    }

    private bool IsInOrder(ReadOnlySpan<byte> source, ushort sequence)
    {
        if (_candidate is { } candidate && candidate.Is(source) && sequence == _candidateNext) return true;
        if (_candidate is null || !_candidate.Is(source)) _candidate = new PeerAddress(source);
        _candidateNext = (ushort)(sequence + 1);
        return false;
    }
}
