using System.Numerics;
using System.Runtime.InteropServices;

namespace Telephony.Media.Audio;

/// <summary>Arithmetic of frames: sums are 32-bit, so that 200 loud parties don't overflow them, and become samples again in a <see cref="Limiter"/>.</summary>
internal static class Mix
{
    /// <summary>sum += frame.</summary>
    public static void Add(Span<int> sum, ReadOnlySpan<short> frame)
    {
        var (i, step) = (0, Vector<short>.Count);
        for (; i <= frame.Length - step; i += step)
        {
            Vector.Widen(new Vector<short>(frame[i..]), out var low, out var high);
            (new Vector<int>(sum[i..]) + low).CopyTo(sum[i..]);
            (new Vector<int>(sum[(i + (step / 2))..]) + high).CopyTo(sum[(i + (step / 2))..]);
        }

        for (; i < frame.Length; i++) sum[i] += frame[i];
    }

    /// <summary>sum += other.</summary>
    public static void Add(Span<int> sum, ReadOnlySpan<int> other)
    {
        var (i, step) = (0, Vector<int>.Count);
        for (; i <= other.Length - step; i += step) (new Vector<int>(sum[i..]) + new Vector<int>(other[i..])).CopyTo(sum[i..]);
        for (; i < other.Length; i++) sum[i] += other[i];
    }

    /// <summary>sum -= frame.</summary>
    public static void Subtract(Span<int> sum, ReadOnlySpan<short> frame)
    {
        var (i, step) = (0, Vector<short>.Count);
        for (; i <= frame.Length - step; i += step)
        {
            Vector.Widen(new Vector<short>(frame[i..]), out var low, out var high);
            (new Vector<int>(sum[i..]) - low).CopyTo(sum[i..]);
            (new Vector<int>(sum[(i + (step / 2))..]) - high).CopyTo(sum[(i + (step / 2))..]);
        }

        for (; i < frame.Length; i++) sum[i] -= frame[i];
    }

    /// <summary>to = frame · gain, where the gain goes evenly from one value to the other, so that no step is heard.</summary>
    public static void Scale(ReadOnlySpan<short> frame, Span<short> to, float fromGain, float toGain)
    {
        if (fromGain == 1 && toGain == 1)
        {
            frame.CopyTo(to);
            return;
        }

        var step = (toGain - fromGain) / Math.Max(frame.Length, 1);
        for (var i = 0; i < frame.Length; i++) to[i] = (short)Math.Clamp(frame[i] * (fromGain + (step * (i + 1))), short.MinValue, short.MaxValue);
    }

    /// <summary>Mean square of the samples, 0 (digital silence) to 2^30.</summary>
    public static float Power(ReadOnlySpan<short> frame)
    {
        var sum = 0f;
        var vectors = MemoryMarshal.Cast<short, Vector<short>>(frame);
        var total = Vector<float>.Zero;
        foreach (var vector in vectors)
        {
            Vector.Widen(vector, out var low, out var high);
            var (a, b) = (Vector.ConvertToSingle(low), Vector.ConvertToSingle(high));
            total += (a * a) + (b * b);
        }

        sum += Vector.Sum(total);
        for (var i = vectors.Length * Vector<short>.Count; i < frame.Length; i++) sum += frame[i] * (float)frame[i];
        return frame.IsEmpty ? 0 : sum / frame.Length;
    }

    /// <summary>The largest magnitude.</summary>
    public static int Peak(ReadOnlySpan<int> sum)
    {
        var vectors = MemoryMarshal.Cast<int, Vector<int>>(sum);
        var largest = Vector<int>.Zero;
        foreach (var vector in vectors) largest = Vector.Max(largest, Vector.Abs(vector));
        var peak = 0;
        for (var i = 0; i < Vector<int>.Count; i++) peak = Math.Max(peak, largest[i]);
        for (var i = vectors.Length * Vector<int>.Count; i < sum.Length; i++) peak = Math.Max(peak, Math.Abs(sum[i]));
        return peak;
    }

    /// <summary>Samples of a sum that fits.</summary>
    public static void Narrow(ReadOnlySpan<int> sum, Span<short> frame)
    {
        var (i, step) = (0, Vector<short>.Count);
        for (; i <= sum.Length - step; i += step)
        {
            Vector.Narrow(new Vector<int>(sum[i..]), new Vector<int>(sum[(i + (step / 2))..])).CopyTo(frame[i..]);
        }

        for (; i < sum.Length; i++) frame[i] = (short)sum[i];
    }
}
