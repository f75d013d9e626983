using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>One piece of event state that somebody published (RFC 3903 §6), as plain data.</summary>
/// <param name="Tag">Its entity-tag; a new one with every change (§6).</param>
/// <param name="Content">The body, byte for byte.</param>
[GenerateSerializer, Immutable]
public sealed record Publication(
    [property: Id(0)] string Tag,
    [property: Id(1)] string ContentType,
    [property: Id(2)] ImmutableArray<byte> Content,
    [property: Id(3)] DateTimeOffset ExpiresAt,
    [property: Id(4)] DateTimeOffset ChangedAt);
