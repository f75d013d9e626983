using static Telephony.Sip.OwnRegistrationStatus;

namespace Telephony.Sip.Tests;

/// <summary>RFC 3261 §10.2 and RFC 5626 §4.5: our registrations with other registrars, without I/O.</summary>
public class RegistrationClientTests
{
    private static readonly RegistrationAccount Account = new(
        "sip:provider.example", "sip:3212345@provider.example", "sip:trunk1@192.0.2.10:5060", 3600, ["<sip:proxy.provider.example;lr>"], [new("3212345", "secret")]);

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private DateTimeOffset _now = Start;
    private OwnRegistration _registration;
    private SipRequest? _sent;

    public RegistrationClientTests()
    {
        var step = RegistrationClient.Begin(Account, "call-1", "tag1", _now);
        (_registration, _sent) = (step.Registration, step.Send);
    }

    private void Take(OwnRegistrationStep step) => (_registration, _sent) = (step.Registration, step.Send);

    private void Answer(int status, double random = 0.5, params (string Name, string Value)[] fields)
    {
        var response = SipResponse.For(_registration.InFlight ?? _sent!, status, toTag: "r");
        foreach (var (name, value) in fields) response.Add(name, value);
        Take(RegistrationClient.Answered(Account, _registration, response.Build(), "cnonce1", random, _now));
    }

    private void Ok(uint expires = 3600, double random = 0.5) => Answer(200, random, ("Contact", $"<sip:other@192.0.2.77>;expires=9, <sip:trunk1@192.0.2.10:5060>;expires={expires}"));

    private void Wait(double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        Take(RegistrationClient.Elapsed(Account, _registration, _now));
    }

    private double Due => (_registration.DueAt - _now).TotalSeconds;

    [Fact]
    public void The_request_names_the_domain_the_account_and_the_contact()
    {
        Assert.Equal("sip:provider.example", _sent!.RequestUri.ToString());
        Assert.Equal(("sip:3212345@provider.example", "tag1"), (_sent.From.Uri.ToString(), _sent.From.Tag));
        Assert.Equal("sip:3212345@provider.example", _sent.To.Uri.ToString());
        Assert.Equal("<sip:trunk1@192.0.2.10:5060>", _sent.Header("Contact"));
        Assert.Equal((3600u, 1u, "call-1"), (_sent.Expires, _sent.CSeq.Number, _sent.CallId));
        Assert.Equal("<sip:proxy.provider.example;lr>", _sent.Header("Route"));
    }

    [Theory]
    [InlineData(0.0, 2520)]
    [InlineData(0.5, 2880)]
    [InlineData(1.0, 3240)]
    public void It_is_refreshed_some_time_before_its_end(double random, int seconds)
    {
        Ok(random: random);
        Assert.Equal((Registered, Start.AddHours(1)), (_registration.Status, _registration.ExpiresAt));
        Wait(seconds - 1);
        Assert.Null(_sent);

        Wait(2);

        Assert.Equal(("call-1", 2u, Registered), (_sent!.CallId, _sent.CSeq.Number, _registration.Status));
        Wait(3_000);
        Assert.Null(_sent); // one at a time (§10.2)
    }

    [Theory]
    [InlineData("Contact", "<sip:TRUNK@nat.example>;expires=60", 60)] // written anew, and the only one
    [InlineData("Contact", "<sip:trunk1@192.0.2.10:5060>", 3600)]
    [InlineData("Expires", "120", 120)]
    [InlineData("Subject", "nothing", 3600)]
    [InlineData("Contact", "<sip:trunk1@192.0.2.10:5060>;expires=4294967295", 86400)]
    [InlineData("Contact", "<sip:trunk1@192.0.2.10:5060>;expires=soon", 3600)]
    public void The_registrar_says_for_how_long(string field, string value, int seconds)
    {
        Answer(200, 0.5, (field, value));

        Assert.Equal(Start.AddSeconds(seconds), _registration.ExpiresAt);
    }

    [Fact]
    public void A_grant_of_no_time_is_a_failure()
    {
        Ok(expires: 0);

        Assert.Equal((OwnRegistrationStatus.Failed, null), (_registration.Status, _registration.ExpiresAt));
    }

    [Theory]
    [InlineData(401, "WWW-Authenticate", "Authorization")]
    [InlineData(407, "Proxy-Authenticate", "Proxy-Authorization")]
    public void A_challenge_is_answered_and_the_nonce_used_again_for_the_refresh(int status, string challenge, string credentials)
    {
        Answer(status, 0.5, (challenge, "Digest realm=\"p\", nonce=\"n1\", qop=\"auth\", algorithm=MD5"));
        Assert.Contains("nc=00000001", _sent!.Header(credentials), StringComparison.Ordinal);
        Assert.Equal(2u, _sent.CSeq.Number);
        Ok();

        Wait(2_900);

        Assert.Contains("nc=00000002", _sent!.Header(credentials), StringComparison.Ordinal);
        Assert.Equal(3u, _sent.CSeq.Number);
    }

    [Fact]
    public void A_wrong_password_is_not_tried_again_before_half_an_hour()
    {
        Answer(401, 0.5, ("WWW-Authenticate", "Digest realm=\"p\", nonce=\"n1\", qop=\"auth\""));
        Answer(401, 0.5, ("WWW-Authenticate", "Digest realm=\"p\", nonce=\"n2\", qop=\"auth\""));

        Assert.Null(_sent);
        Assert.Equal((Refused, 1800.0), (_registration.Status, Due));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public void Who_is_not_welcome_asks_seldom(int status)
    {
        Answer(status);

        Assert.Equal((Refused, 1800.0, status), (_registration.Status, Due, _registration.LastStatus));
    }

    [Fact]
    public void A_registrar_that_wants_longer_ones_gets_them_but_does_not_lead_us_on_for_ever()
    {
        for (var more = 1; more <= 3; more++)
        {
            Answer(423, 0.5, ("Min-Expires", (3600 + more).ToString(System.Globalization.CultureInfo.InvariantCulture)));
            Assert.Equal((uint)(3600 + more), _sent!.Expires);
        }

        Answer(423, 0.5, ("Min-Expires", "7200"));
        Assert.Null(_sent);
        Assert.Equal(OwnRegistrationStatus.Failed, _registration.Status);
    }

    [Theory]
    [InlineData("100")] // less than we asked for
    [InlineData("4000000000")]
    public void A_423_that_makes_no_sense_is_a_failure(string least)
    {
        Answer(423, 0.5, ("Min-Expires", least));

        Assert.Null(_sent);
    }

    [Fact]
    public void It_is_tried_again_ever_more_seldom_up_to_half_an_hour_RFC5626_4_5()
    {
        var waits = new List<double>();
        for (var time = 0; time < 9; time++)
        {
            Answer(503, random: time % 2);
            waits.Add(Due);
            Wait(Due);
            Assert.NotNull(_sent);
        }

        Assert.Equal([15, 60, 60, 240, 240, 960, 900, 1800, 900], waits); // half of it, and all of it, in turns
        Ok();
        Wait(2_900);
        _registration = _registration with { ExpiresAt = _now };
        Answer(408, random: 0);
        Assert.Equal(15, Due); // counted anew
    }

    [Fact]
    public void A_registrar_that_says_when_is_not_asked_before()
    {
        Answer(503, 0.5, ("Retry-After", "600"));
        Assert.Equal(600, Due);
        Wait(600);
        Answer(500, 0.5, ("Retry-After", "4000000000"));
        Assert.Equal(86_400, Due);
    }

    [Fact]
    public void A_refresh_that_fails_takes_nothing_away_before_its_time()
    {
        Ok(expires: 100);
        Wait(80);
        Answer(408);
        Assert.Equal((Registered, 10.0), (_registration.Status, Due));
        Wait(10);
        Answer(408);
        Assert.Equal((Registered, 5.0), (_registration.Status, Due));

        Wait(11);

        Assert.Equal(Registering, _registration.Status);
        Assert.Null(_registration.ExpiresAt);
        Assert.NotNull(_sent);
    }

    [Fact]
    public void A_connection_that_is_gone_is_made_again_soon()
    {
        Ok();
        Take(RegistrationClient.FlowLost(_registration, 1, _now));
        Assert.Equal((OwnRegistrationStatus.Failed, null, 30.0), (_registration.Status, _registration.ExpiresAt, Due));

        Wait(30);
        Ok();

        Assert.Equal(Registered, _registration.Status);
    }

    [Fact]
    public void The_service_route_is_the_last_responses_RFC3608_6()
    {
        Answer(200, 0.5, ("Service-Route", "<sip:p1.example;lr>, <sip:p2.example;lr>"));
        Assert.Equal(["<sip:p1.example;lr>", "<sip:p2.example;lr>"], _registration.ServiceRoute.AsEnumerable());
        Wait(2_900);
        Assert.Equal("<sip:proxy.provider.example;lr>", _sent!.Header("Route")); // not for REGISTER (§5)
        Ok();

        Assert.Empty(_registration.ServiceRoute);
    }

    [Fact]
    public void It_is_taken_back_after_the_request_in_flight_and_with_credentials()
    {
        Take(RegistrationClient.Unregister(Account, _registration));
        Assert.Null(_sent);
        Ok();
        Assert.Equal((0u, Unregistering), (_sent!.Expires, _registration.Status));
        Answer(401, 0.5, ("WWW-Authenticate", "Digest realm=\"p\", nonce=\"n1\", qop=\"auth\""));
        Assert.Equal(0u, _sent!.Expires);
        Assert.NotNull(_sent.Header("Authorization"));
        Answer(200);

        Assert.Equal((Ended, null), (_registration.Status, _registration.ExpiresAt));
        Wait(100_000);
        Assert.Null(_sent);
        Take(RegistrationClient.Unregister(Account, _registration));
        Assert.Null(_sent);
    }

    [Fact]
    public void Answers_to_other_requests_are_passed_over()
    {
        var first = _sent!;
        Answer(503);
        Wait(100);
        Take(RegistrationClient.Answered(Account, _registration, SipResponse.For(first, 200).Build(), "c", 0, _now));
        Assert.Equal(Registering, _registration.Status);

        Answer(100);
        Assert.NotNull(_registration.InFlight);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_a_registrar_answers_there_is_one_request_at_a_time_and_no_storm(int seed)
    {
        var random = new Random(seed);
        int[] statuses = [100, 200, 200, 301, 400, 401, 403, 407, 408, 423, 500, 503, 600];
        var sent = 0;
        for (var turn = 0; turn < 5_000; turn++)
        {
            if (_registration.InFlight is not null && random.Next(3) > 0)
            {
                Answer(statuses[random.Next(statuses.Length)], random.NextDouble(),
                    ("Min-Expires", random.Next(8000).ToString(System.Globalization.CultureInfo.InvariantCulture)),
                    ("Expires", random.Next(200).ToString(System.Globalization.CultureInfo.InvariantCulture)),
                    ("WWW-Authenticate", $"Digest realm=\"p\", nonce=\"n{random.Next(5)}\", qop=\"auth\", stale={(random.Next(2) == 0 ? "true" : "false")}"));
            }
            else
            {
                Wait(random.Next(3));
            }

            if (_sent is not null) sent++;
            Assert.True(_sent is null || _sent == _registration.InFlight);
        }

        Assert.True(sent * 2 <= 40 + (_now - Start).TotalSeconds * 3, $"{sent} requests in {_now - Start}");
    }
}
