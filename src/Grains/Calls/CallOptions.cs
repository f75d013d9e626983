namespace Telephony.Grains.Calls;

/// <summary>Section <c>Telephony:Calls</c>.</summary>
public sealed class CallOptions
{
    /// <summary>How long devices ring before the caller gets 480. Default 30 s.</summary>
    public TimeSpan RingTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many calls may be on their way from the INVITE to the first ring at once; one more gets 503 with Retry-After. 0 takes no new calls. Default 250.</summary>
    public int MaxStarting { get; set; } = 250;
}
