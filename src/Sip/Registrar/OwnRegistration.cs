using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>A registration of ours with another registrar, as <see cref="RegistrationClient"/> leads it.</summary>
/// <param name="CallId">One for all its requests (RFC 3261 §10.2).</param>
/// <param name="Tag">From's.</param>
/// <param name="CSeq">Of the last request.</param>
/// <param name="Wanted">Seconds to ask for; grows when the registrar asks for more (423).</param>
/// <param name="InFlight">The REGISTER that waits for its final response: there is one at a time (§10.2).</param>
/// <param name="ExpiresAt">Until when calls to us arrive; null when they don't.</param>
/// <param name="DueAt">When <see cref="RegistrationClient.Elapsed"/> has something to do.</param>
/// <param name="ServiceRoute">The routes of requests that we send by this registrar's proxies (RFC 3608 §5).</param>
/// <param name="Failures">In a row.</param>
/// <param name="Corrections">How often the request in hand was sent again for a 423.</param>
/// <param name="LastStatus">Of the last final response; 0 before it.</param>
[GenerateSerializer, Immutable]
public sealed record OwnRegistration(
    [property: Id(0)] OwnRegistrationStatus Status,
    [property: Id(1)] string CallId,
    [property: Id(2)] string Tag,
    [property: Id(3)] uint CSeq,
    [property: Id(4)] uint Wanted,
    [property: Id(5)] SipRequest? InFlight,
    [property: Id(6)] DateTimeOffset? ExpiresAt,
    [property: Id(7)] DateTimeOffset DueAt,
    [property: Id(8)] ImmutableArray<string> ServiceRoute,
    [property: Id(9)] DigestAnswers Answers,
    [property: Id(10)] int Failures,
    [property: Id(11)] int Corrections,
    [property: Id(12)] int LastStatus);

/// <summary>What an input comes to (RFC 3261 §10.2).</summary>
/// <param name="Send">A REGISTER to send in a new transaction; null for none.</param>
[GenerateSerializer, Immutable]
public sealed record OwnRegistrationStep([property: Id(0)] OwnRegistration Registration, [property: Id(1)] SipRequest? Send = null);
