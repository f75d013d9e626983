using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>Where an address-of-record can be reached (RFC 3261 §10.3), as plain data.</summary>
/// <param name="Contact">The contact's URI.</param>
/// <param name="Parameters">The contact's other parameters, as written, to be given back (<c>;audio;+sip.instance=...</c>).</param>
/// <param name="Instance">The <c>+sip.instance</c> without its quotes (RFC 5626 §4.1); null when there is none.</param>
/// <param name="RegId">The flow's number within the instance (RFC 5626 §4.2); null when there is none.</param>
/// <param name="Q">Preference, 0 to 1 (§20.10).</param>
/// <param name="CallId">Of the REGISTER that last set this binding, as is <paramref name="CSeq"/>.</param>
/// <param name="Path">Path values (RFC 3327), in the order to be sent as Route.</param>
/// <param name="Flow">The way the REGISTER came, and that requests go.</param>
[GenerateSerializer, Immutable]
public sealed record Binding(
    [property: Id(0)] string Contact,
    [property: Id(1)] string Parameters,
    [property: Id(2)] string? Instance,
    [property: Id(3)] int? RegId,
    [property: Id(4)] double Q,
    [property: Id(5)] DateTimeOffset ExpiresAt,
    [property: Id(6)] string CallId,
    [property: Id(7)] uint CSeq,
    [property: Id(8)] ImmutableArray<string> Path,
    [property: Id(9)] SipFlow? Flow,
    [property: Id(10)] string? UserAgent);
