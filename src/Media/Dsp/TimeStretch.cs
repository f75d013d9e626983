namespace Telephony.Media.Dsp;

/// <summary>Makes speech shorter or longer by a pitch period, so that its pitch stays: one period is blended into the next one (overlap and add).</summary>
internal static class TimeStretch
{
    private const double SilentPower = 60 * 60; // a mean square; -55 dBFS

    /// <summary>
    /// The length in samples by which the start of these can be changed without being heard, at most <paramref name="max"/> and half of them; 0: none. Where it is silent any length is right.
    /// </summary>
    /// <param name="min">The shortest period that is looked for.</param>
    /// <param name="alike">How much one period must be like the next one: 1 is the same.</param>
    public static int FindPeriod(ReadOnlySpan<short> samples, int min, int max, double alike)
    {
        max = Math.Min(max, samples.Length / 2);
        if (max < min) return 0;
        var step = Math.Max(1, min / 20); // 8 kHz: each lag; 48 kHz: each sixth, then finely
        var (best, likeness) = Best(samples, min, max, step, step);
        if (step > 1) (best, likeness) = Best(samples, Math.Max(min, best - step), Math.Min(max, best + step), 1, step);
        if (likeness >= alike) return best;
        return Power(samples[..(2 * max)]) < SilentPower ? max : 0;
    }

    /// <summary>Removes <paramref name="period"/> samples from the start. Returns how many are left.</summary>
    public static int Shorten(Span<short> samples, int period)
    {
        for (var i = 0; i < period; i++) samples[period + i] = (short)(((samples[i] * (period - i)) + (samples[period + i] * i)) / period);
        samples[period..].CopyTo(samples);
        return samples.Length - period;
    }

    /// <summary>Repeats <paramref name="period"/> samples at the start. The room must have that many after the first <paramref name="count"/>. Returns how many there are.</summary>
    public static int Lengthen(Span<short> room, int count, int period)
    {
        room[period..count].CopyTo(room[(2 * period)..]);
        for (var i = 0; i < period; i++)
        {
            var after = room[(2 * period) + i]; // what followed the first period
            room[period + i] = (short)(((after * (period - i)) + (room[i] * i)) / period);
        }

        return count + period;
    }

    private static (int Period, double Likeness) Best(ReadOnlySpan<short> samples, int min, int max, int step, int stride)
    {
        var (best, bestLikeness) = (min, -1.0);
        for (var period = min; period <= max; period += step)
        {
            long product = 0, one = 1, other = 1;
            for (var i = 0; i < period; i += stride)
            {
                int a = samples[i], b = samples[period + i];
                product += a * b;
                one += a * a;
                other += b * b;
            }

            var likeness = product / Math.Sqrt((double)one * other);
            if (likeness > bestLikeness) (best, bestLikeness) = (period, likeness);
        }

        return (best, bestLikeness);
    }

    private static double Power(ReadOnlySpan<short> samples)
    {
        long sum = 0;
        foreach (var sample in samples) sum += sample * sample;
        return sum / (double)samples.Length;
    }
}
