using System.Text;
using Microsoft.Extensions.Options;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Authentication;

public class DigestTests
{
    private const string Realm = "example.com";
    private readonly VirtualTime _time = new();
    private readonly DigestAuthenticator _digest;
    private readonly DigestCredentials _alice = DigestCredentials.Of("alice", Realm, "secret");

    public DigestTests() => _digest = new(_time, Options.Create(new DigestOptions { RememberedNonces = 64 }));

    private string Nonce(DigestPolicy policy = DigestPolicy.Md5) => Parameter(_digest.Challenge(Realm, policy)[0], "nonce");

    private static SipRequest Register(string authorization) => Request(Invite(method: "REGISTER", more: $"Authorization: {authorization}\n"));

    private static SipRequest Authorized(
        string nonce, uint count = 1, string password = "secret", string user = "alice", DigestHash hashedBy = DigestHash.Md5, bool qop = true, string suffix = "")
    {
        string hash(string text) => Hash(hashedBy, text);
        var ha1 = hash($"{user}:{Realm}:{password}");
        if (suffix.Length > 0) ha1 = hash($"{ha1}:{nonce}:cn");
        var ha2 = hash("REGISTER:sip:example.com");
        var response = qop ? hash($"{ha1}:{nonce}:{count:x8}:cn:auth:{ha2}") : hash($"{ha1}:{nonce}:{ha2}");
        var more = qop ? $", qop=auth, nc={count:x8}, cnonce=\"cn\"" : suffix.Length > 0 ? ", cnonce=\"cn\"" : "";
        return Register($"Digest username=\"{user}\", realm=\"{Realm}\", nonce=\"{nonce}\", uri=\"sip:example.com\", response=\"{response}\", algorithm={DigestHashes.Name(hashedBy)}{suffix}{more}");
    }

    private DigestResult Check(SipRequest request, DigestPolicy policy = DigestPolicy.Md5) => _digest.Check(request, Realm, policy, _alice);

    [Fact]
    public void The_right_password_is_ok_with_either_hash_with_and_without_qop_and_by_session()
    {
        Assert.Equal(DigestResult.Ok, Check(Authorized(Nonce())));
        Assert.Equal(DigestResult.Ok, Check(Authorized(Nonce(), qop: false)));
        Assert.Equal(DigestResult.Ok, Check(Authorized(Nonce(), suffix: "-sess")));
        Assert.Equal(DigestResult.Ok, Check(Authorized(Nonce(), hashedBy: DigestHash.Sha256), DigestPolicy.Sha256ThenMd5));
        Assert.Equal(DigestResult.Ok, Check(Authorized(Nonce(), hashedBy: DigestHash.Sha256, suffix: "-sess"), DigestPolicy.Sha256));
        Assert.Equal(DigestResult.Ok, Check(Authorized(Nonce(), hashedBy: DigestHash.Sha512256), DigestPolicy.Sha512256));
        Assert.Equal(DigestResult.Ok, Check(Authorized(Nonce(), hashedBy: DigestHash.Sha512256, suffix: "-sess"), DigestPolicy.StrongestFirst));
    }

    [Fact]
    public void The_wrong_password_and_the_unknown_user_are_wrong()
    {
        Assert.Equal(DigestResult.Wrong, Check(Authorized(Nonce(), password: "guess")));
        Assert.Equal(DigestResult.Wrong, _digest.Check(Authorized(Nonce()), Realm, DigestPolicy.Md5, null));
        Assert.Equal(DigestResult.Wrong, _digest.Check(Authorized(Nonce()), Realm, DigestPolicy.Md5, new(null, _alice.Sha256)));
        Assert.Equal(DigestResult.Wrong, _digest.Check(Authorized(Nonce()), Realm, DigestPolicy.Md5, new("", "")));
    }

    [Fact]
    public void An_answer_may_protect_the_body()
    {
        var body = "v=0\r\n";
        SipRequest With(string sent)
        {
            var nonce = Nonce();
            var a2 = Hash(DigestHash.Md5, $"INVITE:sip:bob@example.com:{Hash(DigestHash.Md5, body)}");
            var response = Hash(DigestHash.Md5, $"{_alice.Md5}:{nonce}:00000001:cn:auth-int:{a2}");
            return Request(Invite()).ToBuilder().Body(sent, "application/sdp").Add(
                "Authorization",
                $"Digest username=\"alice\", realm=\"{Realm}\", nonce=\"{nonce}\", uri=\"sip:bob@example.com\", response=\"{response}\", qop=auth-int, nc=00000001, cnonce=\"cn\"").Build();
        }

        Assert.Equal(DigestResult.Ok, Check(With(body)));
        Assert.Equal(DigestResult.Wrong, Check(With("v=1\r\n")));
        Assert.Contains("qop=\"auth\",", _digest.Challenge(Realm, DigestPolicy.Md5, stale: true)[0], StringComparison.Ordinal);
        var offering = new DigestAuthenticator(_time, Options.Create(new DigestOptions { OfferIntegrity = true }));
        Assert.Contains("qop=\"auth,auth-int\"", offering.Challenge(Realm, DigestPolicy.Md5)[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DigestHash.Md5)]
    [InlineData(DigestHash.Sha256)]
    [InlineData(DigestHash.Sha512256)]
    public void An_unknown_user_costs_as_much_work_as_a_wrong_password(DigestHash hash)
    {
        (DigestResult, long) Work(DigestCredentials? credentials)
        {
            var request = Authorized(Nonce(DigestPolicy.StrongestFirst), password: "guess", hashedBy: hash);
            var before = DigestMath.Hashed;
            return (_digest.Check(request, Realm, DigestPolicy.StrongestFirst, credentials), DigestMath.Hashed - before);
        }

        var (wrong, work) = Work(_alice);
        Assert.Equal((DigestResult.Wrong, work), Work(null));
        Assert.Equal((DigestResult.Wrong, work), Work(new(null, null)));
        Assert.Equal(DigestResult.Wrong, wrong);
        Assert.True(work > 100);
    }

    [Fact]
    public void A_hash_that_is_not_offered_counts_for_nothing()
    {
        Assert.Equal(DigestResult.Missing, Check(Authorized(Nonce(), hashedBy: DigestHash.Sha256)));
        Assert.Equal(DigestResult.Missing, Check(Authorized(Nonce()), DigestPolicy.Sha256));
        Assert.Equal(DigestResult.Missing, Check(Request(Invite(method: "REGISTER"))));
        Assert.Equal(DigestResult.Missing, Check(Register("Basic YTpi")));
        Assert.Equal(DigestResult.Missing, _digest.Check(Authorized(Nonce()), "other.example", DigestPolicy.Md5, _alice));
    }

    [Fact]
    public void A_nonce_grows_stale()
    {
        var nonce = Nonce();
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(DigestResult.Ok, Check(Authorized(nonce)));
        _time.Advance(1);
        Assert.Equal(DigestResult.Stale, Check(Authorized(nonce, 2)));
        Assert.Contains("stale=true", _digest.Challenge(Realm, DigestPolicy.Md5, stale: true)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_nonce_that_is_not_ours_or_was_changed_is_stale()
    {
        var nonce = Nonce();
        var changed = nonce[..^1] + (nonce[^1] == 'A' ? 'E' : 'A');

        Assert.Equal(DigestResult.Stale, Check(Authorized("dcd98b7102dd2f0e8b11d0f600bfb0c093")));
        Assert.Equal(DigestResult.Stale, Check(Authorized(changed)));
        Assert.Equal(DigestResult.Stale, Check(Authorized(Parameter(_digest.Challenge("other", DigestPolicy.Md5)[0], "nonce"))));
    }

    [Fact]
    public void A_count_works_once_and_may_come_late_within_a_window()
    {
        var nonce = Nonce();
        Assert.Equal(DigestResult.Ok, Check(Authorized(nonce, 1)));
        Assert.Equal(DigestResult.Replayed, Check(Authorized(nonce, 1)));
        Assert.Equal(DigestResult.Ok, Check(Authorized(nonce, 3)));
        Assert.Equal(DigestResult.Ok, Check(Authorized(nonce, 2)));
        Assert.Equal(DigestResult.Replayed, Check(Authorized(nonce, 2)));
        Assert.Equal(DigestResult.Ok, Check(Authorized(nonce, 100)));
        Assert.Equal(DigestResult.Replayed, Check(Authorized(nonce, 36)));
        Assert.Equal(DigestResult.Ok, Check(Authorized(nonce, 37)));
    }

    [Fact]
    public void An_answer_without_a_count_uses_its_nonce_up()
    {
        var nonce = Nonce();
        Assert.Equal(DigestResult.Ok, Check(Authorized(nonce, qop: false)));
        Assert.Equal(DigestResult.Replayed, Check(Authorized(nonce, qop: false)));
    }

    [Fact]
    public void A_used_nonce_that_was_forgotten_is_never_good_again()
    {
        var first = Nonce();
        Assert.Equal(DigestResult.Ok, Check(Authorized(first)));
        for (var number = 0; number < 1000; number++)
        {
            _time.Advance(1);
            Assert.Equal(DigestResult.Ok, Check(Authorized(Nonce())));
        }

        Assert.NotEqual(DigestResult.Ok, Check(Authorized(first)));
    }

    [Theory]
    [InlineData("Digest ")]
    [InlineData("Digest realm=\"example.com\"")]
    [InlineData("Digest username=\"alice\", realm=\"example.com\", nonce=\"x\", uri=\"u\", response=\"r\", qop=auth")]
    [InlineData("Digest username=\"alice\", realm=\"example.com\", nonce=\"x\", uri=\"u\", response=\"r\", qop=auth-more, nc=00000001, cnonce=\"c\"")]
    [InlineData("Digest username=\"alice\", realm=\"example.com\", nonce=\"x\", uri=\"u\", response=\"r\", qop=auth, nc=zzzzzzzz, cnonce=\"c\"")]
    [InlineData("Digest realm=\"example.com\", username=\"alice")]
    public void What_can_not_be_read_is_malformed_or_nothing(string authorization) =>
        Assert.Contains(Check(Register(authorization)), (DigestResult[])[DigestResult.Malformed, DigestResult.Missing]);

    [Fact]
    public void An_answer_that_is_far_too_long_is_malformed() => Assert.Equal(
        DigestResult.Malformed,
        Check(Register($"Digest username=\"alice\", realm=\"{Realm}\", nonce=\"{Nonce()}\", uri=\"{new string('u', 5000)}\", response=\"{new string('0', 32)}\"")));

    [Fact]
    public void The_user_can_be_read_before_anything_is_checked()
    {
        Assert.True(DigestAuthenticator.TryGetUsername(Authorized("x", user: "alice"), Realm, out var user));
        Assert.Equal("alice", user);
        Assert.True(DigestAuthenticator.TryGetUsername(Register("Digest username=\"a\\\"b\", realm=\"example.com\""), Realm, out user));
        Assert.Equal("a\"b", user);
        Assert.False(DigestAuthenticator.TryGetUsername(Authorized("x"), "other", out _));
    }

    [Fact]
    public void Challenges_come_in_the_policys_order()
    {
        Assert.Equal(["MD5"], Algorithms(DigestPolicy.Md5));
        Assert.Equal(["SHA-256", "MD5"], Algorithms(DigestPolicy.Sha256ThenMd5));
        Assert.Equal(["MD5", "SHA-256"], Algorithms(DigestPolicy.Md5ThenSha256));
        Assert.Equal(["SHA-512-256"], Algorithms(DigestPolicy.Sha512256));
        Assert.Equal(["SHA-512-256", "SHA-256", "MD5"], Algorithms(DigestPolicy.StrongestFirst));
        Assert.NotEqual(Nonce(), Nonce());
        Assert.Throws<ArgumentException>(() => _digest.Challenge("a\"b", DigestPolicy.Md5));

        IEnumerable<string> Algorithms(DigestPolicy policy) => _digest.Challenge(Realm, policy).Select(challenge => challenge.Split("algorithm=")[1].Split(',')[0]);
    }

    [Theory] // RFC 2617 §3.5, RFC 7616 §3.9.1
    [InlineData("GET", "testrealm@host.com", "Circle Of Life", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "0a4f113b", DigestHash.Md5, "6629fae49393a05397450978507c4ef1")]
    [InlineData("GET", "http-auth@example.org", "Circle of Life", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", DigestHash.Md5, "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("GET", "http-auth@example.org", "Circle of Life", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", DigestHash.Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void The_hashes_are_those_of_the_rfcs(string method, string realm, string password, string nonce, string cnonce, DigestHash hash, string expected)
    {
        var ha1 = Hash(hash, $"Mufasa:{realm}:{password}");
        Assert.True(DigestView.TryParse(
            Encoding.ASCII.GetBytes($"Digest username=\"Mufasa\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"/dir/index.html\", qop=auth, nc=00000001, cnonce=\"{cnonce}\", response=\"x\""),
            out var view, out var isWhole));
        var response = new byte[64];

        Assert.True(isWhole);
        Assert.True(DigestMath.TryRespond(view, Encoding.ASCII.GetBytes(method), default, hash, isSession: false, Encoding.ASCII.GetBytes(ha1), response));
        Assert.Equal(expected, Encoding.ASCII.GetString(response).TrimEnd('\0'));
    }

    private static string Parameter(string challenge, string name) => challenge.Split(name + "=\"")[1].Split('"')[0];

    private static string Hash(DigestHash hash, string text)
    {
        var hex = new byte[DigestHashes.HexLength(hash)];
        DigestMath.Hash(Encoding.UTF8.GetBytes(text), hex, hash);
        return Encoding.ASCII.GetString(hex);
    }
}
