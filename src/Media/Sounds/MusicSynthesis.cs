namespace Telephony.Media.Sounds;

/// <summary>
/// Plays a piece: a soft pad, a bass and a plucked melody, at 16 kHz and -24 dBov. Made for telephones: what is heard lies between 150 Hz and 3.4 kHz, and the pad never pauses, so that neither
/// G.711's noise nor a codec's silence suppression comes through. The same piece gives the same samples on each machine that rounds alike.
/// </summary>
internal static class MusicSynthesis
{
    private const int Rate = 16_000, BeatsPerChord = 8;
    private const double Rms = 0.0631; // -24 dBov

    public static AudioClip Play(MusicPiece piece)
    {
        var beat = 60 * Rate / piece.BeatsPerMinute / 40 * 40; // a chord is a whole number of frames of 20 ms
        var mix = new float[beat * BeatsPerChord * piece.Chords.Length];
        var chordLength = beat * BeatsPerChord;
        for (var i = 0; i < piece.Chords.Length; i++)
        {
            var chord = piece.Chords[i];
            var start = i * chordLength;
            foreach (var note in chord)
            {
                // a second, softer voice a little above shimmers; both fade over half a bar into the next chord
                var gain = note == chord[0] ? 0.5 : 0.36;
                Pad(mix, start, chordLength, fade: 2 * beat, Hertz(note + 12), gain);
                Pad(mix, start, chordLength, fade: 2 * beat, Hertz(note + 12) * Math.Pow(2, 5 / 1200.0), gain * 0.35);
            }

            Pluck(mix, start, 4 * beat, Hertz(chord[0] + 12), 0.7);
            Pluck(mix, start + (4 * beat), 4 * beat, Hertz(chord[1]), 0.5);
            for (var step = 0; step < BeatsPerChord; step++)
            {
                var place = piece.Melody[((i * BeatsPerChord) + step) % piece.Melody.Length];
                if (place < 0) continue;
                var note = chord[place % chord.Length] + (12 * (place / chord.Length)) + 12;
                Pluck(mix, start + (step * beat), 3 * beat, Hertz(note), step % 4 == 0 ? 1.5 : 1.1);
            }
        }

        return new AudioClip(Rate, Level(mix));
    }

    private static double Hertz(int note) => 440 * Math.Pow(2, (note - 69) / 12.0);

    private static void Pad(float[] mix, int start, int length, int fade, double hertz, double gain)
    {
        foreach (var (harmonic, part) in ((int, double)[])[(1, 1), (2, 0.35), (3, 0.12)])
        {
            if (hertz * harmonic > 3400) break;
            Sine(mix, start, length + fade, hertz * harmonic, i =>
            {
                var envelope = i < fade ? 0.5 - (0.5 * Math.Cos(Math.PI * i / fade)) : i >= length ? 0.5 + (0.5 * Math.Cos(Math.PI * (i - length) / fade)) : 1;
                return gain * part * Math.Sqrt(envelope);
            });
        }
    }

    private static void Pluck(float[] mix, int start, int length, double hertz, double gain)
    {
        foreach (var (harmonic, part, seconds) in ((int, double, double)[])[(1, 1, 0.7), (2, 0.4, 0.4), (3, 0.2, 0.25), (4, 0.1, 0.15)])
        {
            if (hertz * harmonic > 3400) break;
            Sine(mix, start, length, hertz * harmonic, i =>
            {
                var attack = Math.Min(1, i / (0.012 * Rate));
                var release = Math.Min(1, (length - i) / (0.05 * Rate));
                return gain * part * attack * release * Math.Exp(-i / (seconds * Rate));
            });
        }
    }

    // what rings over the end rings into the beginning: the piece has no seam
    private static void Sine(float[] mix, int start, int length, double hertz, Func<int, double> amplitude)
    {
        const int Step = 32; // the envelope is straight between these
        double angle = 2 * Math.PI * hertz / Rate, coefficient = 2 * Math.Cos(angle), before = -Math.Sin(angle), now = 0;
        var at = start % mix.Length;
        var level = amplitude(0);
        for (var i = 0; i < length; i += Step)
        {
            var next = amplitude(Math.Min(i + Step, length));
            var count = Math.Min(Step, length - i);
            for (var k = 0; k < count; k++)
            {
                mix[at] += (float)(now * (level + ((next - level) * k / Step)));
                (before, now) = (now, (coefficient * now) - before);
                if (++at == mix.Length) at = 0;
            }

            level = next;
        }
    }

    private static short[] Level(float[] mix)
    {
        var power = 0.0;
        foreach (var value in mix) power += (double)value * value;
        var gain = 32768 * Rms / Math.Sqrt(power / mix.Length);
        var samples = new short[mix.Length];
        for (var i = 0; i < mix.Length; i++) samples[i] = (short)Math.Clamp(Math.Round(mix[i] * gain), short.MinValue, short.MaxValue);
        return samples;
    }
}
