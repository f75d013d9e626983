namespace Telephony.Media.Audio;

/// <summary>A peer who says one tone, and can press a digit.</summary>
internal sealed class ToneInput(double hz, int rate = 8000, short amplitude = 8000) : ILegInput
{
    private long _at;

    public int SampleRate => rate;

    public char Digit { get; set; }

    public bool IsSilent { get; set; }

    public short Amplitude { get; set; } = amplitude;

    public bool Read(Span<short> frame, long now)
    {
        if (IsSilent) return false;
        for (var i = 0; i < frame.Length; i++) frame[i] = (short)(Amplitude * Math.Sin(Math.Tau * hz * _at++ / rate));
        return true;
    }

    public void Dispose()
    {
    }
}
