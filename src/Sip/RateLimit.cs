namespace Telephony.Sip;

/// <summary>Lets one line through every few seconds, and counts what it held back.</summary>
internal sealed class RateLimit(TimeProvider clock, TimeSpan period)
{
    private long _last = long.MinValue;
    private long _count;

    /// <param name="count">How many there were since the last time, this one counted.</param>
    public bool TryPass(out long count)
    {
        count = Interlocked.Increment(ref _count);
        var last = Volatile.Read(ref _last);
        var now = clock.GetTimestamp();
        if (last != long.MinValue && clock.GetElapsedTime(last, now) < period) return false;
        if (Interlocked.CompareExchange(ref _last, now, last) != last) return false;

        count = Interlocked.Exchange(ref _count, 0);
        return true;
    }
}
