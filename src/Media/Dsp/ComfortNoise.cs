namespace Telephony.Media.Dsp;

/// <summary>
/// Comfort noise (RFC 3389): the sound of a pause, as its level and the shape of its spectrum, so that a line does not seem dead. Mono at any sample rate; allocates nothing after it was made.
/// </summary>
internal sealed class ComfortNoise
{
    private const int MaxOrder = 12;
    private const int DefaultLevel = 70; // -dBov: a quiet room

    private readonly float[] _reflection = new float[MaxOrder], _past = new float[MaxOrder + 1];
    private int _order;
    private float _goal = Amplitude(DefaultLevel), _amplitude;
    private uint _random = 1;

    /// <summary>Takes a payload (§3): the level in -dBov, and reflection coefficients (§3.2), of which the first 12 are used. An empty one changes nothing.</summary>
    public void Set(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return;
        _order = Math.Min(payload.Length - 1, MaxOrder);
        var gain = 1f; // of the filter, in power: the excitation must be weaker by that
        for (var i = 0; i < _order; i++)
        {
            _reflection[i] = Math.Clamp((payload[i + 1] - 127) * 258 / 32768f, -0.98f, 0.98f);
            gain *= 1 - (_reflection[i] * _reflection[i]);
        }

        _goal = Amplitude(payload[0] & 0x7f) * MathF.Sqrt(gain);
        if (_amplitude == 0) _amplitude = _goal;
    }

    /// <summary>Goes on with the noise.</summary>
    public void Fill(Span<short> frame)
    {
        for (var i = 0; i < frame.Length; i++)
        {
            _amplitude += (_goal - _amplitude) * 0.001f; // a new level comes gradually
            var value = _amplitude * White();
            for (var k = _order - 1; k >= 0; k--) // lattice synthesis
            {
                value -= _reflection[k] * _past[k];
                _past[k + 1] = _past[k] + (_reflection[k] * value);
            }

            _past[0] = value;
            frame[i] = (short)Math.Clamp(value, short.MinValue, short.MaxValue);
        }
    }

    /// <summary>Makes a payload of one byte (§3.1), the level of a frame.</summary>
    /// <returns>1, the payload's length.</returns>
    public static int Write(ReadOnlySpan<short> frame, Span<byte> payload)
    {
        double sum = 0;
        foreach (var sample in frame) sum += (double)sample * sample;
        var level = sum == 0 ? 127 : -10 * Math.Log10(sum / frame.Length / (32768.0 * 32768));
        payload[0] = (byte)Math.Clamp(Math.Round(level), 0, 127);
        return 1;
    }

    // root mean square of -dBov; 0 dBov is a square wave at full scale (RFC 6464 §3)
    private static float Amplitude(int level) => 32768 * MathF.Pow(10, -level / 20f);

    // even, of variance 1
    private float White()
    {
        _random = (_random * 1664525) + 1013904223;
        return ((int)_random / 2147483648f) * 1.7320508f;
    }
}
