namespace Telephony.Media;

/// <summary>A second of a leg, seen from the node; what its peer sees is in the last two.</summary>
/// <param name="ReceivedPackets">RTP of the peer, as bytes with the RTP head.</param>
/// <param name="Lost">Packets of the peer that should have come (RFC 3550 A.3); below 0 when some came late that were counted before.</param>
/// <param name="JitterMicroseconds">Interarrival jitter (RFC 3550 A.8).</param>
/// <param name="RoundTripMicroseconds">To the peer and back, by RTCP (RFC 3550 §6.4.1, RFC 3611 §4.5); 0: not known.</param>
/// <param name="RFactor">Of what the peer sends, 0 to 100 (ITU-T G.107); 0 with <paramref name="MosHundredths"/> 0: nothing was to be judged.</param>
/// <param name="MosHundredths">Its estimated mean opinion score (G.107 Annex B), 100 to 450.</param>
/// <param name="RemoteLost">Packets of ours that the peer missed in the time of its last report, which came in this second (RFC 3550 §6.4.1).</param>
/// <param name="RemoteJitterMicroseconds">Jitter by the peer's last report; 0: not known.</param>
[GenerateSerializer, Immutable]
public readonly record struct QualitySample(
    [property: Id(0)] int ReceivedPackets, [property: Id(1)] int ReceivedBytes, [property: Id(2)] int SentPackets, [property: Id(3)] int SentBytes,
    [property: Id(4)] int Lost, [property: Id(5)] int JitterMicroseconds, [property: Id(6)] int RoundTripMicroseconds,
    [property: Id(7)] byte RFactor, [property: Id(8)] short MosHundredths, [property: Id(9)] int RemoteLost, [property: Id(10)] int RemoteJitterMicroseconds);
