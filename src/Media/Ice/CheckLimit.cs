namespace Telephony.Media.Ice;

/// <summary>How many checks are looked at: <see cref="Burst"/> at once and <see cref="PerSecond"/> after that. A browser sends one each 50 ms while it tries, for each of its addresses.</summary>
/// <param name="frequency">Of the timestamps, a second.</param>
internal struct CheckLimit(long frequency)
{
    public const int PerSecond = 100, Burst = 200;

    private long _emptyAt = long.MinValue / 2; // when a full burst is free again, less the burst

    public bool TryTake(long now)
    {
        var step = frequency / PerSecond;
        var at = Math.Max(_emptyAt, now - (Burst * step));
        if (at + step > now) return false;
        _emptyAt = at + step;
        return true;
    }
}
