namespace Telephony.Media.Codecs;

/// <summary>One sub-band of ITU-T G.722: the adaptive predictor and the quantiser's scale, the same in encoder and decoder. Variables and blocks have the recommendation's names.</summary>
internal sealed class G722Band
{
    private readonly int[] _r = new int[3], _a = new int[3], _p = new int[3], _d = new int[7], _b = new int[7];
    private readonly int _nbMax, _shift;
    private int _sz, _nb;

    private G722Band(int det, int nbMax, int shift) => (Det, _nbMax, _shift) = (det, nbMax, shift);

    public static G722Band Low() => new(det: 32, nbMax: 18432, shift: 8);

    public static G722Band High() => new(det: 8, nbMax: 22528, shift: 10);

    /// <summary>The quantiser's scale (DETL, DETH).</summary>
    public int Det { get; private set; }

    /// <summary>The prediction (SL, SH).</summary>
    public int S { get; private set; }

    /// <summary>Blocks 3 (LOGSCL or LOGSCH with the quantiser's weight, SCALEL or SCALEH) and 4 (the predictor) for the quantised difference.</summary>
    public void Adapt(int weight, int difference)
    {
        _nb = Math.Clamp(((_nb * 127) >> 7) + weight, 0, _nbMax);
        var shift = _shift - (_nb >> 11);
        var mantissa = G722Tables.Ilb[(_nb >> 6) & 31];
        Det = (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2;
        Predict(difference);
    }

    public static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);

    private void Predict(int difference)
    {
        _d[0] = difference;
        _r[0] = Saturate(S + difference); // RECONS
        _p[0] = Saturate(_sz + difference); // PARREC

        var slope = Saturate(_a[1] << 2); // UPPOL2
        var up = Math.Min(IsSameSign(_p[0], _p[1]) ? -slope : slope, short.MaxValue) >> 7;
        var a2 = Math.Clamp(up + (IsSameSign(_p[0], _p[2]) ? 128 : -128) + ((_a[2] * 32512) >> 15), -12288, 12288);

        var bound = Saturate(15360 - a2); // UPPOL1
        var a1 = Math.Clamp(Saturate((IsSameSign(_p[0], _p[1]) ? 192 : -192) + ((_a[1] * 32640) >> 15)), -bound, bound);

        var step = difference == 0 ? 0 : 128; // UPZERO, with DELAYA
        for (var i = 6; i > 0; i--) _b[i] = Saturate((IsSameSign(_d[i], difference) ? step : -step) + ((_b[i] * 32640) >> 15));
        for (var i = 6; i > 0; i--) _d[i] = _d[i - 1];
        (_r[2], _r[1]) = (_r[1], _r[0]);
        (_p[2], _p[1]) = (_p[1], _p[0]);
        (_a[2], _a[1]) = (a2, a1);

        var sp = Saturate(((_a[1] * Saturate(_r[1] * 2)) >> 15) + ((_a[2] * Saturate(_r[2] * 2)) >> 15)); // FILTEP
        var sz = 0;
        for (var i = 6; i > 0; i--) sz += (_b[i] * Saturate(_d[i] * 2)) >> 15; // FILTEZ
        _sz = Saturate(sz);
        S = Saturate(sp + _sz); // PREDIC
    }

    private static bool IsSameSign(int one, int other) => (one ^ other) >= 0;
}
