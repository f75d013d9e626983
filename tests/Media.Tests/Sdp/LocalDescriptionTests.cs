using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Telephony.Media.Sdp;

public sealed partial class LocalDescriptionTests
{
    private readonly LocalSession _session = new(IPAddress.Parse("203.0.113.5"), 30000);

    [Fact]
    public void An_offer_has_our_address_ports_and_origin_and_every_other_line_as_it_was() =>
        Same("""
            v=0
            o=- ID 1 IN IP4 203.0.113.5
            s=-
            c=IN IP4 203.0.113.5
            t=0 0
            a=tool:baresip 1.0.0
            m=audio 30000 RTP/AVP 0 8 101
            b=AS:125
            a=rtpmap:0 PCMU/8000
            a=rtpmap:8 PCMA/8000
            a=rtpmap:101 telephone-event/8000
            a=fmtp:101 0-15
            a=rtcp:30001
            a=sendrecv
            a=label:1
            a=rtcp-rsize
            a=ssrc:2840391123 cname:sip:100@demo.localhost
            a=ptime:20

            """, _session.Offer(Parse(Samples.Baresip), null));

    [Fact]
    public void Ice_ends_here_and_video_is_refused_in_its_place() =>
        Same("""
            v=0
            o=- ID 1 IN IP4 203.0.113.5
            s=Talk
            c=IN IP4 203.0.113.5
            t=0 0
            a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL voip-metrics
            a=record:off
            m=audio 30000 RTP/AVP 96 97 98 0 8 18 101 99 100
            c=IN IP4 203.0.113.5
            a=rtpmap:96 opus/48000/2
            a=fmtp:96 useinbandfec=1
            a=rtpmap:97 speex/16000
            a=fmtp:97 vbr=on
            a=rtpmap:98 speex/8000
            a=fmtp:98 vbr=on
            a=fmtp:18 annexb=yes
            a=rtpmap:101 telephone-event/48000
            a=rtpmap:99 telephone-event/16000
            a=rtpmap:100 telephone-event/8000
            a=rtcp:30001
            a=rtcp-fb:* trr-int 1000
            a=rtcp-fb:* ccm tmmbr
            m=video 0 RTP/AVP 96

            """, _session.Offer(Parse(Samples.Linphone), null));

    [Fact]
    public void A_session_without_an_address_gets_ours_where_it_belongs() =>
        Same("""
            v=0
            o=- ID 1 IN IP4 203.0.113.5
            s=call
            i=a title
            c=IN IP4 203.0.113.5
            b=CT:1000
            t=0 0
            m=audio 30000 RTP/AVPF 0 8
            i=microphone
            c=IN IP4 203.0.113.5
            a=mid:a
            a=rtcp-mux
            a=rtcp-fb:0 nack
            a=x-unknown:kept as it is
            a=sendonly

            """, _session.Offer(Parse(Samples.Softphone), null));

    [Fact]
    public void An_address_of_zeros_which_older_phones_hold_with_stays() =>
        Assert.Contains("c=IN IP4 0.0.0.0\r\n", Text(_session.Offer(Parse(Samples.Audio("0.0.0.0", 4000)), null)), StringComparison.Ordinal);

    [Fact]
    public void An_answer_has_the_offers_streams_in_the_offers_order()
    {
        var offer = Parse(Samples.Bytes("""
            v=0
            o=- 1 1 IN IP4 192.0.2.1
            s=-
            c=IN IP4 192.0.2.1
            t=0 0
            m=video 4000 RTP/AVP 96 97
            a=rtpmap:96 VP8/90000
            m=audio 4002 RTP/AVP 0 8
            m=application 4004 UDP/BFCP *

            """));

        Same("""
            v=0
            o=- ID 1 IN IP4 203.0.113.5
            s=-
            c=IN IP4 203.0.113.5
            t=0 0
            m=video 0 RTP/AVP 96 97
            m=audio 30000 RTP/AVP 0
            a=rtpmap:0 PCMU/8000
            m=application 0 UDP/BFCP *

            """, _session.Answer(Parse(Samples.Audio("192.0.2.2", 5000)), offer));
    }

    [Fact]
    public void An_offer_never_has_fewer_streams_than_the_session_had()
    {
        var earlier = Parse(Samples.Linphone);
        _session.Answer(Parse(Samples.Sipp), earlier);

        var offer = Text(_session.Offer(Parse(Samples.Sipp), earlier));

        Assert.Equal(["m=audio 30000 RTP/AVP 0", "m=video 0 RTP/AVP 96"], offer.Split("\r\n").Where(l => l.StartsWith("m=", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_version_grows_when_and_only_when_the_description_changes()
    {
        var first = _session.Offer(Parse(Samples.Baresip), null);
        var again = _session.Offer(Parse(Samples.Baresip), null);
        var changed = _session.Offer(Parse(Samples.Sipp), null);
        var back = _session.Offer(Parse(Samples.Baresip), null);

        Assert.Equal(first, again);
        Assert.Equal([1L, 1, 2, 3], ((byte[][])[first, again, changed, back]).Select(d => Origin(d).Version));
        Assert.Single(((byte[][])[first, again, changed, back]).Select(d => Origin(d).Id).Distinct());
    }

    [Fact]
    public void Each_session_has_its_own_id() =>
        Assert.NotEqual(Origin(_session.Offer(Parse(Samples.Sipp), null)).Id, Origin(new LocalSession(IPAddress.Loopback, 30000).Offer(Parse(Samples.Sipp), null)).Id);

    [Fact]
    public void Rtcp_mux_is_answered_only_to_who_offered_it()
    {
        var accepts = Parse(Samples.Audio("192.0.2.2", 5000, "a=rtcp-mux\n"));

        Assert.DoesNotContain("rtcp-mux", Text(_session.Answer(accepts, Parse(Samples.Sipp))), StringComparison.Ordinal);
        Assert.False(_session.IsRtcpMux);
        Assert.Contains("a=rtcp-mux\r\n", Text(_session.Answer(accepts, Parse(Samples.Softphone))), StringComparison.Ordinal);
        Assert.True(_session.IsRtcpMux);
    }

    [Fact]
    public void Addresses_of_IPv6_are_written_as_such()
    {
        var session = new LocalSession(IPAddress.IPv6Loopback, 30000);
        var source = Parse(Encoding.UTF8.GetBytes(Text(Samples.Sipp).Replace("c=IN IP4 127.0.1.1", "c=IN IP6 2001:db8::1", StringComparison.Ordinal)));

        var offer = Text(session.Offer(source, null));

        Assert.Contains("c=IN IP6 ::1\r\n", offer, StringComparison.Ordinal);
        Assert.Contains(" IN IP6 ::1\r\ns=-", offer, StringComparison.Ordinal);
    }

    private static void Same(string expected, byte[] actual) => Assert.Equal(expected.ReplaceLineEndings("\r\n"), OriginId().Replace(Text(actual), "o=- ID "));

    private static (long Id, long Version) Origin(byte[] description)
    {
        var fields = Text(description).Split("\r\n").Single(l => l.StartsWith("o=", StringComparison.Ordinal)).Split(' ');
        return (long.Parse(fields[1]), long.Parse(fields[2]));
    }

    private static string Text(byte[] description) => Encoding.UTF8.GetString(description);

    private static SessionDescription Parse(byte[] text)
    {
        Assert.True(SessionDescription.TryParse(text, out var description));
        return description;
    }

    [GeneratedRegex("o=- [0-9]+ ")]
    private static partial Regex OriginId();
}
