using System.Collections.Immutable;

namespace Telephony.Grains.Calls.History;

/// <summary>A finished call can be read from these extensions' history from now on; on the stream <see cref="Streams.History"/> of the tenant.</summary>
[GenerateSerializer, Immutable]
public sealed record UserCallRecorded([property: Id(0)] Guid CallId, [property: Id(1)] ImmutableArray<string> Extensions);
