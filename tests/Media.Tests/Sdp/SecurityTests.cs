using Telephony.Media.Srtp;

namespace Telephony.Media.Sdp;

/// <summary>Keys in descriptions (RFC 4568), and whether there must be some.</summary>
public sealed class SecurityTests
{
    private const string Key80 = "1 AES_CM_128_HMAC_SHA1_80 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj";
    private const string Key32 = "2 AES_CM_128_HMAC_SHA1_32 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private const string Unknown = "3 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm";

    private static readonly MediaProfile None = MediaProfile.Phone with { Security = MediaSecurity.None };
    private static readonly MediaProfile Required = MediaProfile.Phone with { Security = MediaSecurity.Required };

    [Theory]
    [InlineData("RTP/AVP", "", null, MediaError.None, MediaError.None, MediaError.SecurityRequired)]
    [InlineData("RTP/AVP", Key80, "1 AES_CM_128_HMAC_SHA1_80", MediaError.None, MediaError.None, MediaError.None)] // Snom's "optional"
    [InlineData("RTP/AVP", Unknown, null, MediaError.None, MediaError.None, MediaError.SecurityRequired)]
    [InlineData("RTP/SAVP", Key80, "1 AES_CM_128_HMAC_SHA1_80", MediaError.UnsupportedTransport, MediaError.None, MediaError.None)]
    [InlineData("RTP/SAVPF", Key32, "2 AES_CM_128_HMAC_SHA1_32", MediaError.UnsupportedTransport, MediaError.None, MediaError.None)]
    [InlineData("RTP/SAVP", Unknown, null, MediaError.UnsupportedTransport, MediaError.UnsupportedTransport, MediaError.UnsupportedTransport)]
    [InlineData("RTP/SAVP", "", null, MediaError.UnsupportedTransport, MediaError.UnsupportedTransport, MediaError.UnsupportedTransport)]
    public void An_offer_is_taken_by_policy(string protocol, string key, string? answered, MediaError none, MediaError optional, MediaError required)
    {
        var offer = OfferAnswerTests.Sdp($"m=audio 4000 {protocol} 0\n" + (key.Length > 0 ? $"a=crypto:{key}\n" : ""));
        foreach (var (profile, error) in new[] { (None, none), (MediaProfile.Phone, optional), (Required, required) })
        {
            var leg = new Side(profile);
            Assert.Equal(error, leg.Remote(offer));
            if (error is not MediaError.None) continue;

            var answer = leg.Answer(Side.With(Samples.Sipp));
            Assert.Equal([$"m=audio 30000 {protocol} 0"], Side.Lines(answer, "m="));
            Assert.Equal(profile == None ? null : answered, Side.Lines(answer, "a=crypto:").SingleOrDefault()?["a=crypto:".Length..].Split(" inline:")[0]);
        }
    }

    [Fact] // §5.1.2: the tag and suite of the first that we have, and a key of our own
    public void The_answer_has_the_first_key_that_we_can_use()
    {
        var yealink = Side.With(Samples.Yealink);

        var line = Assert.Single(Side.Lines(yealink.Answer(Side.With(Samples.Sipp)), "a=crypto"));

        var keys = Assert.IsType<Sdes>(yealink.Agreement.Security);
        Assert.StartsWith("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:", line, StringComparison.Ordinal);
        Assert.DoesNotContain("NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj", line, StringComparison.Ordinal);
        Assert.Equal("NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj", Convert.ToBase64String([.. keys.Receive.Master, .. keys.Receive.Salt]));
        Assert.EndsWith(Convert.ToBase64String([.. keys.Send.Master, .. keys.Send.Salt]), line, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_streams_the_first_that_the_policy_allows_is_taken()
    {
        Assert.Equal(["m=audio 30000 RTP/SAVP 0", "m=audio 0 RTP/AVP 115 9 102 0 8 127"], Side.Lines(Side.With(Samples.Polycom).Answer(Side.With(Samples.Sipp)), "m="));
        Assert.Equal(["m=audio 0 RTP/SAVP 115 9 102 0 8 127", "m=audio 30000 RTP/AVP 0"], Side.Lines(Side.With(Samples.Polycom, None).Answer(Side.With(Samples.Sipp)), "m="));
    }

    [Fact] // a node was lost: RFC 3264 §8 holds for the dialog, whoever speaks for us
    public void A_leg_that_is_made_anew_offers_what_its_peer_had()
    {
        var polycom = Side.With(Samples.Polycom);

        var offer = polycom.Offer(Side.With(Samples.Sipp));

        var lines = Side.Lines(offer, "m=");
        Assert.StartsWith("m=audio 30000 RTP/SAVP 0", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("m=audio 0 RTP/AVP ", lines[1], StringComparison.Ordinal);
        Assert.NotEmpty(Side.Lines(offer, "a=crypto:"));
    }

    [Fact]
    public void Keys_are_offered_where_they_are_required_and_stay_in_later_offers()
    {
        var leg = new Side(Required);
        var offer = leg.Offer(Side.With(Samples.Sipp));
        Assert.Equal(["m=audio 30000 RTP/SAVP 0"], Side.Lines(offer, "m="));
        Assert.Equal(4, Side.Lines(offer, "a=crypto").Length);

        Assert.Equal(MediaError.SecurityRequired, leg.Remote(Samples.Sipp));
        Assert.Equal(MediaError.SecurityRequired, leg.Remote(OfferAnswerTests.Sdp($"m=audio 5000 RTP/SAVP 0\na=crypto:{Unknown}\n")));
        Assert.Equal(MediaError.None, leg.Remote(OfferAnswerTests.Sdp($"m=audio 5000 RTP/SAVP 0\na=crypto:{Key32}\n")));

        var keys = Assert.IsType<Sdes>(leg.Agreement.Security);
        Assert.Equal((SrtpSuite.AesCm128HmacSha1_32, SrtpSuite.AesCm128HmacSha1_32), (keys.Send.Suite, keys.Receive.Suite));
        var again = Side.Lines(leg.Offer(Side.With(Samples.Sipp)), "a=crypto")[0];
        Assert.Equal($"a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:{Convert.ToBase64String([.. keys.Send.Master, .. keys.Send.Salt])}", again); // §7.1.4
    }

    [Fact]
    public void A_key_is_not_known_to_the_other_side()
    {
        var callee = new Side(Required);

        Assert.DoesNotContain("NzB4d1BINUAvLEw6UzF3WSJ", callee.Offer(Side.With(Samples.Yealink)), StringComparison.Ordinal);
        Assert.DoesNotContain("crypto", new Side().Offer(Side.With(Samples.Yealink)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_offer_may_change_between_clear_and_encrypted()
    {
        var (leg, other) = (Side.With(Samples.Sipp), Side.With(Samples.Sipp));
        leg.Answer(other);
        Assert.IsType<NoSecurity>(leg.Agreement.Security);

        leg.Reoffer(OfferAnswerTests.Sdp($"m=audio 4000 RTP/SAVP 0\na=crypto:{Key80}\n"));
        leg.Answer(other);
        Assert.IsType<Sdes>(leg.Agreement.Security);
        Assert.Equal(["m=audio 30000 RTP/SAVP 0"], Side.Lines(leg.Offer(other), "m="));

        leg.Reoffer(Samples.Sipp);
        leg.Answer(other);
        Assert.IsType<NoSecurity>(leg.Agreement.Security);
    }

    [Fact]
    public void Nobody_who_shows_an_agreement_shows_its_keys()
    {
        var leg = Side.With(Samples.Yealink);
        leg.Answer(Side.With(Samples.Sipp));

        Assert.DoesNotContain("Master", leg.Agreement.ToString(), StringComparison.Ordinal);
    }
}
