namespace Telephony.Media.Dsp;

/// <summary>
/// Covers lost packets of a codec that has no way of its own to do so, by repeating the last pitch period (after ITU-T G.711 Appendix I): the first 10 ms at the
/// level before, then less and less, and silence from 60 ms on. What is heard next is blended in. Adds no delay: at the start, a step between the past and the
/// repeated period is let fade away instead of blending it into samples that were kept back.
/// </summary>
internal sealed class LossConcealer
{
    private const int MinPitch = 5, MaxPitch = 15, CoarseRate = 4000; // ms, ms, Hz
    private const int FadeFrom = 10, FadeTo = 60; // ms

    private readonly int _perMs16; // samples of a millisecond, times 16
    private readonly short[] _past; // the last 3 longest periods, oldest first
    private readonly short[] _period; // one pitch period, its seam to itself blended
    private readonly int _coarse; // the first look for the pitch takes every so many samples
    private int _pitch;
    private int _at; // in _period
    private int _lost; // samples since the loss began; 0: none

    public LossConcealer(int sampleRate)
    {
        _perMs16 = sampleRate * 16 / 1000;
        _past = new short[3 * Samples(MaxPitch)];
        _period = new short[Samples(MaxPitch)];
        _coarse = Math.Max(1, sampleRate / CoarseRate);
    }

    /// <summary>Takes what was decoded. After a loss, the start of the frame is blended with what would have been made up next.</summary>
    public void Hear(Span<short> frame)
    {
        if (_lost > 0)
        {
            var blend = Math.Min(frame.Length, Math.Min(Samples(10), (_pitch / 4) + (_lost / Samples(10) * Samples(4))));
            for (var i = 0; i < blend; i++) frame[i] = (short)(((Next() * (blend - i)) + (frame[i] * i)) / blend);
            _lost = 0;
        }

        Remember(frame);
    }

    /// <summary>Fills the room, and returns its length.</summary>
    public int Conceal(Span<short> samples)
    {
        int first = 0, step = 0;
        if (_lost == 0)
        {
            FindPeriod();
            first = Math.Min(_pitch / 4, samples.Length);
            step = _past[^1] - _past[^(1 + _pitch)];
        }

        for (var i = 0; i < samples.Length; i++)
        {
            int made = Next();
            if (i < first) made += step * (first - i) / first;
            samples[i] = (short)Math.Clamp(made, short.MinValue, short.MaxValue);
        }

        Remember(samples);
        return samples.Length;
    }

    private int Samples(int milliseconds) => (milliseconds * _perMs16) >> 4;

    private short Next()
    {
        var value = (int)_period[_at];
        if (++_at == _pitch) _at = 0;
        var (from, to) = (Samples(FadeFrom), Samples(FadeTo));
        if (_lost >= to) return 0;
        if (_lost > from) value = (int)((long)value * (to - _lost) / (to - from));
        _lost++;
        return (short)value;
    }

    private void FindPeriod()
    {
        _pitch = Pitch();
        _at = 0;
        var (overlap, end) = (_pitch / 4, _past.Length);
        _past.AsSpan(end - _pitch, _pitch).CopyTo(_period);
        for (var i = 0; i < overlap; i++) // its last quarter runs into what came before its start
        {
            var at = _pitch - overlap + i;
            _period[at] = (short)(((_period[at] * (overlap - i)) + (_past[end - _pitch - overlap + i] * i)) / overlap);
        }
    }

    // the lag at which the last 15 ms are most like what was before them: coarsely over all, then finely around the best
    private int Pitch()
    {
        var (min, max) = (Samples(MinPitch), Samples(MaxPitch));
        var best = Best(min, max, _coarse);
        return _coarse == 1 ? best : Best(Math.Max(min, best - _coarse), Math.Min(max, best + _coarse), 1);
    }

    private int Best(int min, int max, int step)
    {
        var (window, best, bestScore) = (Samples(MaxPitch), min, double.MinValue);
        var now = _past.AsSpan(_past.Length - window);
        for (var lag = min; lag <= max; lag += step)
        {
            var then = _past.AsSpan(_past.Length - window - lag, window);
            long product = 0, energy = 1;
            for (var i = 0; i < window; i += _coarse)
            {
                product += now[i] * then[i];
                energy += then[i] * then[i];
            }

            var score = product * (double)Math.Abs(product) / energy;
            if (score > bestScore) (best, bestScore) = (lag, score);
        }

        return best;
    }

    private void Remember(ReadOnlySpan<short> frame)
    {
        if (frame.Length >= _past.Length)
        {
            frame[^_past.Length..].CopyTo(_past);
            return;
        }

        _past.AsSpan(frame.Length).CopyTo(_past);
        frame.CopyTo(_past.AsSpan(_past.Length - frame.Length));
    }
}
