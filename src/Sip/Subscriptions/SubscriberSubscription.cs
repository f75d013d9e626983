namespace Telephony.Sip;

/// <summary>One subscription at its subscriber (RFC 6665 §4.1), as plain data. See <see cref="Subscriber"/>.</summary>
/// <param name="Dialog">Without a remote tag until the 2xx or the first NOTIFY made it.</param>
/// <param name="Contact">Our Contact, as <c>&lt;sip:192.0.2.1:5060&gt;</c>.</param>
/// <param name="Accept">The media types that we can read.</param>
/// <param name="Wanted">Seconds that we ask for; 0 once we want no more.</param>
/// <param name="RefreshAt">When to ask again.</param>
/// <param name="NotifyBy">When a NOTIFY has to have come (Timer N, §4.1.2.4); null when none is waited for.</param>
/// <param name="IsInFlight">A SUBSCRIBE waits for its answer.</param>
[GenerateSerializer, Immutable]
public sealed record SubscriberSubscription(
    [property: Id(0)] Dialog Dialog,
    [property: Id(1)] EventPackage Event,
    [property: Id(2)] string Contact,
    [property: Id(3)] string Accept,
    [property: Id(4)] uint Wanted,
    [property: Id(5)] SubscriberStatus Status,
    [property: Id(6)] DateTimeOffset ExpiresAt,
    [property: Id(7)] DateTimeOffset RefreshAt,
    [property: Id(8)] DateTimeOffset? NotifyBy,
    [property: Id(9)] bool IsInFlight)
{
    /// <summary>When <see cref="Subscriber.Elapsed"/> is to be called next; it may be called earlier.</summary>
    public DateTimeOffset WakeAt
    {
        get
        {
            if (Status == SubscriberStatus.Ended) return DateTimeOffset.MaxValue;
            var wake = IsInFlight || Wanted == 0 || RefreshAt > ExpiresAt ? ExpiresAt : RefreshAt;
            return NotifyBy is { } limit && limit < wake ? limit : wake;
        }
    }
}
