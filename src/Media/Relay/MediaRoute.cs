using Telephony.Media.Rtp;

namespace Telephony.Media.Relay;

/// <summary><paramref name="to"/> hears <paramref name="from"/>, packet by packet. Used by the thread of <paramref name="from"/> alone.</summary>
internal sealed class MediaRoute(MediaLeg from, MediaLeg to, RelayPlan plan) : IFeeder, IEquatable<MediaRoute>
{
    private readonly OutboundStream _outbound = to.Outbound;
    private volatile bool _isOutgrown;

    public MediaLeg From { get; } = from;

    public RelayPlan Plan { get; } = plan;

    /// <summary>The sender has switched to a format that the listener lacks: it is not heard until its packets are decoded. Readable from any thread.</summary>
    public bool IsOutgrown => _isOutgrown;

    public void Attach() => From.Inbound.Routes = [.. From.Inbound.Routes, this];

    public void Detach() => From.Inbound.Routes = [.. From.Inbound.Routes.Where(r => r != this)];

    /// <summary>The same way with the same plan: a change that changes nothing.</summary>
    public bool Equals(MediaRoute? other) => other is not null && other.From == From && other._outbound == _outbound && other.Plan.Equals(Plan);

    public override bool Equals(object? obj) => Equals(obj as MediaRoute);

    public override int GetHashCode() => HashCode.Combine(From, _outbound);

    /// <param name="buffer">The packet, with room behind; it is changed.</param>
    public void Relay(Span<byte> buffer, in RtpPacket packet, long sequence, int generation, long now, Traffic traffic)
    {
        if (Plan.TryMap(packet.PayloadType, out var payloadType, out var isEvent))
        {
            _outbound.Relay(buffer, packet, sequence, this, generation, payloadType, isEvent, now, traffic);
            return;
        }

        if (Plan.IsDecodable(packet.PayloadType)) _isOutgrown = true;
        traffic.Drop(DropReason.Payload);
    }
}
