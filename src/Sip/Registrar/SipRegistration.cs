namespace Telephony.Sip;

/// <summary>A REGISTER that was accepted, for the edge to answer the next ones that say the same (RFC 3261 §10.2.4, refreshing bindings).</summary>
/// <param name="Owner">Whose bindings they are; opaque, it comes back with <see cref="SipRefreshed"/>. There is one registration of an owner.</param>
/// <param name="Register">What was asked, with its credentials.</param>
/// <param name="Accepted">What was answered: the one binding that there is.</param>
/// <param name="Flow">The way it came.</param>
/// <param name="ExpiresAt">When that binding ends.</param>
/// <param name="Now">When it was asked.</param>
[GenerateSerializer, Immutable]
public sealed record SipRegistration(
    [property: Id(0)] string Owner, [property: Id(1)] SipRequest Register, [property: Id(2)] SipResponse Accepted, [property: Id(3)] SipFlow Flow,
    [property: Id(4)] DateTimeOffset ExpiresAt, [property: Id(5)] DateTimeOffset Now);

/// <summary>An edge refreshed a binding by itself (RFC 3261 §10.2.4).</summary>
/// <param name="CSeq">Of the last REGISTER.</param>
/// <param name="ExpiresAt">When the binding ends now.</param>
[GenerateSerializer, Immutable]
public sealed record SipRefreshed(
    [property: Id(0)] string Edge, [property: Id(1)] string Owner, [property: Id(2)] SipFlow Flow, [property: Id(3)] uint CSeq, [property: Id(4)] DateTimeOffset ExpiresAt);
