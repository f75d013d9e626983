namespace Telephony.Media.Audio;

/// <summary>
/// Makes samples of a sum. One that is too loud is turned down as a whole within 2.5 ms, and up again by 1 dB a frame, so that loud talk together sounds loud and not
/// broken. One for each mix that is heard.
/// </summary>
internal struct Limiter()
{
    private const float Ceiling = 32_000, Release = 1.122f;
    private const int AttackPart = 8; // of a frame

    private float _gain = 1;

    public void Apply(ReadOnlySpan<int> sum, Span<short> frame)
    {
        var peak = Mix.Peak(sum);
        var target = Math.Min(1, peak > Ceiling ? Math.Min(Ceiling / peak, _gain * Release) : _gain * Release);
        if (target == 1 && _gain == 1)
        {
            Mix.Narrow(sum, frame);
            return;
        }

        var attack = target < _gain ? Math.Max(sum.Length / AttackPart, 1) : sum.Length;
        var (gain, step) = (_gain, (target - _gain) / attack);
        for (var i = 0; i < sum.Length; i++)
        {
            gain = i < attack ? gain + step : target;
            frame[i] = (short)Math.Clamp(sum[i] * gain, short.MinValue, short.MaxValue);
        }

        _gain = target;
    }
}
