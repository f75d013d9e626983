namespace Telephony.Grains.Calls;

/// <summary>Section <c>Telephony:Calls</c>.</summary>
public sealed class CallOptions
{
    /// <summary>How long devices ring before the caller gets 480. Default 30 s.</summary>
    public TimeSpan RingTime { get; set; } = TimeSpan.FromSeconds(30);
}
