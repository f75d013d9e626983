namespace Telephony.Sip;

/// <summary>How long to wait when both sides of a dialog want to change the session at once (RFC 3261 §14.1, §14.2).</summary>
public static class Glare
{
    /// <summary>After a 491: the side that made the Call-ID waits 2.1 to 4 s, the other one 0 to 2 s, in steps of 10 ms.</summary>
    public static TimeSpan BackOff(bool ownsCallId, Random random) => TimeSpan.FromMilliseconds(10 * (ownsCallId ? random.Next(210, 401) : random.Next(0, 201)));

    /// <summary>The Retry-After of a 500, in seconds: 0 to 10.</summary>
    public static int RetryAfter(Random random) => random.Next(0, 11);
}
