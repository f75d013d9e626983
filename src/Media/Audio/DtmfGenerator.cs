namespace Telephony.Media.Audio;

/// <summary>The sound of a digit: two tones of -10 dBm0 each, without a step at its start and end.</summary>
internal sealed class DtmfGenerator
{
    private const float Amplitude = 32768 * 0.22f; // of each; 0 dBm0 is 3.14 dB below full scale
    private char _digit;
    private double _low, _high; // phases

    /// <summary>Overwrites a frame. <paramref name="digit"/> 0: silence, and the end of the tone before.</summary>
    public void Fill(Span<short> frame, int sampleRate, char digit)
    {
        var sounding = digit == 0 ? _digit : digit;
        var (low, high) = Dtmf.Tones(sounding);
        if (digit != 0 && digit != _digit) _low = _high = 0;
        if (_digit == 0 && digit == 0)
        {
            frame.Clear();
            return;
        }

        var (lowStep, highStep) = (Math.Tau * low / sampleRate, Math.Tau * high / sampleRate);
        var edge = sampleRate / 500; // 2 ms
        for (var i = 0; i < frame.Length; i++)
        {
            var gain = digit == 0 ? Math.Max(0, 1 - (i / (float)edge)) : _digit != digit ? Math.Min(1, i / (float)edge) : 1;
            frame[i] = (short)(Amplitude * gain * (Math.Sin(_low) + Math.Sin(_high)));
            _low += lowStep;
            _high += highStep;
        }

        (_low, _high) = (_low % Math.Tau, _high % Math.Tau);
        _digit = digit;
    }
}
