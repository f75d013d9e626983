namespace Telephony.Media;

/// <summary>How a media node is.</summary>
/// <param name="Boot">Another at each start of the node: legs that were made under another boot are gone.</param>
/// <param name="Legs">Legs that exist.</param>
/// <param name="FreePorts">Port pairs that no leg uses, of <paramref name="Ports"/>.</param>
/// <param name="PacketsReceived">RTP and RTCP since its start, as are <paramref name="PacketsSent"/> and <paramref name="PacketsDropped"/>.</param>
[GenerateSerializer, Immutable]
public sealed record MediaNodeState(
    [property: Id(0)] string Boot, [property: Id(1)] int Legs, [property: Id(2)] int FreePorts, [property: Id(3)] int Ports,
    [property: Id(4)] long PacketsReceived, [property: Id(5)] long PacketsSent, [property: Id(6)] long PacketsDropped);
