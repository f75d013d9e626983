using System.Collections.Immutable;

namespace Telephony.Media;

/// <summary>How a leg was from <paramref name="From"/> on, second by second.</summary>
[GenerateSerializer, Immutable]
public sealed record QualitySeries([property: Id(0)] DateTimeOffset From, [property: Id(1)] ImmutableArray<QualitySample> Samples);
