namespace Telephony.Media.Quality;

/// <summary>The E-model (ITU-T G.107): what people would think of a call, from what was measured. Default values for all that a network doesn't tell.</summary>
internal static class EModel
{
    /// <summary>R without delay, loss and codec: G.107's defaults for noise, loudness and side tone.</summary>
    public const double Best = 93.2;

    /// <summary>The transmission rating factor R, 0 to 100.</summary>
    /// <param name="loss">Lost packets of all, 0 to 1.</param>
    /// <param name="burstRatio">How much longer runs of losses are than they would be by chance; at least 1 (§3.5).</param>
    /// <param name="delay">From mouth to ear, in milliseconds.</param>
    public static double RFactor(CodecImpairment codec, double loss, double burstRatio, double delay)
    {
        var percent = 100 * Math.Clamp(loss, 0, 1);
        var equipment = codec.Equipment + ((95 - codec.Equipment) * percent / ((percent / Math.Max(burstRatio, 1)) + codec.Robustness));
        return Math.Clamp(Best - AbsoluteDelay(delay) - equipment, 0, 100);
    }

    /// <summary>The mean opinion score of an R (Annex B), 1 to 4.5.</summary>
    public static double Mos(double r) => r <= 0 ? 1 : r >= 100 ? 4.5 : Math.Max(1, 1 + (0.035 * r) + (r * (r - 60) * (100 - r) * 7e-6));

    // Idd (§3.4); nobody notices the first 100 ms
    private static double AbsoluteDelay(double milliseconds)
    {
        if (milliseconds <= 100) return 0;
        var x = Math.Log2(milliseconds / 100);
        return 25 * (Math.Pow(1 + Math.Pow(x, 6), 1.0 / 6) - (3 * Math.Pow(1 + Math.Pow(x / 3, 6), 1.0 / 6)) + 2);
    }
}
