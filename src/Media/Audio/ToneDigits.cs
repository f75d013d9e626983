namespace Telephony.Media.Audio;

/// <summary>
/// Finds digits in sound (ITU-T Q.24): two frames of 20 ms in a row in which one tone of each group holds most of the power, neither much louder than the other, begin a digit;
/// two without it end it. Allocates nothing.
/// </summary>
internal sealed class ToneDigits
{
    private const float MinPower = 32768f * 32768 * 2.5e-4f; // -36 dBFS
    private const float MinShare = 0.75f, MaxTwist = 8; // of the power; 9 dB
    private static readonly int[] Low = [697, 770, 852, 941], High = [1209, 1336, 1477, 1633];
    private static readonly string[] Keys = ["123A", "456B", "789C", "*0#D"];

    private char _held, _candidate;

    /// <summary>The digit that is held down; 0: none.</summary>
    /// <param name="frame">20 ms; empty: silence.</param>
    public char Hear(ReadOnlySpan<short> frame, int sampleRate)
    {
        var found = Find(frame, sampleRate);
        if (found == _candidate) _held = found;
        _candidate = found;
        return _held;
    }

    private static char Find(ReadOnlySpan<short> frame, int sampleRate)
    {
        var power = Mix.Power(frame);
        if (power < MinPower) return '\0';
        var (row, low) = Loudest(Low, frame, sampleRate);
        var (column, high) = Loudest(High, frame, sampleRate);
        var isPair = low + high > power * MinShare && low < high * MaxTwist && high < low * MaxTwist;
        return isPair ? Keys[row][column] : '\0';
    }

    private static (int Index, float Power) Loudest(ReadOnlySpan<int> tones, ReadOnlySpan<short> frame, int sampleRate)
    {
        var (index, loudest) = (0, 0f);
        for (var i = 0; i < tones.Length; i++)
        {
            var power = PowerOf(tones[i], frame, sampleRate);
            if (power > loudest) (index, loudest) = (i, power);
        }

        return (index, loudest);
    }

    // Goertzel's algorithm
    private static float PowerOf(int hz, ReadOnlySpan<short> frame, int sampleRate)
    {
        float coefficient = 2 * MathF.Cos(MathF.Tau * hz / sampleRate), s1 = 0, s2 = 0;
        foreach (var sample in frame) (s1, s2) = (sample + (coefficient * s1) - s2, s1);
        return 2 * ((s1 * s1) + (s2 * s2) - (coefficient * s1 * s2)) / ((float)frame.Length * frame.Length);
    }
}
