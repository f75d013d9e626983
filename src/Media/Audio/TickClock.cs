namespace Telephony.Media.Audio;

/// <summary>
/// An absolute grid of ticks of 20 ms. Who comes late makes up for it at once, by at most <see cref="MaxCatchUp"/> ticks; time beyond that is left out, for nobody wants to
/// hear it any more, and the grid stays.
/// </summary>
internal sealed class TickClock(long frequency, long start)
{
    /// <summary>100 ms: what a jitter buffer bears.</summary>
    public const int MaxCatchUp = 5;

    private readonly long _period = frequency / 50;

    /// <summary>When the next tick is due.</summary>
    public long Next { get; private set; } = start;

    /// <summary>Ticks that came a whole period late or more.</summary>
    public long Late { get; private set; }

    /// <summary>Ticks that were left out.</summary>
    public long Skipped { get; private set; }

    /// <summary>What is due: so many ticks, of which the first stands for <paramref name="first"/> of the grid (1, and more after some were left out).</summary>
    public int Take(long now, out int first)
    {
        first = 1;
        if (now < Next) return 0;
        var due = ((now - Next) / _period) + 1;
        Next += due * _period;
        if (due == 1) return 1;

        Late += due - 1;
        if (due <= MaxCatchUp) return (int)due;
        var skipped = (int)Math.Min(due - MaxCatchUp, int.MaxValue - 1);
        Skipped += skipped;
        first = skipped + 1;
        return MaxCatchUp;
    }
}
