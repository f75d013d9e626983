namespace Telephony.Media.Codecs;

/// <summary>
/// How long packets must wait so that nearly all have come when their time is: from how much later each is than the fastest of late. Jumps up with late packets, and comes
/// down over half a minute without. All times in microseconds.
/// </summary>
internal sealed class DelayEstimator(long minDelay, long maxDelay)
{
    private const int Buckets = 64;
    private const int FirstBucket = 2;
    private const long BucketWidth = 10_000, Margin = 10_000, Window = 1_000_000;
    private const float Forget = 0.998f, Covered = 0.97f, FirstWeight = 0.05f;

    private readonly long _minDelay = minDelay, _maxDelay = maxDelay;
    private readonly float[] _histogram = new float[Buckets];
    private long _fastest = long.MaxValue, _fastestBefore = long.MaxValue, _windowStart = long.MinValue;

    /// <summary>The shortest transit (arrival minus timestamp) of the last 1 to 2 s. It follows the drift of the clocks.</summary>
    public long Fastest => Math.Min(_fastest, _fastestBefore);

    /// <summary>Nothing has come yet.</summary>
    public bool IsEmpty => _windowStart == long.MinValue;

    /// <summary>How much later than by the fastest transit a packet should be played.</summary>
    public long Target { get; private set; }

    /// <summary>Forgets all. 40 ms are expected at first.</summary>
    public void Reset()
    {
        Array.Clear(_histogram);
        _histogram[FirstBucket] = FirstWeight;
        (_fastest, _fastestBefore, _windowStart) = (long.MaxValue, long.MaxValue, long.MinValue);
        Target = Math.Clamp(((FirstBucket + 1) * BucketWidth) + Margin, _minDelay, _maxDelay);
    }

    /// <summary>Takes a packet. Returns how much later than the fastest one it is.</summary>
    public long Hear(long arrival, long transit)
    {
        if (_windowStart == long.MinValue || arrival - _windowStart >= Window)
        {
            if (_windowStart != long.MinValue) _fastestBefore = _fastest;
            (_fastest, _windowStart) = (transit, arrival);
        }

        _fastest = Math.Min(_fastest, transit);
        var late = transit - Fastest;
        var bucket = (int)Math.Clamp(late / BucketWidth, 0, Buckets - 1);
        foreach (ref var share in _histogram.AsSpan()) share *= Forget;
        _histogram[bucket] += 1 - Forget;
        Target = Math.Clamp(((Quantile() + 1) * BucketWidth) + Margin, _minDelay, _maxDelay);
        return late;
    }

    private int Quantile()
    {
        var total = 0f;
        foreach (var share in _histogram) total += share;
        var (needed, i) = (total * Covered, 0);
        for (var sum = _histogram[0]; sum < needed && i < Buckets - 1; sum += _histogram[i]) i++;
        return i;
    }
}
