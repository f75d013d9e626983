using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>An event package that can be subscribed to here (RFC 6665 §7).</summary>
/// <param name="Name">As <c>message-summary</c>.</param>
/// <param name="ContentTypes">Of its bodies; the first is what a subscriber without Accept gets (§7.2.3).</param>
[GenerateSerializer, Immutable]
public sealed record NotifierPackage([property: Id(0)] string Name, [property: Id(1)] ImmutableArray<string> ContentTypes);
