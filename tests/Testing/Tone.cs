using System.Buffers.Binary;

namespace Telephony.Testing;

/// <summary>Audio of tests: a sine in a WAV file (16 bit, mono, 8 kHz), and how much of a frequency a recorded one has.</summary>
public static class Tone
{
    private const int SampleRate = 8000;
    private const double Amplitude = 8000;

    public static void Write(string path, double hz, TimeSpan length)
    {
        var samples = (int)(length.TotalSeconds * SampleRate);
        var bytes = new byte[44 + (samples * 2)];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1); // PCM
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), 1); // mono
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), SampleRate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), samples * 2);
        for (var i = 0; i < samples; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(44 + (i * 2)), (short)(Amplitude * Math.Sin(2 * Math.PI * hz * i / SampleRate)));
        }

        File.WriteAllBytes(path, bytes);
    }

    /// <summary>The samples of a recording, taken at 8 kHz from one channel. A header that was never completed (a recorder that was killed) does not matter.</summary>
    public static short[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var data = bytes.AsSpan().IndexOf("data"u8);
        if (data < 0) return [];
        var step = 2 * BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(22)) * (BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(24)) / SampleRate);
        var samples = new short[(bytes.Length - data - 8) / step];
        for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(data + 8 + (i * step)));
        return samples;
    }

    /// <summary>
    /// For how long the recording is mostly this tone: the sum of all whole 100 ms in which, by Goertzel's algorithm, at least four fifths of the energy is at the
    /// frequency, and the level is that of speech.
    /// </summary>
    public static TimeSpan Heard(short[] samples, double hz)
    {
        const int Window = SampleRate / 10;
        var heard = 0;
        for (var start = 0; start + Window <= samples.Length; start += Window)
        {
            var window = samples.AsSpan(start, Window);
            double coefficient = 2 * Math.Cos(2 * Math.PI * hz / SampleRate), s1 = 0, s2 = 0, energy = 0;
            foreach (var sample in window)
            {
                (s1, s2) = (sample + (coefficient * s1) - s2, s1);
                energy += (double)sample * sample;
            }

            var share = 2 * ((s1 * s1) + (s2 * s2) - (coefficient * s1 * s2)) / (Window * energy);
            if (energy / Window > 1000 * 1000 && share > 0.8) heard++;
        }

        return TimeSpan.FromMilliseconds(100 * heard);
    }
}
