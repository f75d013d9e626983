namespace Telephony.Sip;

/// <summary>Where a 3xx says that a request is to go (RFC 3261 §8.1.3.4).</summary>
/// <param name="Uri">The Contact's URI, headers and all.</param>
/// <param name="DisplayName">Null when there is none.</param>
/// <param name="Q">Preference, 0 to 1 (§20.10).</param>
/// <param name="ExpiresAt">Until when it is good.</param>
/// <param name="By">Who redirected to it: the URI of the request that was answered.</param>
/// <param name="Status">Of that answer.</param>
/// <param name="Depth">How many redirections led here.</param>
[GenerateSerializer, Immutable]
public sealed record RedirectTarget(
    [property: Id(0)] string Uri,
    [property: Id(1)] string? DisplayName,
    [property: Id(2)] double Q,
    [property: Id(3)] DateTimeOffset ExpiresAt,
    [property: Id(4)] string By,
    [property: Id(5)] int Status,
    [property: Id(6)] int Depth);
