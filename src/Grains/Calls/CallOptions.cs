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

    /// <summary>
    /// How long one party may send no sound, beyond the time after which the media node tells of it (<c>Telephony:Media:SilentAfter</c>), while the other one does; then the call
    /// ends with the reason <c>media_timeout</c>. A call of which nobody sends any ends when the node has told of both. A party on hold is not expected to send. The silent
    /// one's phone is asked at once whether it is still there, so this is for phones that answer and send nothing. 0: never. Default 1 hour.
    /// </summary>
    public TimeSpan SilentPartyTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether the keys that parties press in a call are kept with it; they may be PINs and card numbers. Default: no, only that one was pressed, when and by whom.</summary>
    public bool KeepsDigits { get; set; }
}
