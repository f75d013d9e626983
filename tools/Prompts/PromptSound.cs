using Telephony.Media.Sounds;

namespace Telephony.Prompts;

/// <summary>Makes of a synthesiser's WAV file the samples of a prompt: 16 kHz, without the silence around it, all of one loudness.</summary>
internal static class PromptSound
{
    public const int SampleRate = 16_000;

    /// <summary>Raise it when a prompt of the same text would sound otherwise: all are then spoken again.</summary>
    public const int Version = 1;

    private const double Rms = 2068; // -24 dBov (RFC 6464's dBov: 0 is the RMS of a full-scale square wave)
    private const double Peak = 29_000;
    private const int Margin = SampleRate / 50; // of the silence, 20 ms stays
    private const int Threshold = 150;

    /// <returns>Null: there is no sound in it.</returns>
    public static short[]? Make(byte[] wav)
    {
        if (!WavReader.TryOpen(new MemoryStream(wav), out var reader, out _)) return null;
        var samples = new short[((long)wav.Length * SampleRate / reader.SampleRate / sizeof(short)) + SampleRate];
        var all = samples.AsSpan(0, new RateConverter(reader, SampleRate).Read(samples));
        var first = 0;
        while (first < all.Length && Math.Abs((int)all[first]) < Threshold) first++;
        var end = all.Length;
        while (end > first && Math.Abs((int)all[end - 1]) < Threshold) end--;
        if (first == end) return null;

        var from = Math.Max(0, first - Margin);
        var sound = all[from..Math.Min(all.Length, end + Margin)].ToArray();
        var gain = Math.Min(Rms / Math.Sqrt(sound.Average(s => (double)s * s)), Peak / sound.Max(s => Math.Abs((int)s)));
        for (var i = 0; i < sound.Length; i++) sound[i] = (short)Math.Round(sound[i] * gain);
        return sound;
    }
}
