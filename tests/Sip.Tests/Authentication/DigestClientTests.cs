using System.Text;
using Microsoft.Extensions.Options;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Authentication;

public class DigestClientTests
{
    private const string CNonce = "0a4f113b";
    private readonly VirtualTime _time = new();
    private readonly IReadOnlyList<DigestAccount> _accounts = [new("alice", "secret")];
    private readonly SipRequest _request = Request(Invite()).ToBuilder().Body("v=0\r\n", "application/sdp").Build();

    private static SipResponse Response(int status, params (string Name, string Value)[] fields)
    {
        var builder = SipResponse.For(Request(Invite()), status);
        foreach (var (name, value) in fields) builder.Add(name, value);
        return builder.Build();
    }

    private static SipResponse Unauthorized(params string[] challenges) => Response(401, [.. challenges.Select(value => ("WWW-Authenticate", value))]);

    private static string Challenge(string realm = "example.com", string nonce = "n1", string more = ", qop=\"auth\"") => $"Digest realm=\"{realm}\", nonce=\"{nonce}\"{more}";

    private DigestRetry? Answer(SipResponse response, DigestRetry? before = null) =>
        DigestClient.Answer(before?.Request ?? _request, response, before?.Answers ?? DigestAnswers.None, _accounts, CNonce);

    private static string Authorization(DigestRetry? retry) => Assert.Single(retry!.Request.Headers("Authorization"));

    [Theory] // RFC 2617 §3.5, RFC 7616 §3.9.1; the last one worked out by OpenSSL
    [InlineData("testrealm@host.com", "Circle Of Life", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "0a4f113b", DigestHash.Md5, "6629fae49393a05397450978507c4ef1")]
    [InlineData("http-auth@example.org", "Circle of Life", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", DigestHash.Md5, "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("http-auth@example.org", "Circle of Life", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", DigestHash.Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    [InlineData("http-auth@example.org", "Circle of Life", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", DigestHash.Sha512256, "430d05014cecc49cab6fbe03176d41a1da86cbfe24a16580e22aaad928d960d0")]
    public void The_answers_are_those_of_the_rfcs(string realm, string password, string nonce, string cnonce, DigestHash hash, string expected)
    {
        var challenge = new DigestChallenge(false, realm, nonce, "op", hash, IsSession: false, "auth", IsStale: false);

        var credentials = DigestClient.Credentials("GET"u8, "/dir/index.html", default, new(challenge, cnonce, 1), new("Mufasa", password));

        Assert.Equal(
            $"Digest username=\"Mufasa\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"/dir/index.html\", response=\"{expected}\", algorithm={DigestHashes.Name(hash)}, " +
            $"qop=auth, nc=00000001, cnonce=\"{cnonce}\", opaque=\"op\"",
            credentials);
    }

    [Fact]
    public void A_challenged_request_is_sent_again_as_it_was_with_the_next_CSeq()
    {
        var retry = Answer(Unauthorized(Challenge()))!;

        Assert.Equal(_request.CSeq.Number + 1, retry.Request.CSeq.Number);
        Assert.Equal((_request.CallId, _request.From.Tag, $"{_request.RequestUri}"), (retry.Request.CallId, retry.Request.From.Tag, $"{retry.Request.RequestUri}"));
        Assert.Equal(_request.Body.ToArray(), retry.Request.Body.ToArray());
        Assert.Contains("nc=00000001", Authorization(retry), StringComparison.Ordinal);
        Assert.Contains($"uri=\"{_request.RequestUri}\"", Authorization(retry), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DigestPolicy.Md5, false)]
    [InlineData(DigestPolicy.Sha256ThenMd5, false)]
    [InlineData(DigestPolicy.StrongestFirst, false)]
    [InlineData(DigestPolicy.StrongestFirst, true)]
    public void What_we_answer_our_own_server_takes_and_the_nonce_again_with_the_next_count(DigestPolicy policy, bool integrity)
    {
        var server = new DigestAuthenticator(_time, Options.Create(new DigestOptions { OfferIntegrity = integrity }));
        DigestResult Check(SipRequest request) => server.Check(request, "example.com", policy, DigestCredentials.Of("alice", "example.com", "secret"));
        var challenges = server.Challenge("example.com", policy);

        var first = Answer(Unauthorized([.. challenges]))!;
        var second = DigestClient.Authorize(Request(Invite(branch: "z9hG4bK2")), first.Answers, _accounts);
        var third = DigestClient.Authorize(Request(Invite(branch: "z9hG4bK3")), second.Answers, _accounts);

        Assert.Equal([DigestResult.Ok, DigestResult.Ok, DigestResult.Ok], new[] { first, second, third }.Select(retry => Check(retry.Request)));
        Assert.Contains("nc=00000003", Authorization(third), StringComparison.Ordinal);
        Assert.Equal(DigestResult.Replayed, Check(third.Request));
    }

    [Fact]
    public void The_body_is_protected_where_that_is_all_that_is_offered()
    {
        var retry = Answer(Unauthorized(Challenge(more: ", qop=\"auth-int\"")));
        var server = new DigestAuthenticator(_time, Options.Create(new DigestOptions()));
        var own = Answer(Unauthorized(server.Challenge("example.com", DigestPolicy.Md5)[0].Replace("\"auth\"", "\"auth-int\"", StringComparison.Ordinal)))!.Request;
        var credentials = DigestCredentials.Of("alice", "example.com", "secret");

        Assert.Contains("qop=auth-int", Authorization(retry), StringComparison.Ordinal);
        Assert.Equal(DigestResult.Ok, server.Check(own, "example.com", DigestPolicy.Md5, credentials));
        Assert.Equal(DigestResult.Wrong, server.Check(own.ToBuilder().Body("v=1\r\n", "application/sdp").Build(), "example.com", DigestPolicy.Md5, credentials));
    }

    [Fact]
    public void The_strongest_hash_that_we_know_is_answered()
    {
        var retry = Answer(Unauthorized(
            Challenge(nonce: "a", more: ", algorithm=MD5"), Challenge(nonce: "b", more: ", algorithm=SHA-256-sess, qop=\"auth\""), Challenge(nonce: "c", more: ", algorithm=SHA3-512")));

        Assert.Contains("nonce=\"b\"", Authorization(retry), StringComparison.Ordinal);
        Assert.Contains("algorithm=SHA-256-sess", Authorization(retry), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_realm_is_answered_with_its_account_and_a_later_one_keeps_the_first()
    {
        IReadOnlyList<DigestAccount> accounts = [new("a1", "s1", "one"), new("a2", "s2", "two"), new("a3", "s3", "three")];
        var both = DigestClient.Answer(
            _request, Response(407, ("Proxy-Authenticate", Challenge("one")), ("WWW-Authenticate", Challenge("two"))), DigestAnswers.None, accounts, CNonce)!;
        var third = DigestClient.Answer(both.Request, Response(407, ("Proxy-Authenticate", Challenge("three"))), both.Answers, accounts, CNonce)!;

        Assert.Contains("username=\"a1\"", Assert.Single(both.Request.Headers("Proxy-Authorization")), StringComparison.Ordinal);
        Assert.Contains("username=\"a2\"", Authorization(both), StringComparison.Ordinal);
        Assert.Equal(["a1", "a3"], third.Request.Headers("Proxy-Authorization").Select(value => value.Split('"')[1]));
        Assert.Contains("username=\"a2\"", Authorization(third), StringComparison.Ordinal);
        Assert.Equal(_request.CSeq.Number + 2, third.Request.CSeq.Number);
    }

    [Fact]
    public void A_realm_without_an_account_is_left_alone()
    {
        Assert.Null(DigestClient.Answer(_request, Unauthorized(Challenge("one")), DigestAnswers.None, [new("a", "s", "two")], CNonce));
        Assert.Null(DigestClient.Answer(_request, Unauthorized(Challenge("one")), DigestAnswers.None, [], CNonce));
    }

    [Fact]
    public void A_refused_password_is_not_tried_again()
    {
        var first = Answer(Unauthorized(Challenge(nonce: "n1")))!;

        Assert.Null(Answer(Unauthorized(Challenge(nonce: "n2")), first));
        Assert.Null(Answer(Unauthorized(Challenge(nonce: "n1")), first));
        Assert.Null(Answer(Unauthorized(Challenge(nonce: "n1", more: ", stale=true")), first));
    }

    [Fact]
    public void A_stale_nonce_is_answered_anew_but_not_for_ever()
    {
        var retry = Answer(Unauthorized(Challenge(nonce: "n0")));
        var answered = 0;
        for (; retry is not null; answered++) retry = Answer(Unauthorized(Challenge(nonce: $"n{answered + 1}", more: ", qop=\"auth\", stale=TRUE")), retry);

        Assert.Equal(DigestClient.MaxTries, answered);
    }

    [Fact]
    public void A_nonce_that_was_good_before_may_have_grown_old_unsaid()
    {
        var good = Answer(Unauthorized(Challenge(nonce: "n1")))!;
        var later = DigestClient.Authorize(_request, good.Answers, _accounts);

        var again = Answer(Unauthorized(Challenge(nonce: "n2")), later);

        Assert.Contains("nonce=\"n2\"", Authorization(again), StringComparison.Ordinal);
        Assert.Contains("nc=00000001", Authorization(again), StringComparison.Ordinal);
        Assert.Null(Answer(Unauthorized(Challenge(nonce: "n3")), again));
    }

    [Fact]
    public void A_request_goes_out_as_it_is_when_nothing_was_asked_yet() =>
        Assert.Equal(_request.Wire.ToArray(), DigestClient.Authorize(_request, DigestAnswers.None, _accounts).Request.Wire.ToArray());

    [Theory]
    [InlineData("Basic realm=\"x\"")]
    [InlineData("Digest")]
    [InlineData("Digest realm=\"x\"")]
    [InlineData("Digest nonce=\"x\"")]
    [InlineData("Digest realm=\"x\", nonce=a\"b")]
    [InlineData("Digest realm=\"x\", nonce=\"a\"b\"")]
    [InlineData("Digest realm=\"x\", nonce=\"y\", qop=\"auth-more\"")]
    [InlineData("Digest realm=\"x\", nonce=\"y\", algorithm=SHA3-512")]
    [InlineData("Digest realm=\"x\", nonce=\"y")]
    public void A_challenge_that_we_can_not_answer_is_none(string challenge) => Assert.Null(Answer(Unauthorized(challenge)));

    [Fact]
    public void A_challenge_that_is_far_too_long_is_none() => Assert.Null(Answer(Unauthorized(Challenge(nonce: new string('n', 5000)))));

    [Fact]
    public void Other_responses_are_not_answered() => Assert.Null(Answer(Response(403, ("WWW-Authenticate", Challenge()))));

    [Fact]
    public void Quotes_in_a_username_stay_within_it()
    {
        var retry = DigestClient.Answer(_request, Unauthorized(Challenge()), DigestAnswers.None, [new("a\"b", "secret")], CNonce)!;

        Assert.True(DigestAuthenticator.TryGetUsername(retry.Request, "example.com", out var username));
        Assert.Equal("a\"b", username);
    }

    [Fact]
    public void Passwords_stay_out_of_texts()
    {
        Assert.DoesNotContain("secret", _accounts[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(16, Encoding.ASCII.GetByteCount(DigestClient.NewCNonce()));
    }
}
