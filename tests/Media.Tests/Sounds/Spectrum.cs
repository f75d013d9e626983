namespace Telephony.Media.Sounds;

/// <summary>What is in a piece of audio, as parts of full scale (1 is 32768).</summary>
internal static class Spectrum
{
    public static double Rms(ReadOnlySpan<short> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples) sum += (double)sample * sample;
        return samples.IsEmpty ? 0 : Math.Sqrt(sum / samples.Length) / 32768;
    }

    /// <summary>The amplitude of one frequency, by Goertzel's algorithm.</summary>
    public static double Level(ReadOnlySpan<short> samples, int rate, double hz)
    {
        double coefficient = 2 * Math.Cos(2 * Math.PI * hz / rate), s1 = 0, s2 = 0;
        foreach (var sample in samples) (s1, s2) = (sample + (coefficient * s1) - s2, s1);
        return 2 * Math.Sqrt(Math.Max(0, (s1 * s1) + (s2 * s2) - (coefficient * s1 * s2))) / samples.Length / 32768;
    }

    public static int Peak(ReadOnlySpan<short> samples)
    {
        var peak = 0;
        foreach (var sample in samples) peak = Math.Max(peak, Math.Abs((int)sample));
        return peak;
    }
}
