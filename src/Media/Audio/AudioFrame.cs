namespace Telephony.Media.Audio;

/// <summary>20 ms of mono 16-bit samples.</summary>
internal static class AudioFrame
{
    public const int Milliseconds = 20, MaxSampleRate = 48_000, MaxSamples = MaxSampleRate / 50;

    public static int Samples(int sampleRate) => sampleRate / 50;
}
