namespace Telephony.Media.Quality;

/// <summary>What a codec takes from the quality (ITU-T G.113 Appendix I).</summary>
/// <param name="Equipment">Ie: what it takes without any loss.</param>
/// <param name="Robustness">Bpl: how much loss it bears, with concealment at the receiver.</param>
internal readonly record struct CodecImpairment(double Equipment, double Robustness)
{
    /// <summary>G.711 with the concealment of its Appendix I; also for codecs of which nothing is known.</summary>
    public static readonly CodecImpairment G711 = new(0, 25.1);

    /// <summary>Of a format by its encoding name. G.722 and Opus are wideband, for which this scale has no values: they are taken as G.711, Opus with more robustness
    /// for its own concealment, so their R is not too high.</summary>
    public static CodecImpairment Of(string name) => name.ToUpperInvariant() switch
    {
        "G729" => new(11, 19),
        "G723" => new(15, 16.1),
        "GSM" => new(26, 10),
        "GSM-EFR" or "AMR" => new(5, 10),
        "ILBC" => new(11, 32),
        "OPUS" => new(0, 30),
        _ => G711,
    };
}
