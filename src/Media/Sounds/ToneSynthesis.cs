namespace Telephony.Media.Sounds;

/// <summary>Makes the sound of a cadence, at 8 kHz and -16 dBov (E.180 asks for some -10 dBm0), with edges of 5 ms so that nothing clicks.</summary>
internal static class ToneSynthesis
{
    private const int Rate = 8000, Edge = Rate / 200;
    private const double Rms = 0.158; // -16 dBov

    public static AudioClip Make(ReadOnlySpan<ToneSegment> cadence)
    {
        var total = 0;
        foreach (var segment in cadence) total += Rate * segment.Milliseconds / 1000;
        var samples = new short[total];
        var at = 0;
        foreach (var segment in cadence)
        {
            var part = samples.AsSpan(at, Rate * segment.Milliseconds / 1000);
            if (segment.First > 0) Fill(part, segment);
            at += part.Length;
        }

        return new AudioClip(Rate, samples);
    }

    private static void Fill(Span<short> samples, ToneSegment tone)
    {
        // modulated by a half, a sine has (1 + 0.125) times its power
        var amplitude = 32768 * Rms * (tone.Second == 0 ? Math.Sqrt(2) : tone.IsModulated ? Math.Sqrt(2 / 1.125) : 1);
        for (var i = 0; i < samples.Length; i++)
        {
            var value = Math.Sin(2 * Math.PI * tone.First * i / Rate);
            if (tone.Second > 0)
            {
                var second = Math.Sin(2 * Math.PI * tone.Second * i / Rate);
                value = tone.IsModulated ? value * (1 + (second / 2)) : value + second;
            }

            var edge = tone.IsEndless ? Edge : Math.Min(Edge, Math.Min(i, samples.Length - 1 - i));
            samples[i] = (short)Math.Round(amplitude * value * (1 - Math.Cos(Math.PI * edge / Edge)) / 2);
        }
    }
}
