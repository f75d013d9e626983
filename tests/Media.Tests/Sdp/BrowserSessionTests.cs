using System.Text;

namespace Telephony.Media.Sdp;

/// <summary>Sessions with browsers: ICE-lite (RFC 8445 §2.5), DTLS-SRTP (RFC 5764), RTCP on the same port and BUNDLE (RFC 8829).</summary>
public sealed class BrowserSessionTests
{
    private static readonly byte[] Phone = OfferAnswerTests.Sdp("m=audio 5000 RTP/AVP 8 101\na=rtpmap:101 telephone-event/8000\n");

    [Fact]
    public void A_browser_that_calls_a_phone_gets_all_that_it_demands()
    {
        var browser = Side.With(Samples.Chromium, MediaProfile.Browser);
        var phone = new Side();
        phone.Offer(browser);
        Assert.Equal(MediaError.None, phone.Remote(Phone));

        Assert.Equal($"""
            v=0
            o=- ID 1 IN IP4 203.0.113.5
            s=-
            c=IN IP4 203.0.113.5
            t=0 0
            a=group:BUNDLE 0
            a=ice-lite
            m=audio 30000 UDP/TLS/RTP/SAVPF 8 126
            a=mid:0
            a=rtpmap:8 PCMA/8000
            a=rtpmap:126 telephone-event/8000
            a=fmtp:126 0-15
            a=rtcp-mux
            a=fingerprint:sha-256 {Side.Ours}
            a=setup:passive
            a=ice-ufrag:frag
            a=ice-pwd:a-password-of-24-charact
            a=candidate:1 1 UDP 2130706431 203.0.113.5 30000 typ host
            a=end-of-candidates
            a=msid:- audio
            a=sendrecv

            """.ReplaceLineEndings("\n"), browser.Answer(phone));
        var dtls = Assert.IsType<Dtls>(browser.Agreement.Security);
        Assert.Equal(("4ZcD", false, "sha-256"), (dtls.Ice!.Ufrag, dtls.IsActive, dtls.Remote.Single().Hash));
        Assert.Null(browser.Agreement.Rtp); // ICE finds it
        Assert.True(browser.Agreement.IsRtcpMux);
        Assert.Equal(MediaDirection.SendReceive, browser.Agreement.Direction); // an address of zeros is no hold here
    }

    [Fact]
    public void A_phone_that_calls_a_browser_needs_no_transcoding()
    {
        var phone = Side.With(Samples.Asterisk, codecs: "opus,PCMA,PCMU");
        var browser = new Side(MediaProfile.Browser, "opus,PCMA,PCMU");

        var offer = browser.Offer(phone);

        Assert.StartsWith("m=audio 30000 UDP/TLS/RTP/SAVPF 8 0 96 ", Assert.Single(Side.Lines(offer, "m=")), StringComparison.Ordinal); // the phone's first, then Opus
        foreach (var line in new[] { "a=group:BUNDLE 0", "a=mid:0", "a=setup:actpass", "a=ice-lite", "a=rtcp-mux", $"a=fingerprint:sha-256 {Side.Ours}" }) Assert.Contains(line + "\n", offer, StringComparison.Ordinal);

        Assert.Equal(MediaError.None, browser.Remote(Chromium("actpass", "active")));
        Assert.Equal("PCMU", browser.Agreement.Formats.First(f => f.Name is "PCMU" or "PCMA").Name);
        Assert.Equal(["a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:13 CN/8000", "a=rtpmap:101 telephone-event/8000"], Side.Lines(phone.Answer(browser), "a=rtpmap"));
    }

    [Theory] // RFC 8842 §5.3: we are the server, unless the browser is
    [InlineData("actpass", "passive", false)]
    [InlineData("active", "passive", false)]
    [InlineData("passive", "active", true)]
    [InlineData("holdconn", "passive", false)]
    public void Roles_in_the_handshake_follow_the_offer(string offered, string answered, bool isActive)
    {
        var browser = Side.With(Chromium("actpass", offered), MediaProfile.Browser);

        Assert.Contains($"a=setup:{answered}\n", browser.Answer(Side.With(Phone)), StringComparison.Ordinal);
        Assert.Equal(isActive, Assert.IsType<Dtls>(browser.Agreement.Security).IsActive);
    }

    [Theory]
    [InlineData("active", false)]
    [InlineData("passive", true)]
    public void Roles_in_the_handshake_follow_the_answer_and_stay(string answered, bool isActive)
    {
        var (browser, phone) = (new Side(MediaProfile.Browser), Side.With(Phone));
        browser.Offer(phone);
        browser.Remote(Chromium("actpass", answered));
        Assert.Equal(isActive, Assert.IsType<Dtls>(browser.Agreement.Security).IsActive);

        browser.Reoffer(Chromium("sendrecv", "sendonly")); // a hold offers actpass
        Assert.Contains(isActive ? "a=setup:active\n" : "a=setup:passive\n", browser.Answer(phone), StringComparison.Ordinal);
    }

    [Fact] // RFC 8839 §4.4.1.1
    public void New_credentials_of_the_browser_are_an_ICE_restart_and_get_new_ones_of_ours()
    {
        var (browser, phone) = (Side.With(Samples.Chromium, MediaProfile.Browser), Side.With(Phone));
        var before = Side.Lines(browser.Answer(phone), "a=ice-");
        browser.Reoffer(Chromium("sendrecv", "sendonly"));
        Assert.Equal(before, Side.Lines(browser.Answer(phone), "a=ice-"));

        browser.Reoffer(Chromium("ice-ufrag:4ZcD", "ice-ufrag:Abcd"));
        Assert.Equal("frag", browser.Session.Transport.IceUfrag); // not before it is answered
        var after = Side.Lines(browser.Answer(phone), "a=ice-");

        Assert.NotEqual(before, after);
        Assert.Equal($"a=ice-ufrag:{browser.Session.Transport.IceUfrag}", after[1]);
        Assert.Equal("Abcd", Assert.IsType<Dtls>(browser.Agreement.Security).Ice!.Ufrag);
        Assert.Equal(after, Side.Lines(browser.Answer(phone), "a=ice-")); // the same command again
    }

    [Fact]
    public void A_browser_holds_and_resumes()
    {
        var (browser, phone) = (Side.With(Samples.Chromium, MediaProfile.Browser), Side.With(Phone));
        browser.Answer(phone);

        browser.Reoffer(Chromium("a=sendrecv", "a=sendonly"));
        Assert.EndsWith("a=sendonly\n", phone.Offer(browser), StringComparison.Ordinal);
        phone.Remote([.. Phone, .. Samples.Bytes("a=recvonly\n")]);
        var held = browser.Answer(phone);

        Assert.EndsWith("a=recvonly\n", held, StringComparison.Ordinal);
        Assert.Equal("ID 2", string.Join(' ', Side.Lines(held, "o=")[0].Split(' ')[1..3]));
        Assert.Equal(MediaDirection.SendOnly, browser.Agreement.Direction);
    }

    [Fact]
    public void Video_in_the_same_bundle_is_refused_and_audio_is_bundled_alone()
    {
        var offer = Encoding.UTF8.GetString(Samples.Chromium).Replace("BUNDLE 0", "BUNDLE 0 1", StringComparison.Ordinal)
            + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtcp-mux\r\n";
        var browser = Side.With(Encoding.UTF8.GetBytes(offer), MediaProfile.Browser);

        var answer = browser.Answer(Side.With(Phone));

        Assert.Equal(["a=group:BUNDLE 0"], Side.Lines(answer, "a=group"));
        Assert.Equal(["a=mid:0", "a=mid:1"], Side.Lines(answer, "a=mid"));
        Assert.Equal("m=video 0 UDP/TLS/RTP/SAVPF 96", Side.Lines(answer, "m=")[1]);
    }

    [Fact] // RFC 5764: a trunk or a phone with DTLS and an address of its own
    public void Dtls_without_ice_goes_where_the_peer_says()
    {
        var trunk = Side.With(OfferAnswerTests.Sdp($"m=audio 4000 UDP/TLS/RTP/SAVP 8\na=fingerprint:sha-256 {Side.Ours}\na=setup:actpass\n"));

        var answer = trunk.Answer(Side.With(Phone));

        Assert.Equal(["m=audio 30000 UDP/TLS/RTP/SAVP 8"], Side.Lines(answer, "m="));
        Assert.DoesNotContain("ice", answer, StringComparison.Ordinal);
        Assert.Equal("192.0.2.1:4000", trunk.Agreement.Rtp!.ToString());
        Assert.Null(Assert.IsType<Dtls>(trunk.Agreement.Security).Ice);
        var again = trunk.Offer(Side.With(Phone));
        Assert.Contains("a=setup:actpass\n", again, StringComparison.Ordinal);
        Assert.DoesNotContain("ice", again, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_browser_could_not_use_is_refused()
    {
        Assert.Equal(MediaError.SecurityRequired, new Side(MediaProfile.Browser).Remote(Samples.Sipp));
        Assert.Equal(MediaError.UnsupportedTransport, new Side(MediaProfile.Browser).Remote(Chromium("a=fingerprint:sha-256", "a=fingerprint:md5")));
        Assert.Equal(MediaError.UnsupportedTransport, new Side(MediaProfile.Browser, fingerprint: "").Remote(Samples.Chromium));
        Assert.Equal(MediaError.UnsupportedTransport, new Side(MediaProfile.Browser, fingerprint: "").NoOffer(Side.With(Samples.Sipp)));
        Assert.Equal(MediaError.UnsupportedTransport, new Side(MediaProfile.Phone with { Security = MediaSecurity.None }).Remote(Samples.Chromium));

        var offered = new Side(MediaProfile.Browser);
        offered.Offer(Side.With(Samples.Sipp));
        Assert.Equal(MediaError.SecurityRequired, offered.Remote(Samples.Sipp));
    }

    private static byte[] Chromium(string old, string changed) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Samples.Chromium).Replace(old, changed, StringComparison.Ordinal));
}
