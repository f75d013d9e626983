using System.Net;
using System.Text;

namespace Telephony.Media.Sdp;

public sealed class SessionDescriptionTests
{
    [Fact]
    public void Baresip_is_understood()
    {
        var audio = Parse(Samples.Baresip).Audio;

        Assert.Equal((20450, "192.0.2.10", false, MediaDirection.SendReceive), (audio.Port, audio.Connection!.ToString(), audio.IsRtcpMux, audio.Direction));
        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.10"), 20451), audio.Rtcp);
    }

    [Fact]
    public void A_streams_own_address_goes_before_the_sessions()
    {
        var description = Parse(Samples.Linphone);

        Assert.Equal("198.51.100.7", description.Audio.Connection!.ToString());
        Assert.Equal(IPEndPoint.Parse("198.51.100.8:41077"), description.Audio.Rtcp);
        Assert.Equal([true, false], description.Streams.Select(s => s.IsCarried));
    }

    [Fact]
    public void A_stream_may_carry_its_address_alone() => Assert.Equal("192.0.2.30", Parse(Samples.Softphone).Audio.Connection!.ToString());

    [Fact]
    public void Lines_may_end_in_LF_alone_and_the_last_one_in_nothing()
    {
        var text = Encoding.UTF8.GetString(Samples.Sipp).Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n');

        Assert.Equal(6000, Parse(Encoding.UTF8.GetBytes(text)).Audio.Port);
    }

    [Theory]
    [InlineData("a=sendrecv", 0)]
    [InlineData("a=sendonly", 1)]
    [InlineData("a=recvonly", 2)]
    [InlineData("a=inactive", 3)]
    [InlineData("a=nothing", 0)]
    public void The_direction_is_the_streams(string line, int direction) =>
        Assert.Equal((MediaDirection)direction, Parse(Samples.Audio("192.0.2.1", 4000, line + "\n")).Audio.Direction);

    [Fact]
    public void The_sessions_direction_holds_for_streams_without_one()
    {
        var text = Encoding.UTF8.GetString(Samples.Sipp).Replace("t=0 0\r\n", "t=0 0\r\na=inactive\r\n", StringComparison.Ordinal);

        Assert.Equal(MediaDirection.Inactive, Parse(Encoding.UTF8.GetBytes(text)).Audio.Direction);
    }

    [Fact]
    public void The_first_stream_that_can_be_carried_is_the_one()
    {
        var description = Parse(Samples.Bytes("""
            v=0
            o=- 1 1 IN IP4 192.0.2.1
            s=-
            c=IN IP4 192.0.2.1
            t=0 0
            m=audio 4000 UDP/TLS/RTP/SAVPF 0
            m=audio 0 RTP/AVP 0
            m=video 4002 RTP/AVP 96
            m=audio 4004 RTP/AVP 8
            m=audio 4006 RTP/AVP 0

            """));

        Assert.Equal((3, 4004), (description.AudioIndex, description.Audio.Port));
    }

    [Fact]
    public void Keys_that_the_phones_agree_on_among_themselves_pass_through() => // RFC 4568
        Assert.True(SessionDescription.TryParse(
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Samples.Sipp).Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal)
                + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n"), out _));

    public static TheoryData<string> Refused => new()
    {
        "", "\r\n", "v", "v=0", "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n",
        "v=1\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n",
        "o=- 1 1 IN IP4 192.0.2.1\r\nv=0\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n",
        "v=0\r\no=- 1 1 IN IP4\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n",
        With("m=audio 0 RTP/AVP 0"), With("m=video 4000 RTP/AVP 0"), With("m=image 4000 udptl t38"), With("m=audio 65536 RTP/AVP 0"),
        With("m=audio -1 RTP/AVP 0"), With("m=audio 4000 RTP/AVP"), With("m=audio 4000"), With("m=audio"), With("m="), With("m=audio x RTP/AVP 0"),
        With("m=audio 4000 RTP/SAVP 0"), With("m=audio 4000 UDP/TLS/RTP/SAVPF 0"), With("m=audio 4000 TCP/MSRP *"),
        With("m=audio 4000 RTP/AVP 0\r\nnonsense"), With("m=audio 4000 RTP/AVP 0\r\n=x"), With("m=audio 4000 RTP/AVP 0\r\na=x\ry"), With("m=audio 4000 RTP/AVP 0\r\na=x\0y"),
        With("m=audio 4000 RTP/AVP 0\r\n\r\na=x"), With("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 phone.example"), With("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 224.0.0.1"),
        With("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 224.2.1.1/127/3"), With("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 255.255.255.255"), With("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2"),
        With("m=audio 4000 RTP/AVP 0\r\nc=IN IP6 192.0.2.1"), With("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 ::1"), With("m=audio 4000 RTP/AVP 0\r\nc=IN IP6 ff02::1"),
        With("m=audio 4000 RTP/AVP 0\r\nc=ATM NSAP 47.0091"), With(string.Join("\r\n", Enumerable.Repeat("m=audio 4000 RTP/AVP 0", SessionDescription.MaxStreams + 1))),
        With("m=audio 4000 RTP/AVP 0\r\n" + string.Join("\r\n", Enumerable.Repeat("a=x", SessionDescription.MaxLines))),
        With("m=audio 4000 RTP/AVP 0\r\na=" + new string('x', SessionDescription.MaxLength)),
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_can_not_be_read_or_carried_is_refused(string text) => Assert.False(SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void A_browsers_offer_is_refused_for_now() => Assert.False(SessionDescription.TryParse(Samples.Chromium, out _));

    [Fact]
    public void Cut_off_anywhere_it_is_read_or_refused_but_never_throws()
    {
        foreach (var sample in (byte[][])[Samples.Baresip, Samples.Linphone, Samples.Sipp, Samples.Softphone, Samples.Chromium])
        {
            for (var length = 0; length <= sample.Length; length++)
            {
                if (SessionDescription.TryParse(sample.AsSpan(0, length), out var description)) Rewrite(description);
            }
        }
    }

    [Fact]
    public void Changed_at_random_it_is_read_or_refused_but_never_throws_and_what_we_write_can_be_read_again()
    {
        var random = new Random(20261120);
        var read = 0;
        for (var round = 0; round < 20_000; round++)
        {
            byte[][] samples = [Samples.Baresip, Samples.Linphone, Samples.Sipp, Samples.Softphone, Samples.Chromium];
            var text = Mutate(random, samples[random.Next(samples.Length)], samples[random.Next(samples.Length)]);
            if (!SessionDescription.TryParse(text, out var description)) continue;

            read++;
            var written = Rewrite(description);
            Assert.True(SessionDescription.TryParse(written, out var again), Encoding.UTF8.GetString(text) + "\n->\n" + Encoding.UTF8.GetString(written));
            Assert.Equal((description.Streams.Length, description.AudioIndex), (again.Streams.Length, again.AudioIndex));
        }

        Assert.InRange(read, 1000, 19_000);
    }

    private static byte[] Mutate(Random random, byte[] text, byte[] other)
    {
        var bytes = text.ToList();
        for (var change = random.Next(1, 6); change > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)); break;
                case 2: bytes.Insert(at, (byte)"\r\n =:/09m"[random.Next(9)]); break;
                case 3: bytes.InsertRange(at, other.Skip(random.Next(other.Length)).Take(random.Next(60)).ToArray()); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(60), bytes.Count - at))); break;
            }

            if (bytes.Count == 0) bytes.Add(0);
        }

        return [.. bytes];
    }

    private static byte[] Rewrite(SessionDescription description) => new LocalSession(IPAddress.Loopback, 30000).Offer(description, null);

    private static SessionDescription Parse(byte[] text)
    {
        Assert.True(SessionDescription.TryParse(text, out var description));
        return description;
    }

    private static string With(string media) => "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" + media + "\r\n";
}
