namespace Telephony.Grains.Calls;

/// <summary>Section <c>Telephony:Calls</c>.</summary>
public sealed class CallOptions
{
    /// <summary>How long devices ring before the caller gets 480. Default 30 s.</summary>
    public TimeSpan RingTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a session lives unless it is refreshed (RFC 4028); shorter finds dead phones out sooner. From 90 s. Default 30 minutes.</summary>
    public TimeSpan SessionExpires { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The shortest such time that a phone may ask for; at least 90 s. Default 90 s.</summary>
    public TimeSpan MinSessionExpires { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>How many calls may be on their way from the INVITE to the first ring at once; one more gets 503 with Retry-After. 0 takes no new calls. Default 250.</summary>
    public int MaxStarting { get; set; } = 250;
}
