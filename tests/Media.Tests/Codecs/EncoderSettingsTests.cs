namespace Telephony.Media.Codecs;

public sealed class EncoderSettingsTests
{
    [Fact]
    public void Rfc7587_section_6_1_parameters_are_read_in_any_case_and_order()
    {
        var settings = EncoderSettings.Parse("minptime=10; UseInbandFEC=1;maxplaybackrate=16000 ; maxaveragebitrate=20000;usedtx=1;cbr=1;stereo=0");

        Assert.Equal(new EncoderSettings { Bitrate = 20_000, MaxPlaybackRate = 16_000, HasFec = true, HasDtx = true, IsConstantBitrate = true }, settings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("maxaveragebitrate=64000")] // more than we would send anyway
    [InlineData("maxaveragebitrate=5;maxplaybackrate=1;useinbandfec=2;usedtx=no")]
    [InlineData(";;=;=1;cbr;cbr=;maxplaybackrate=99999999999999999999")]
    public void What_is_malformed_or_out_of_range_changes_nothing(string parameters) => Assert.Equal(EncoderSettings.Default, EncoderSettings.Parse(parameters));
}
