using System.Text.Json.Serialization;

namespace Telephony.Grains.Calls.History;

/// <summary>A leg's quality in a few numbers, summed up from its <see cref="QualitySampled"/> events.</summary>
/// <param name="Seconds">Seconds with a MOS.</param>
/// <param name="MosTotal">Their MOS in hundredths, added up.</param>
/// <param name="MosLeast">The lowest of them.</param>
/// <param name="Received">Packets of the peer that came.</param>
/// <param name="Lost">And those that did not.</param>
public sealed record LegQuality(
    [property: JsonIgnore] int Seconds, [property: JsonIgnore] long MosTotal, [property: JsonIgnore] int MosLeast, [property: JsonIgnore] long Received, [property: JsonIgnore] long Lost)
{
    public static LegQuality None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>1.00 to 4.50; null when it is not known.</summary>
    public double? MosAverage => Seconds == 0 ? null : Math.Round(MosTotal / (double)Seconds) / 100;

    /// <summary>Of the worst second.</summary>
    public double? MosMinimum => Seconds == 0 ? null : MosLeast / 100.0;

    /// <summary>Of the peer's packets, 0 to 100.</summary>
    public double LossPercent => Received + Lost == 0 ? 0 : Math.Round(100.0 * Lost / (Received + Lost), 2);

    public LegQuality With(LegQualitySeries series)
    {
        var known = series.Mos.Where(mos => mos > 0).ToList();
        return new(
            Seconds + known.Count,
            MosTotal + known.Sum(mos => (long)mos),
            known.Count == 0 ? MosLeast : Seconds == 0 ? known.Min() : Math.Min(MosLeast, known.Min()),
            Received + series.ReceivedPackets.Sum(count => (long)count),
            Lost + series.Lost.Sum(count => (long)count));
    }
}
