namespace Telephony.Media.Quality;

/// <summary>ITU-T G.107 with the codecs of G.113.</summary>
public sealed class EModelTests
{
    [Theory]
    [InlineData("PCMU", 0, 1, 50, 93.2, 4.41)] // G.107 Annex B: the best there is
    [InlineData("PCMA", 0.01, 1, 50, 89.6, 4.33)]
    [InlineData("PCMU", 0.05, 1, 50, 77.4, 3.93)]
    [InlineData("PCMU", 0.05, 2, 50, 76.1, 3.88)] // the same in bursts
    [InlineData("G729", 0, 1, 50, 82.2, 4.11)]
    [InlineData("PCMU", 0, 1, 400, 69.1, 3.56)] // a satellite
    [InlineData("PCMU", 1, 1, 50, 17.3, 1.2)]
    public void A_call_is_worth_what_it_suffers(string codec, double loss, double bursts, double delay, double r, double mos)
    {
        var rated = EModel.RFactor(CodecImpairment.Of(codec), loss, bursts, delay);

        Assert.Equal(r, rated, tolerance: 2);
        Assert.Equal(mos, EModel.Mos(rated), tolerance: 0.1);
    }

    [Fact]
    public void More_loss_or_delay_never_sounds_better()
    {
        var last = double.MaxValue;
        for (var loss = 0.0; loss <= 1; loss += 0.01) Assert.InRange(Rate(loss, 20), 0, last = Math.Min(last, Rate(loss, 20)));
        last = double.MaxValue;
        for (var delay = 0; delay < 2000; delay += 10) Assert.InRange(Rate(0, delay), 0, last = Math.Min(last, Rate(0, delay) + 1e-9));

        static double Rate(double loss, double delay) => EModel.RFactor(CodecImpairment.G711, loss, 1, delay);
    }

    [Theory]
    [InlineData(-5, 1)]
    [InlineData(0, 1)]
    [InlineData(100, 4.5)]
    [InlineData(120, 4.5)]
    public void The_score_stays_on_its_scale(double r, double mos) => Assert.Equal(mos, EModel.Mos(r), tolerance: 0.001);
}
