namespace Telephony.Media.Dsp;

/// <summary>
/// Hears DTMF digits in speech (Goertzel's algorithm; limits as ITU-T Q.24 has them for most administrations) in blocks of 12.75 ms. A digit is two tones of 1.5 % of their
/// frequency, with a twist of at most 8 dB (high louder) and 4 dB (low louder), that nothing else drowns, heard in two blocks in a row: always from 40 ms on, never below 20 ms. It is told once, and
/// again only after a pause: always one of 40 ms, never one of 10 ms.
/// </summary>
internal sealed class DtmfDetector
{
    private const int Needed = 2, Pause = 3; // blocks
    private const double MinPower = 100 * 100 / 2.0; // of each tone: an amplitude of 100, -50 dBFS
    private const double LowTwist = 2.5, HighTwist = 6.3; // 4 and 8 dB, as power
    private const double Apart = 6.3; // 8 dB above the others of its group
    private const double Share = 0.79; // of all power is in the two tones

    private static readonly double[] Frequencies = [697, 770, 852, 941, 1209, 1336, 1477, 1633];

    private readonly double[] _coefficients = new double[8];
    private readonly short[] _samples = new short[48_000 * 102 / 8000];
    private int _rate, _length; // of a block: 78 Hz are between what two of its bins tell apart
    private int _filled, _alike, _pause;
    private char _candidate;

    /// <summary>The digit that is sounding; 0: none.</summary>
    public char Digit { get; private set; }

    private ReadOnlySpan<short> Block => _samples.AsSpan(0, _length);

    /// <summary>Takes a frame of 20 ms, mono; empty: silence. Returns <see cref="Digit"/> as it is then.</summary>
    /// <param name="sampleRate">Up to 48 kHz. Another one than before begins anew.</param>
    public char Hear(ReadOnlySpan<short> frame, int sampleRate)
    {
        if (sampleRate != _rate) Tune(sampleRate);
        foreach (var sample in frame)
        {
            _samples[_filled++] = sample;
            if (_filled < _length) continue;
            _filled = 0;
            Judge(Identify());
        }

        if (!frame.IsEmpty) return Digit;
        _filled = 0;
        Judge('\0');
        Judge('\0');
        return Digit;
    }

    private void Tune(int sampleRate)
    {
        (_rate, _length, _filled) = (sampleRate, sampleRate * 102 / 8000, 0);
        for (var i = 0; i < 8; i++) _coefficients[i] = 2 * Math.Cos(2 * Math.PI * Frequencies[i] / sampleRate);
    }

    private void Judge(char heard)
    {
        if (heard != 0 && heard == Digit)
        {
            _pause = 0;
            return;
        }

        _alike = heard != 0 && heard == _candidate ? _alike + 1 : 1;
        _candidate = heard;
        if (Digit != 0 && ++_pause >= Pause) Digit = '\0';
        if (Digit != 0 || heard == 0 || _alike < Needed) return;
        (Digit, _pause) = (heard, 0);
    }

    private char Identify()
    {
        double energy = 0;
        foreach (var sample in Block) energy += (double)sample * sample;
        if (energy < MinPower * _length * 2) return '\0';

        Span<double> powers = stackalloc double[8];
        for (var i = 0; i < 8; i++) powers[i] = Power(_coefficients[i]);
        var (low, high) = (Loudest(powers[..4]), 4 + Loudest(powers[4..]));
        var (lowPower, highPower) = (powers[low], powers[high]);
        if (lowPower < MinPower || highPower < MinPower || lowPower > highPower * LowTwist || highPower > lowPower * HighTwist) return '\0';
        for (var i = 0; i < 8; i++)
        {
            if (i != low && i != high && powers[i] * Apart > (i < 4 ? lowPower : highPower)) return '\0';
        }

        if (lowPower + highPower < Share * energy / _length) return '\0';
        return "123A456B789C*0#D"[(low * 4) + high - 4];
    }

    // mean power of the tone
    private double Power(double coefficient)
    {
        double s1 = 0, s2 = 0;
        foreach (var sample in Block) (s1, s2) = (sample + (coefficient * s1) - s2, s1);
        return 2 * ((s1 * s1) + (s2 * s2) - (coefficient * s1 * s2)) / ((double)_length * _length);
    }

    private static int Loudest(ReadOnlySpan<double> powers)
    {
        var best = 0;
        for (var i = 1; i < powers.Length; i++) best = powers[i] > powers[best] ? i : best;
        return best;
    }
}
