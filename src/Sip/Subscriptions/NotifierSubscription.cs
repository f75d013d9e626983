namespace Telephony.Sip;

/// <summary>One subscription at its notifier (RFC 6665 §4.2), as plain data. Its dialog may have others, and is kept apart from it. See <see cref="Notifier"/>.</summary>
/// <param name="Event">Package and id: what tells it apart within its dialog.</param>
/// <param name="ContentType">Of its bodies.</param>
/// <param name="Contact">Our Contact in its messages.</param>
/// <param name="NextVersion">Of the next body (as dialog-info counts them, RFC 4235 §4.1); the first is 0.</param>
/// <param name="IsInFlight">A NOTIFY waits for its answer; there is one at most.</param>
/// <param name="IsDue">Another is to follow as soon as that is answered and <paramref name="NotBefore"/> has come.</param>
/// <param name="End">It is over, but for the last NOTIFY, which says this and waits for the answer to the one before; null while it lives.</param>
[GenerateSerializer, Immutable]
public sealed record NotifierSubscription(
    [property: Id(0)] EventPackage Event,
    [property: Id(1)] string ContentType,
    [property: Id(2)] string Contact,
    [property: Id(3)] NotifierStatus Status,
    [property: Id(4)] DateTimeOffset ExpiresAt,
    [property: Id(5)] TimeSpan MinInterval,
    [property: Id(6)] uint NextVersion = 0,
    [property: Id(7)] bool IsInFlight = false,
    [property: Id(8)] bool IsDue = false,
    [property: Id(9)] DateTimeOffset NotBefore = default,
    [property: Id(10)] SubscriptionState? End = null)
{
    /// <summary>When <see cref="Notifier.Elapsed"/> is to be called next; it may be called earlier. While the last NOTIFY waits, nothing but an answer helps.</summary>
    public DateTimeOffset WakeAt => End is not null ? DateTimeOffset.MaxValue
        : IsDue && !IsInFlight && NotBefore < ExpiresAt ? NotBefore
        : ExpiresAt;
}
