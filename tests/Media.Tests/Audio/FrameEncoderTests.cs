using Telephony.Media.Codecs;

namespace Telephony.Media.Audio;

public sealed class FrameEncoderTests
{
    [Theory, Trait("RFC", "8866 6.4"), InlineData(10, 20), InlineData(20, 20), InlineData(30, 20), InlineData(40, 40), InlineData(50, 40), InlineData(60, 60), InlineData(120, 60)]
    public void A_packet_has_whole_frames_and_no_more_than_the_peer_takes(int packetTime, int milliseconds)
    {
        using var encoder = new FrameEncoder(AudioCodecs.Pcmu, EncoderSettings.Default, packetTime, 8000);

        var first = Enumerable.Range(0, 4).Select(_ => encoder.Encode(new short[160]).Length).First(l => l > 0);

        Assert.Equal(milliseconds * 8, first);
    }
}
