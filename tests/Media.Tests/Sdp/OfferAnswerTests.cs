using System.Net;
using System.Text;

namespace Telephony.Media.Sdp;

/// <summary>Two phones through us: what each is told (RFC 3264).</summary>
public sealed class OfferAnswerTests
{
    [Fact]
    public void An_offer_has_the_formats_of_the_caller_at_our_address()
    {
        var offer = new Side().Offer(Side.With(Samples.Baresip));

        Assert.Equal("""
            v=0
            o=- ID 1 IN IP4 203.0.113.5
            s=-
            c=IN IP4 203.0.113.5
            t=0 0
            m=audio 30000 RTP/AVP 0 8 101
            a=rtpmap:0 PCMU/8000
            a=rtpmap:8 PCMA/8000
            a=rtpmap:101 telephone-event/8000
            a=fmtp:101 0-15
            a=ptime:20
            a=sendrecv

            """.ReplaceLineEndings("\n"), offer);
    }

    [Theory]
    [InlineData("linphone", "96 97 98 0 8 18 101 99 100")]
    [InlineData("Cisco", "18 0 8 101")]
    [InlineData("Snom", "9 0 8 3 99 112 18 101")]
    [InlineData("Asterisk", "8 0 13 101")]
    [InlineData("Chromium", "111 9 0 8 13 110 126")] // red repairs by its own description's numbers
    [InlineData("Polycom", "115 9 102 0 8 127")]
    public void What_we_do_not_know_goes_on_too_for_it_can_be_relayed(string caller, string formats)
    {
        var profile = caller == "Chromium" ? MediaProfile.Browser : MediaProfile.Phone;

        var offer = new Side().Offer(Side.With(Samples.All[caller], profile));

        Assert.Equal($"m=audio 30000 RTP/AVP {formats}", Assert.Single(Side.Lines(offer, "m=")));
    }

    [Fact]
    public void The_answer_has_what_both_have_in_the_order_of_the_one_who_answers_and_the_numbers_of_the_one_who_offers()
    {
        var caller = Side.With(Samples.Baresip);
        var callee = new Side();
        callee.Offer(caller);
        Assert.Equal(MediaError.None, callee.Remote(Sdp("m=audio 5000 RTP/AVP 8 0 96\na=rtpmap:96 telephone-event/8000\na=fmtp:96 0-11\n")));

        var answer = caller.Answer(callee);

        Assert.Equal(["m=audio 30000 RTP/AVP 8 0 101"], Side.Lines(answer, "m="));
        Assert.Equal(["a=fmtp:101 0-11"], Side.Lines(answer, "a=fmtp"));
        var events = Assert.Single(callee.Agreement.TelephoneEvents);
        Assert.Equal((96, 101), (events.SendPayloadType, events.ReceivePayloadType)); // RFC 3264 §5.1
        Assert.Equal(["PCMA", "PCMU"], caller.Agreement.Formats.Select(f => f.Name));
    }

    [Fact] // some phones explain no number in an answer
    public void A_number_in_an_answer_means_what_the_offer_said()
    {
        var callee = new Side();
        callee.Offer(Side.With(Samples.Linphone));

        Assert.Equal(MediaError.None, callee.Remote(Sdp("m=audio 5000 RTP/AVP 96 100\n")));

        Assert.Equal(("opus", 96), (callee.Agreement.Formats[0].Name, callee.Agreement.Formats[0].SendPayloadType));
        Assert.Equal(8000, Assert.Single(callee.Agreement.TelephoneEvents).Clock);
    }

    [Fact]
    public void An_answer_with_nothing_of_what_was_offered_is_refused_and_changes_nothing()
    {
        var callee = new Side();
        callee.Offer(Side.With(Samples.Sipp));

        Assert.Equal(MediaError.NoCommonCodec, callee.Remote(Sdp("m=audio 5000 RTP/AVP 8\n")));
        Assert.Equal(MediaError.BadDescription, callee.Remote(Sdp("m=audio 0 RTP/AVP 0\n")));
        Assert.Equal(MediaError.UnsupportedTransport, callee.Remote(Sdp("m=audio 5000 RTP/SAVP 0\n")));

        Assert.Null(callee.Session.Agreement);
        Assert.Equal(MediaError.None, callee.Remote(Samples.Sipp));
    }

    [Fact]
    public void Without_a_common_codec_there_is_no_answer_unless_we_transcode()
    {
        var (caller, callee) = (Side.With(Sdp("m=audio 4000 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000\n")), Side.With(Sdp("m=audio 5000 RTP/AVP 8\n")));
        Assert.Equal(MediaError.NoCommonCodec, caller.NoAnswer(callee));

        var transcoding = Side.With(Sdp("m=audio 4000 RTP/AVP 0 9 101\na=rtpmap:101 telephone-event/8000\n"), codecs: "opus,G722,PCMU");

        Assert.Equal(["m=audio 30000 RTP/AVP 9 101"], Side.Lines(transcoding.Answer(callee), "m="));
        Assert.Equal(MediaError.NoCommonCodec, Side.With(Sdp("m=audio 4000 RTP/AVP 18\n"), codecs: "opus,PCMU").NoAnswer(callee)); // it has G.729 alone, which we don't
    }

    [Fact]
    public void What_we_transcode_to_is_offered_after_what_the_caller_has()
    {
        var offer = new Side(codecs: "opus,G722,PCMA,PCMU").Offer(Side.With(Sdp("m=audio 4000 RTP/AVP 18 8\n")));

        Assert.Equal(["m=audio 30000 RTP/AVP 18 8 96 9 0 101 97"], Side.Lines(offer, "m="));
        Assert.Contains("a=rtpmap:96 opus/48000/2\na=fmtp:96 useinbandfec=1\n", offer, StringComparison.Ordinal);
        Assert.Contains("a=rtpmap:101 telephone-event/8000\n", offer, StringComparison.Ordinal); // one for each clock (RFC 4733 §2.5.1.2)
        Assert.Contains("a=rtpmap:97 telephone-event/48000\n", offer, StringComparison.Ordinal);
        var unknownAlone = new Side(codecs: "opus,PCMU").Offer(Side.With(Sdp("m=audio 4000 RTP/AVP 18\n")));
        Assert.Equal(["m=audio 30000 RTP/AVP 18 101"], Side.Lines(unknownAlone, "m=")); // nothing can be made of it
    }

    [Fact]
    public void A_device_that_names_its_codecs_gets_no_others()
    {
        var profile = MediaProfile.Phone with { Codecs = ["PCMA", "G729"] };

        Assert.Equal(["m=audio 30000 RTP/AVP 8 18 100"], Side.Lines(new Side(profile).Offer(Side.With(Samples.Linphone)), "m="));
        Assert.Equal(MediaError.NoCommonCodec, new Side(profile).NoOffer(Side.With(Samples.Sipp)));
        Assert.Equal(["m=audio 30000 RTP/AVP 8 101"], Side.Lines(new Side(MediaProfile.Phone with { Codecs = ["PCMA"] }, "opus,PCMA").Offer(null), "m="));
    }

    [Fact] // RFC 3264 §8.3.2
    public void A_number_keeps_its_meaning_in_a_session_and_a_conflict_is_solved_by_another_number()
    {
        var leg = new Side();
        leg.Offer(Side.With(Sdp("m=audio 4000 RTP/AVP 96 0\na=rtpmap:96 opus/48000/2\n")));
        leg.Remote(Sdp("m=audio 5000 RTP/AVP 96\na=rtpmap:96 opus/48000/2\n"));

        var other = leg.Offer(Side.With(Sdp("m=audio 4000 RTP/AVP 96 97\na=rtpmap:96 speex/16000\na=rtpmap:97 opus/48000/2\n")));

        Assert.Equal(["a=rtpmap:97 speex/16000", "a=rtpmap:96 opus/48000/2"], Side.Lines(other, "a=rtpmap"));
    }

    [Fact]
    public void Numbers_that_the_peer_chose_are_ours_too()
    {
        var leg = Side.With(Sdp("m=audio 4000 RTP/AVP 120 121\na=rtpmap:120 opus/48000/2\na=rtpmap:121 PCMU/8000\n"));

        Assert.Equal(["m=audio 30000 RTP/AVP 120 121"], Side.Lines(leg.Offer(Side.With(Sdp("m=audio 4000 RTP/AVP 96 0\na=rtpmap:96 opus/48000/2\n"))), "m="));
    }

    [Fact] // iLBC, AMR: the same name twice, with other parameters
    public void One_codec_may_be_there_several_times()
    {
        const string Two = "a=rtpmap:96 AMR/8000\na=fmtp:96 octet-align=1\na=rtpmap:97 AMR/8000\n";
        var (caller, callee) = (Side.With(Sdp("m=audio 4000 RTP/AVP 96 97\n" + Two)), new Side());
        callee.Offer(caller);
        callee.Remote(Sdp("m=audio 5000 RTP/AVP 97\na=rtpmap:97 AMR/8000\n"));

        Assert.Equal(["m=audio 30000 RTP/AVP 97"], Side.Lines(caller.Answer(callee), "m="));
    }

    [Theory] // RFC 7587 §7.1, RFC 3555: what a receiver says goes on to who sends to it
    [InlineData("m=audio 4000 RTP/AVP 96\na=rtpmap:96 opus/48000/2\na=fmtp:96 stereo=0;maxaveragebitrate=20000\n", "a=fmtp:96 stereo=0;maxaveragebitrate=20000")]
    [InlineData("m=audio 4000 RTP/AVP 18\na=fmtp:18 annexb=no\n", "a=fmtp:18 annexb=no")]
    public void Parameters_pass_through_where_packets_do(string media, string line)
    {
        var (caller, callee) = (Side.With(Sdp(media)), new Side());

        Assert.Equal([line], Side.Lines(callee.Offer(caller), "a=fmtp"));
        callee.Remote(Sdp(media.Replace(line + "\n", "", StringComparison.Ordinal)));
        Assert.Empty(Side.Lines(caller.Answer(callee), "a=fmtp"));
        Assert.Equal(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..], caller.Agreement.Formats[0].Parameters);
    }

    [Theory]
    [InlineData("", 20)]
    [InlineData("a=ptime:30\n", 30)]
    [InlineData("a=ptime:20.0\n", 20)]
    [InlineData("a=ptime:60\na=maxptime:40\n", 40)]
    [InlineData("a=ptime:0\n", 20)]
    [InlineData("a=ptime:900\n", 120)]
    [InlineData("a=ptime:x\n", 20)]
    public void We_send_as_much_in_a_packet_as_the_peer_asks(string lines, int packetTime)
    {
        var caller = Side.With(Sdp("m=audio 4000 RTP/AVP 0\n" + lines));
        caller.Answer(Side.With(Samples.Sipp));

        Assert.Equal(packetTime, caller.Agreement.PacketTime);
    }

    [Fact] // RFC 3108 §5.6.2.7
    public void Comfort_noise_is_for_those_who_want_it()
    {
        const string Media = "m=audio 4000 RTP/AVP 0 13\n";

        Assert.Equal(["m=audio 30000 RTP/AVP 0 13"], Side.Lines(new Side().Offer(Side.With(Sdp(Media))), "m="));
        Assert.Equal(["m=audio 30000 RTP/AVP 0"], Side.Lines(new Side().Offer(Side.With(Sdp(Media + "a=silenceSupp:off - - - -\n"))), "m="));
    }

    [Fact] // RFC 3264 §6: an answer has the offer's streams in the offer's order
    public void Video_fax_and_second_audio_are_refused_in_their_places()
    {
        var caller = Side.With(Sdp("""
            m=video 4000 RTP/AVP 96 97
            a=rtpmap:96 VP8/90000
            a=mid:v
            m=audio 4002 RTP/AVP 0 8
            m=image 4006 udptl t38
            m=application 4004 UDP/BFCP *
            m=audio 4008 RTP/AVP 0

            """));
        string[] refused = ["m=video 0 RTP/AVP 96 97", "m=audio 30000 RTP/AVP 0", "m=image 0 udptl t38", "m=application 0 UDP/BFCP *", "m=audio 0 RTP/AVP 0"];

        var answer = caller.Answer(Side.With(Samples.Sipp));

        Assert.Equal(refused, Side.Lines(answer, "m="));
        Assert.Equal(["a=mid:v"], Side.Lines(answer, "a=mid"));
        Assert.Equal(refused, Side.Lines(caller.Offer(Side.With(Samples.Sipp)), "m=")); // §8: streams are never taken away
        Assert.Equal(["m=audio 30000 RTP/AVP 0 8"], Side.Lines(new Side().Offer(caller), "m=")); // and the other dialog has never heard of them
    }

    [Fact] // RFC 3264 §8.1
    public void A_stream_that_is_added_later_is_refused()
    {
        var (caller, callee) = (Side.With(Samples.Sipp), Side.With(Samples.Sipp));
        caller.Answer(callee);

        Assert.Equal(MediaError.None, caller.Reoffer([.. Samples.Sipp, .. Samples.Bytes("m=video 7000 RTP/AVP 96\n")]));

        Assert.Equal(["m=audio 30000 RTP/AVP 0", "m=video 0 RTP/AVP 96"], Side.Lines(caller.Answer(callee), "m="));
    }

    [Theory] // a gateway that heard a fax: it goes on with G.711 when T.38 is refused
    [InlineData("m=image 4000 udptl t38\n")]
    [InlineData("m=audio 0 RTP/AVP 0\nm=image 4000 udptl t38\n")]
    public void A_change_to_fax_is_refused_and_changes_nothing(string media)
    {
        var caller = Side.With(Samples.Sipp);
        caller.Answer(Side.With(Samples.Sipp));
        var before = caller.Agreement;

        Assert.Equal(MediaError.BadDescription, caller.Reoffer(Sdp(media)));
        caller.Session.Rollback();

        Assert.Same(before, caller.Agreement);
    }

    [Fact] // RFC 3261 §14.1
    public void An_offer_of_a_change_counts_for_the_other_side_and_for_packets_only_once_it_is_answered()
    {
        var (caller, callee) = (Side.With(Samples.Sipp), Side.With(Samples.Sipp));
        var first = caller.Answer(callee);
        var before = caller.Agreement;
        var change = Sdp("m=audio 7000 RTP/AVP 0\na=sendonly\na=ptime:40\n", "192.0.2.9");

        Assert.Equal(MediaError.None, caller.Reoffer(change));
        Assert.Same(before, caller.Agreement);
        Assert.Contains("a=ptime:40\na=sendonly\n", callee.Offer(caller), StringComparison.Ordinal);
        caller.Session.Rollback();
        callee.Session.Rollback();
        Assert.DoesNotContain("ptime", callee.Offer(caller), StringComparison.Ordinal);
        Assert.Equal(first, caller.Answer(callee)); // not a version more

        caller.Reoffer(change);
        caller.Answer(callee);
        Assert.Equal(IPEndPoint.Parse("192.0.2.9:7000"), caller.Agreement.Rtp);
    }

    [Fact] // RFC 3264 §8
    public void The_version_grows_when_and_only_when_the_description_changes()
    {
        var leg = new Side();
        var (baresip, sipp) = (Side.With(Samples.Baresip), Side.With(Samples.Sipp));

        string[] descriptions = [leg.Offer(baresip), leg.Offer(baresip), leg.Offer(sipp), leg.Offer(baresip)];

        Assert.Equal(["ID 1", "ID 1", "ID 2", "ID 3"], descriptions.Select(d => string.Join(' ', Side.Lines(d, "o=")[0].Split(' ')[1..3])));
    }

    [Fact]
    public void Commands_may_be_repeated()
    {
        var (caller, callee) = (Side.With(Samples.Baresip), new Side());
        var offer = callee.Offer(caller);
        callee.Remote(Samples.Sipp);
        callee.Remote(Samples.Sipp);
        var answer = caller.Answer(callee);

        Assert.Equal(offer, callee.Offer(caller));
        Assert.Equal(answer, caller.Answer(callee));
        Assert.Equal(MediaError.None, caller.Remote(Samples.Baresip));
        Assert.Equal(answer, caller.Answer(callee));
    }

    [Fact] // RFC 3261 §13.2.2.4
    public void Each_fork_may_answer_and_the_last_one_counts()
    {
        var callee = new Side();
        callee.Offer(Side.With(Samples.Baresip));

        callee.Remote(Samples.Audio("192.0.2.8", 4000));
        Assert.Equal(IPEndPoint.Parse("192.0.2.8:4000"), callee.Agreement.Rtp);
        callee.Remote(Sdp("m=audio 4002 RTP/AVP 8\n", "192.0.2.9"));

        Assert.Equal((IPEndPoint.Parse("192.0.2.9:4002"), "PCMA"), (callee.Agreement.Rtp, callee.Agreement.Formats[0].Name));
    }

    [Fact] // RFC 3261 §13.2.1
    public void A_late_offer_is_answered_by_the_one_who_called()
    {
        var (caller, callee) = (new Side(), Side.With(Samples.Baresip));
        Assert.Equal(["m=audio 30000 RTP/AVP 0 8 101"], Side.Lines(caller.Offer(callee), "m="));

        Assert.Equal(MediaError.None, caller.Remote(Samples.Sipp));

        Assert.Equal(["m=audio 30000 RTP/AVP 0"], Side.Lines(callee.Answer(caller), "m="));
    }

    [Theory] // after the loss of a media node: what the peer said last is all that the next one knows
    [InlineData("Polycom", "m=audio 30000 RTP/SAVP 0", "m=audio 0 RTP/AVP 115 9 102 0 8 127")]
    [InlineData("softphone", "m=audio 30000 RTP/AVPF 0")]
    [InlineData("linphone", "m=audio 30000 RTP/AVP 0", "m=video 0 RTP/AVP 96")]
    [InlineData("Chromium", "m=audio 30000 UDP/TLS/RTP/SAVPF 0")]
    public void A_dialog_goes_on_elsewhere_with_its_streams_and_its_way_to_travel(string peer, params string[] lines)
    {
        var leg = Side.With(Samples.All[peer], peer == "Chromium" ? MediaProfile.Browser : null);

        var offer = leg.Offer(Side.With(Samples.Sipp));

        Assert.Equal(lines, Side.Lines(offer, "m="));
        Assert.Equal(peer == "softphone", offer.Contains("a=mid:a\n", StringComparison.Ordinal));
        Assert.Equal(peer == "Polycom" ? 4 : 0, Side.Lines(offer, "a=crypto").Length);
        Assert.Equal(peer == "Chromium", offer.Contains("a=setup:actpass\n", StringComparison.Ordinal));
    }

    [Fact] // RFC 3264 §8
    public async Task The_origin_is_the_legs_and_its_version_goes_on_where_the_leg_is_made_anew()
    {
        var time = new Telephony.Testing.SimulatedTime();
        var (first, other) = (SessionOrigin.Of("call-1", time), SessionOrigin.Of("call-2", time));
        await time.Advance(TimeSpan.FromSeconds(2));
        var later = SessionOrigin.Of("call-1", time);

        Assert.Equal((first.Id, first.Version + 2), (later.Id, later.Version));
        Assert.NotEqual(first.Id, other.Id);
    }

    [Fact] // RFC 3261 §14.2: it does not come to that, but nothing breaks
    public void An_offer_that_crosses_ours_can_be_answered()
    {
        var leg = Side.With(Samples.Baresip);
        var other = Side.With(Samples.Sipp);
        leg.Answer(other);
        leg.Offer(other);

        Assert.Equal(MediaError.None, leg.Reoffer(Samples.Asterisk));
        leg.Answer(other);

        Assert.Equal(IPEndPoint.Parse("192.0.2.90:15020"), leg.Agreement.Rtp);
    }

    [Fact] // RFC 5761 §5.1.1, RFC 3605
    public void Rtcp_goes_where_the_peer_says_or_to_the_same_port_when_both_say_so()
    {
        var softphone = Side.With(Samples.Softphone);
        Assert.Contains("a=rtcp-mux\n", softphone.Answer(Side.With(Samples.Sipp)), StringComparison.Ordinal);
        Assert.True(softphone.Agreement.IsRtcpMux);
        Assert.Contains("a=rtcp-mux\n", softphone.Offer(Side.With(Samples.Sipp)), StringComparison.Ordinal);

        var linphone = Side.With(Samples.Linphone);
        Assert.DoesNotContain("rtcp-mux", linphone.Answer(softphone), StringComparison.Ordinal);
        Assert.Equal((IPEndPoint.Parse("198.51.100.7:7076"), IPEndPoint.Parse("198.51.100.8:41077")), (linphone.Agreement.Rtp, linphone.Agreement.Rtcp));

        var plain = Side.With(Samples.Sipp);
        plain.Answer(softphone);
        Assert.Equal(IPEndPoint.Parse("127.0.1.1:6001"), plain.Agreement.Rtcp);
    }

    [Theory]
    [InlineData("c=IN IP4 phone.example")]
    [InlineData("c=IN IP4 224.0.0.1")]
    [InlineData("c=IN IP4 224.2.1.1/127/3")]
    [InlineData("c=IN IP4 255.255.255.255")]
    [InlineData("c=IN IP4 192.0.2")]
    [InlineData("c=IN IP6 192.0.2.1")]
    [InlineData("c=IN IP4 ::1")]
    [InlineData("c=IN IP6 ff02::1")]
    [InlineData("c=IN IP6 2001:db8::1")] // we have IPv4 alone
    [InlineData("c=ATM NSAP 47.0091")]
    public void An_address_that_can_not_be_sent_to_is_refused(string line) => Assert.Equal(MediaError.BadDescription, new Side().Remote(Sdp($"m=audio 4000 RTP/AVP 0\n{line}\n")));

    [Theory]
    [InlineData("m=audio 0 RTP/AVP 0", MediaError.BadDescription)]
    [InlineData("m=video 4000 RTP/AVP 96", MediaError.BadDescription)]
    [InlineData("m=image 4000 udptl t38", MediaError.BadDescription)]
    [InlineData("m=audio 4000 RTP/AVP 13", MediaError.NoCommonCodec)]
    [InlineData("m=audio 4000 RTP/AVP 96", MediaError.NoCommonCodec)]
    [InlineData("m=audio 4000 TCP/MSRP *", MediaError.UnsupportedTransport)]
    [InlineData("m=audio 4000 RTP/SAVP 0", MediaError.UnsupportedTransport)]
    public void An_offer_without_audio_that_we_can_carry_is_refused(string media, MediaError error) => Assert.Equal(error, new Side().Remote(Sdp(media + "\n")));

    [Fact]
    public void Addresses_of_IPv6_are_written_as_such()
    {
        var session = new LocalSession(new SessionOrigin(1, 1), new LocalTransport(IPAddress.IPv6Loopback, 30000, 30001, "", "", ""), MediaProfile.Phone, []);
        Assert.Equal(MediaError.None, session.SetRemote(Side.Parse(Samples.Bytes("v=0\no=- 1 1 IN IP6 ::1\ns=-\nc=IN IP6 2001:db8::1\nt=0 0\nm=audio 4000 RTP/AVP 0\n"))));

        session.Answer(session.Peer!, out var sdp);

        Assert.Contains("c=IN IP6 ::1\r\n", Encoding.ASCII.GetString(sdp), StringComparison.Ordinal);
        Assert.Equal(IPEndPoint.Parse("[2001:db8::1]:4000"), session.Agreement!.Rtp);
    }

    internal static byte[] Sdp(string media, string address = "192.0.2.1") => Samples.Bytes($"v=0\no=- 1 1 IN IP4 {address}\ns=-\nc=IN IP4 {address}\nt=0 0\n{media}");
}
