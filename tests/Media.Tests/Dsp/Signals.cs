namespace Telephony.Media.Dsp;

/// <summary>Signals to try things with, and what can be measured of them.</summary>
internal static class Signals
{
    public static short[] Sine(int rate, double hz, int milliseconds, double amplitude = 8000, double phase = 0) =>
        [.. Enumerable.Range(0, rate * milliseconds / 1000).Select(i => (short)(amplitude * Math.Sin((2 * Math.PI * hz * i / rate) + phase)))];

    /// <summary>Like a voice: a buzz whose pitch and loudness wander, with two formants, in words with pauses between.</summary>
    public static short[] Speech(int rate, int milliseconds, int seed = 1)
    {
        var random = new Random(seed);
        var samples = new short[rate * milliseconds / 1000];
        double phase = 0, a1 = 0, a2 = 0, b1 = 0, b2 = 0, loud = 0, pitch = 120, goal = 1, f1 = 500, f2 = 1500;
        for (var i = 0; i < samples.Length; i++)
        {
            if (i % (rate / 8) == 0) (goal, pitch, f1, f2) = (random.Next(4) == 0 ? 0 : 0.3 + random.NextDouble(), 100 + (80 * random.NextDouble()), 300 + random.Next(500), 1000 + random.Next(1200));
            loud += (goal - loud) * 200 / rate;
            phase += pitch / rate;
            var pulse = (phase >= 1 ? 1 : 0) + ((random.NextDouble() - 0.5) * 0.05);
            if (phase >= 1) phase--;
            (a1, a2) = (pulse + (2 * 0.97 * Math.Cos(2 * Math.PI * f1 / rate) * a1) - (0.97 * 0.97 * a2), a1);
            (b1, b2) = (a1 + (2 * 0.95 * Math.Cos(2 * Math.PI * f2 / rate) * b1) - (0.95 * 0.95 * b2), b1);
            samples[i] = (short)Math.Clamp(loud * b1 * 350, -30_000, 30_000);
        }

        return samples;
    }

    /// <summary>The amplitude of one frequency.</summary>
    public static double Amplitude(ReadOnlySpan<short> samples, int rate, double hz)
    {
        double re = 0, im = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * hz * i / rate);
            re += samples[i] * cos;
            im += samples[i] * sin;
        }

        return 2 * Math.Sqrt((re * re) + (im * im)) / samples.Length;
    }

    public static double Rms(ReadOnlySpan<short> samples)
    {
        double sum = 0;
        foreach (var sample in samples) sum += (double)sample * sample;
        return Math.Sqrt(sum / Math.Max(1, samples.Length));
    }

    /// <summary>How alike two signals are when the second is late by so much: 1 is the same but for loudness.</summary>
    public static double Likeness(ReadOnlySpan<short> one, ReadOnlySpan<short> other, int delay)
    {
        double product = 0, first = 1, second = 1;
        for (var i = 0; i + delay < other.Length && i < one.Length; i++)
        {
            product += (double)one[i] * other[i + delay];
            first += (double)one[i] * one[i];
            second += (double)other[i + delay] * other[i + delay];
        }

        return product / Math.Sqrt(first * second);
    }
}
