using System.Diagnostics.CodeAnalysis;

namespace Telephony.Media.Sounds;

/// <summary>A sound in memory: mono, at 8 or 16 kHz. Immutable and shared by all who play it.</summary>
internal sealed class AudioClip(int sampleRate, ReadOnlyMemory<short> samples)
{
    /// <summary>The longest that is loaded: half an hour is 58 MB at 16 kHz.</summary>
    public static readonly TimeSpan MaxLength = TimeSpan.FromMinutes(30);

    public int SampleRate => sampleRate;

    public ReadOnlyMemory<short> Samples => samples;

    public TimeSpan Length => TimeSpan.FromSeconds((double)samples.Length / sampleRate);

    public int Bytes => samples.Length * sizeof(short);

    public ClipSource Play() => new(this);

    /// <summary>Loads a WAV file of any rate, as 8 kHz when it has no more, else as 16 kHz. Disposes the stream.</summary>
    /// <param name="error">Why it can't be used, as the end of a sentence.</param>
    public static bool TryLoad(Stream stream, [NotNullWhen(true)] out AudioClip? clip, out string error)
    {
        clip = null;
        try
        {
            if (!WavReader.TryOpen(stream, out var reader, out error)) return false;
            using (reader)
            {
                var rate = reader.SampleRate <= 8000 ? 8000 : 16_000;
                var converter = rate == reader.SampleRate ? null : new RateConverter(reader, rate);
                var samples = new short[rate];
                var count = 0;
                while (true)
                {
                    var read = converter is null ? reader.Read(samples.AsSpan(count)) : converter.Read(samples.AsSpan(count));
                    count += read;
                    if (count < samples.Length) break;
                    error = $"it is longer than {MaxLength.TotalMinutes} minutes";
                    if (count > MaxLength.TotalSeconds * rate) return false;
                    Array.Resize(ref samples, count * 2);
                }

                clip = new AudioClip(rate, samples.AsSpan(0, count).ToArray());
                error = "";
                return true;
            }
        }
        catch (IOException e)
        {
            error = "it could not be read: " + e.Message;
            return false;
        }
    }
}
