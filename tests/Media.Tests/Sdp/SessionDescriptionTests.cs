using System.Net;
using System.Text;

namespace Telephony.Media.Sdp;

public sealed class SessionDescriptionTests
{
    [Fact]
    public void Baresip_is_understood()
    {
        var audio = Audio(Samples.Baresip);

        Assert.Equal((20450, "192.0.2.10", false, MediaDirection.SendReceive), (audio.Port, audio.Connection!.ToString(), audio.IsRtcpMux, audio.Direction));
        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.10"), 20451), audio.Rtcp);
    }

    [Fact]
    public void A_streams_own_address_goes_before_the_sessions()
    {
        var description = Parse(Samples.Linphone);

        Assert.Equal("198.51.100.7", description.Streams[0].Connection!.ToString());
        Assert.Equal(IPEndPoint.Parse("198.51.100.8:41077"), description.Streams[0].Rtcp);
        Assert.Equal(["audio", "video"], description.Streams.Select(s => s.Media));
    }

    [Fact]
    public void A_stream_may_carry_its_address_alone() => Assert.Equal("192.0.2.30", Audio(Samples.Softphone).Connection!.ToString());

    [Fact]
    public void Lines_may_end_in_LF_alone_and_the_last_one_in_nothing()
    {
        var text = Encoding.UTF8.GetString(Samples.Sipp).Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n');

        Assert.Equal(6000, Audio(Encoding.UTF8.GetBytes(text)).Port);
    }

    [Theory]
    [InlineData("a=sendrecv", 0)]
    [InlineData("a=sendonly", 1)]
    [InlineData("a=recvonly", 2)]
    [InlineData("a=inactive", 3)]
    [InlineData("a=nothing", 0)]
    public void The_direction_is_the_streams(string line, int direction) =>
        Assert.Equal((MediaDirection)direction, Audio(Samples.Audio("192.0.2.1", 4000, line + "\n")).Direction);

    [Fact]
    public void The_sessions_direction_holds_for_streams_without_one()
    {
        var text = Encoding.UTF8.GetString(Samples.Sipp).Replace("t=0 0\r\n", "t=0 0\r\na=inactive\r\n", StringComparison.Ordinal);

        Assert.Equal(MediaDirection.Inactive, Audio(Encoding.UTF8.GetBytes(text)).Direction);
    }

    public static TheoryData<string> Refused => new()
    {
        "", "\r\n", "v", "v=0", "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n",
        "v=1\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n",
        "o=- 1 1 IN IP4 192.0.2.1\r\nv=0\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n",
        "v=0\r\no=- 1 1 IN IP4\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n",
        With("m=audio 65536 RTP/AVP 0"),
        With("m=audio -1 RTP/AVP 0"), With("m=audio 4000 RTP/AVP"), With("m=audio 4000"), With("m=audio"), With("m="), With("m=audio x RTP/AVP 0"),
        With("m=audio 4000 RTP/AVP 0\r\nnonsense"), With("m=audio 4000 RTP/AVP 0\r\n=x"), With("m=audio 4000 RTP/AVP 0\r\na=x\ry"), With("m=audio 4000 RTP/AVP 0\r\na=x\0y"),
        With("m=audio 4000 RTP/AVP 0\r\n\r\na=x"),
        With(string.Join("\r\n", Enumerable.Repeat("m=audio 4000 RTP/AVP 0", SessionDescription.MaxStreams + 1))),
        With("m=audio 4000 RTP/AVP 0\r\n" + string.Join("\r\n", Enumerable.Repeat("a=x", SessionDescription.MaxLines))),
        With("m=audio 4000 RTP/AVP 0\r\na=" + new string('x', SessionDescription.MaxLength)),
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_can_not_be_read_is_refused_with_a_reason(string text)
    {
        Assert.False(SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out _, out var reason));
        Assert.NotEmpty(reason);
    }

    public static TheoryData<string> Known => [.. Samples.All.Keys];

    [Theory]
    [MemberData(nameof(Known))]
    public void What_is_read_is_written_without_loss(string sample) =>
        Assert.Equal(Encoding.Latin1.GetString(Samples.All[sample]), Encoding.Latin1.GetString(Parse(Samples.All[sample]).Write()));

    [Fact]
    public void Every_line_of_RFC_8866_is_kept_also_with_bytes_that_are_no_text()
    {
        byte[] text =
        [
            .. Samples.Bytes("v=0\no=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\ns=Call to John Smith\ni=SDP Offer #1\nu=http://www.jdoe.example.com/home.html\ne=Jane <jane@jdoe.example.com>\n"
                + "p=+1 617 555-6011\nc=IN IP4 198.51.100.1\nb=X-YZ:128\nt=3034423619 3042462419\nr=604800 3600 0 90000\nz=2882844526 -1h 2898848070 0\nk=prompt\na=x:"),
            0xff, 0x80, .. Samples.Bytes("\nm=audio 49180 RTP/AVP 0\ni=title\nc=IN IP4 198.51.100.1/127\nb=AS:64\nk=prompt\na=y\n"),
        ];

        Assert.Equal(text, Parse(text).Write());
    }

    [Fact] // RFC 8866 §6.6, RFC 3551 §6
    public void Formats_are_explained_by_their_rtpmap_or_their_static_type()
    {
        var formats = Audio(Samples.Linphone).Formats;

        Assert.Equal(
            ["96 opus/48000/2 useinbandfec=1", "97 speex/16000 vbr=on", "98 speex/8000 vbr=on", "0 PCMU/8000 ", "8 PCMA/8000 ", "18 G729/8000 annexb=yes",
             "101 telephone-event/48000 ", "99 telephone-event/16000 ", "100 telephone-event/8000 "],
            formats.Select(f => $"{f.Map} {f.Parameters}"));
    }

    [Theory]
    [InlineData("m=audio 4000 RTP/AVP 96\na=rtpmap:96 G722/16000", "G722/8000")] // what RFC 3551 §4.5.2 says of some phones
    [InlineData("m=audio 4000 RTP/AVP 0\na=rtpmap:0 pcmu/8000/1", "pcmu/8000")]
    [InlineData("m=audio 4000 RTP/AVP 96 0\na=rtpmap:96 opus", "PCMU/8000")]
    [InlineData("m=audio 4000 RTP/AVP 96 0\na=rtpmap:96 opus/0/2", "PCMU/8000")]
    [InlineData("m=audio 4000 RTP/AVP 96 0\na=rtpmap:96 opus/48000/x", "PCMU/8000")]
    [InlineData("m=audio 4000 RTP/AVP 96 0\na=rtpmap:96 op us/48000", "PCMU/8000")]
    [InlineData("m=audio 4000 RTP/AVP 96 0 128 -1 x 0\na=rtpmap:97 opus/48000/2", "PCMU/8000")]
    [InlineData("m=audio 4000/2 RTP/AVP 18 97\na=rtpmap:97 iLBC/8000\na=fmtp:97 mode=20\na=fmtp:97 mode=30", "G729/8000,iLBC/8000")]
    public void Odd_formats_are_understood_or_left_out(string media, string formats) =>
        Assert.Equal(formats, string.Join(',', Audio(Encoding.UTF8.GetBytes(With(media))).Formats.Select(f => f.Map.Split(' ')[1])));

    [Fact] // RFC 8839 §5.4, RFC 8122 §5: what the session says holds for its streams
    public void Ice_and_fingerprints_may_stand_in_the_session()
    {
        var text = Encoding.UTF8.GetString(Samples.Chromium);
        var lines = text.Split("\r\n").Where(l => l.StartsWith("a=ice-", StringComparison.Ordinal) || l.StartsWith("a=fingerprint", StringComparison.Ordinal) || l.StartsWith("a=setup", StringComparison.Ordinal)).ToArray();
        foreach (var line in lines) text = text.Replace(line + "\r\n", "", StringComparison.Ordinal);
        text = text.Replace("t=0 0\r\n", "t=0 0\r\n" + string.Join("\r\n", lines) + "\r\n", StringComparison.Ordinal);

        var (own, inherited) = (Audio(Samples.Chromium), Audio(Encoding.UTF8.GetBytes(text)));

        Assert.Equal(new IceCredentials("4ZcD", "2/1muCWoOi3uLifh0NuRHlYv"), own.Ice);
        Assert.Equal((own.Ice, own.Setup, own.Fingerprints.Single()), (inherited.Ice, inherited.Setup, inherited.Fingerprints.Single()));
    }

    [Theory]
    [InlineData("sha-256 75:74", false)]
    [InlineData("md5 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF", false)]
    [InlineData("SHA-1 00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33", true)]
    [InlineData("sha-1 00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:3g", false)]
    public void Fingerprints_are_those_that_can_be_trusted(string value, bool isGood) => Assert.Equal(isGood, Fingerprint.Parse(value) is not null);

    [Theory] // RFC 4733 §2.4.1
    [InlineData("0-15", "0-16", "0-15")]
    [InlineData("0-11,66,70", "0-15,70", "0-11,70")]
    [InlineData("", "0-16", "0-15")]
    [InlineData("0-255", "0-255", "0-255")]
    [InlineData("x,300,5-3,9", "0-15", "9")]
    [InlineData("32-36", "0-15", "")]
    public void Events_are_those_that_both_have(string one, string other, string common) => Assert.Equal(common, EventRanges.Common(one, other));

    private static MediaStream Audio(byte[] text) => Parse(text).Streams.First(s => s.Media == "audio");

    private static SessionDescription Parse(byte[] text)
    {
        Assert.True(SessionDescription.TryParse(text, out var description, out var reason), reason);
        return description;
    }

    private static string With(string media) => "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" + media + "\r\n";
}
