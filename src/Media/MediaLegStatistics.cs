namespace Telephony.Media;

/// <summary>What a leg's peer sent us and we sent it: RTP packets and bytes of payload with header, RTCP apart.</summary>
[GenerateSerializer, Immutable]
public sealed record MediaLegStatistics(
    [property: Id(0)] long PacketsReceived, [property: Id(1)] long BytesReceived,
    [property: Id(2)] long PacketsSent, [property: Id(3)] long BytesSent,
    [property: Id(4)] long RtcpReceived, [property: Id(5)] long RtcpSent, [property: Id(6)] long Dropped)
{
    /// <summary>The seconds that no <see cref="MediaEventKind.Quality"/> has told of; null: none.</summary>
    [Id(7)]
    public QualitySeries? Quality { get; init; }
}
