namespace Telephony.Media.Sounds;

/// <summary>
/// Converts the sample rate of a file while it is read, between any two rates: a windowed sinc of 16 zero crossings a side, its phases interpolated.
/// For loading, where any rate may come; calls use <c>Dsp</c>'s resampler.
/// </summary>
internal sealed class RateConverter
{
    private const int ZeroCrossings = 16, Phases = 256, Block = 4096;

    private readonly WavReader _source;
    private readonly int _to, _half;
    private readonly float[] _kernel; // Phases + 1 rows of 2 * _half taps
    private readonly short[] _window;
    private long _start; // the source's sample at _window[0]
    private int _count;
    private bool _isAtEnd;
    private long _next;

    public RateConverter(WavReader source, int to)
    {
        _source = source;
        _to = to;
        var cutoff = 0.94 * Math.Min(1.0, (double)to / source.SampleRate);
        _half = (int)Math.Ceiling(ZeroCrossings / cutoff);
        _kernel = Kernel(cutoff, _half);
        _window = new short[Block + (2 * _half)];
        _start = -_half;
        _count = _half; // silence before the first sample
    }

    /// <summary>Fills <paramref name="samples"/>; fewer only at the end.</summary>
    public int Read(Span<short> samples)
    {
        for (var i = 0; i < samples.Length; i++, _next++)
        {
            var at = _next * _source.SampleRate / _to;
            var phase = (double)(_next * _source.SampleRate % _to) / _to * Phases;
            while (at + _half >= _start + _count && !_isAtEnd) Slide(at - _half + 1);
            if (at >= _start + _count) return i;
            samples[i] = Interpolate((int)(at - _half + 1 - _start), phase);
        }

        return samples.Length;
    }

    private short Interpolate(int first, double phase)
    {
        var row = (int)phase;
        var part = (float)(phase - row);
        ReadOnlySpan<float> one = _kernel.AsSpan(row * 2 * _half, 2 * _half), two = _kernel.AsSpan((row + 1) * 2 * _half, 2 * _half);
        var sum = 0f;
        var taps = Math.Min(2 * _half, _count - first);
        for (var i = 0; i < taps; i++) sum += _window[first + i] * (one[i] + (part * (two[i] - one[i])));
        return (short)Math.Clamp(MathF.Round(sum), short.MinValue, short.MaxValue);
    }

    private void Slide(long from)
    {
        var gone = (int)Math.Clamp(from - _start, 0, _count);
        _window.AsSpan(gone, _count - gone).CopyTo(_window);
        _start += gone;
        _count -= gone;
        var read = _source.Read(_window.AsSpan(_count));
        _isAtEnd = read < _window.Length - _count;
        _count += read;
    }

    private static float[] Kernel(double cutoff, int half)
    {
        var kernel = new float[(Phases + 1) * 2 * half];
        for (var row = 0; row <= Phases; row++)
        {
            var taps = kernel.AsSpan(row * 2 * half, 2 * half);
            var sum = 0.0;
            for (var i = 0; i < taps.Length; i++)
            {
                var x = i - half + 1 - ((double)row / Phases);
                var window = 0.5 + (0.5 * Math.Cos(Math.PI * Math.Clamp(x / half, -1, 1)));
                taps[i] = (float)(window * cutoff * (x == 0 ? 1 : Math.Sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x)));
                sum += taps[i];
            }

            for (var i = 0; i < taps.Length; i++) taps[i] = (float)(taps[i] / sum); // gain 1 in every phase
        }

        return kernel;
    }
}
