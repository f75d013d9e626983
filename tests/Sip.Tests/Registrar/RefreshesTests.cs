using static Telephony.Sip.Tests.AllocationTests;

namespace Telephony.Sip.Tests;

/// <summary>The registrations that the edge refreshes by itself (RFC 3261 §10.2.4, §10.3).</summary>
public sealed class RefreshesTests : IAsyncDisposable
{
    private const string Owner = "tenant/601";
    private const string Realm = "example.com";

    private readonly Accounts _accounts = new();
    private readonly EdgeFixture _edge;
    private readonly FakeChannel _phone = new();
    private string _nonce = "";
    private int _cseq;

    public RefreshesTests()
    {
        _edge = new(accounts: _accounts);
        _edge.OnRequestDo = input => _edge.Edge.Respond(input.Transaction, SipResponse.For(input.Request, 599).Build()); // the long way
    }

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    [Fact]
    public void A_refresh_is_challenged_and_granted_without_its_owner()
    {
        Registered();

        var challenge = Ask(Register(credentials: false));
        var granted = Ask(Register());

        Assert.Equal(401, challenge.Status);
        Assert.Contains("algorithm=MD5, qop=\"auth\"", challenge.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal(200, granted.Status);
        Assert.Equal("<sip:601@192.0.2.1:5060>;expires=600", granted.Header("Contact"));
        Assert.NotNull(granted.To.Tag);
        Assert.Contains("rport=5060;received=192.0.2.1", granted.Header("Via"), StringComparison.Ordinal);
        Assert.Empty(_edge.Heard<SipRequestReceived>());
    }

    [Theory] // RFC 7616 §3.3
    [InlineData(DigestPolicy.Sha256, 401, "algorithm=SHA-256, ")]
    [InlineData(DigestPolicy.Sha256ThenMd5, 599, null)] // several challenges: the long way
    public void A_phone_is_challenged_for_the_hash_that_its_account_asks_for(DigestPolicy policy, int status, string? algorithm)
    {
        _accounts.Policy = policy;
        Registered();

        var challenge = Ask(Register(credentials: false));

        Assert.Equal(status, challenge.Status);
        Assert.Contains(algorithm ?? "", challenge.Header("WWW-Authenticate") ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_gets_the_same_answer_though_its_nonce_count_was_used()
    {
        Registered();
        var refresh = Register();

        var (first, copy) = (Ask(refresh), Ask(refresh));

        Assert.Equal((200, first.ToString()), (copy.Status, copy.ToString()));
    }

    [Theory]
    [InlineData("a replayed answer")]
    [InlineData("an earlier CSeq")]
    [InlineData("a wrong password")]
    [InlineData("another contact")]
    [InlineData("an end of the registration")]
    [InlineData("an extension")]
    [InlineData("another phone")]
    [InlineData("the time after its end")]
    [InlineData("a changed password")]
    [InlineData("an account that is gone")]
    [InlineData("what the owner took back")]
    public void Everything_else_goes_the_long_way(string what)
    {
        Registered();
        var refresh = Register();
        Assert.Equal(200, Ask(refresh).Status);
        var from = _phone;
        var ask = what switch
        {
            "a replayed answer" => refresh.Replace("CSeq: 2", "CSeq: 9", StringComparison.Ordinal).Replace("z9hG4bK", "z9hG4bKother", StringComparison.Ordinal),
            "an earlier CSeq" => Register(cseq: 1),
            "a wrong password" => Register(password: "guess"),
            "another contact" => Register(contact: "<sip:601@198.51.100.9>"),
            "an end of the registration" => Register(expires: 0),
            "an extension" => Register(more: "Require: path\n"),
            _ => Register(),
        };
        if (what == "another phone") from = new(SipTransport.Tcp);
        if (what == "the time after its end") _edge.Time.Advance(TimeSpan.FromSeconds(601));
        if (what == "a changed password") _accounts.Password = "new";
        if (what == "an account that is gone") _accounts.Password = null;
        if (what == "what the owner took back") _edge.Edge.Forget(Owner);

        Assert.Equal(599, Ask(ask, from).Status);
        Assert.Single(_edge.Heard<SipRequestReceived>());
    }

    [Fact]
    public void The_owner_hears_of_refreshes_once_half_of_what_it_knows_is_used_up()
    {
        Registered();
        _edge.Time.Advance(TimeSpan.FromSeconds(200));
        Ask(Register());
        _edge.Time.Advance(TimeSpan.FromSeconds(10));
        var early = _edge.Heard<SipRefreshed>();

        _edge.Time.Advance(TimeSpan.FromSeconds(100));
        _nonce = Nonce();
        Ask(Register());
        var asked = _edge.Time.GetUtcNow();
        _edge.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Empty(early);
        Assert.Equal([new SipRefreshed("sip", Owner, _phone.Flow, 3, asked.AddSeconds(600))], _edge.Heard<SipRefreshed>());
    }

    [Fact]
    public void The_owner_hears_of_it_in_time_when_the_phone_does_not_come_back()
    {
        Registered();
        _edge.Time.Advance(TimeSpan.FromSeconds(200));
        Ask(Register());

        _edge.Time.Advance(TimeSpan.FromSeconds(399)); // a second before the end that the owner knows

        Assert.Single(_edge.Heard<SipRefreshed>());
    }

    [Fact]
    public async Task The_owner_hears_of_it_before_the_edge_stops()
    {
        Registered();
        _edge.Time.Advance(TimeSpan.FromSeconds(20));
        Ask(Register());

        await _edge.Edge.DisposeAsync();

        Assert.Equal(_edge.Time.GetUtcNow().AddSeconds(600), Assert.Single(_edge.Heard<SipRefreshed>()).ExpiresAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_refresh_leaves_no_garbage(bool hasCredentials)
    {
        var phone = new CountingChannel();
        Registered();
        var asks = new Queue<byte[]>(Enumerable.Range(0, 3 * Rounds + 1).Select(_ => TestMessages.Bytes(Register(hasCredentials))));

        var allocated = Allocated(() => _edge.Edge.Receiver.OnMessage(asks.Dequeue(), phone));

        Assert.Equal(0, allocated);
        Assert.Equal(3 * Rounds + 1, phone.Sent);
        Assert.Empty(_edge.Heard<SipRequestReceived>());
    }

    /// <summary>The owner accepted a first REGISTER, and leaves the next ones to the edge.</summary>
    private void Registered()
    {
        _nonce = Nonce();
        var request = TestMessages.Request(Register());
        var now = _edge.Time.GetUtcNow();
        var result = Registrar.Apply([], request, _phone.Flow, now, RegistrarLimits.Default);
        _edge.Edge.Remember(new(Owner, request, result.Respond(request).Build(), _phone.Flow, result.Bindings[0].ExpiresAt, now));
    }

    private string Nonce() => _edge.Digest.Challenge(Realm, DigestPolicy.Md5)[0].Split("nonce=\"")[1].Split('"')[0];

    private SipResponse Ask(string register, FakeChannel? from = null)
    {
        from ??= _phone;
        _edge.Receive(register, from);
        return Assert.Single(from.Responses());
    }

    private string Register(
        bool credentials = true, int cseq = 0, string password = "secret", string contact = "<sip:601@192.0.2.1:5060>", int expires = 600, string more = "")
    {
        var number = ++_cseq;
        var count = $"{number:x8}";
        var response = Md5($"{Md5($"601:{Realm}:{password}")}:{_nonce}:{count}:cn:auth:{Md5($"REGISTER:sip:{Realm}")}");
        var authorization =
            $"Authorization: Digest username=\"601\", realm=\"{Realm}\", nonce=\"{_nonce}\", uri=\"sip:{Realm}\", response=\"{response}\", algorithm=MD5, qop=auth, nc={count}, cnonce=\"cn\"\n";
        return $"""
            REGISTER sip:{Realm} SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK{number};rport
            Max-Forwards: 70
            From: <sip:601@{Realm}>;tag=f{number}
            To: <sip:601@{Realm}>
            Call-ID: register
            CSeq: {(cseq == 0 ? number : cseq)} REGISTER
            Contact: {contact}
            Expires: {expires}
            {more}{(credentials ? authorization : "")}Content-Length: 0


            """;
    }

    private static string Md5(string text)
    {
        Span<byte> hex = stackalloc byte[DigestHashes.MaxHex];
        DigestMath.Hash(System.Text.Encoding.UTF8.GetBytes(text), hex, DigestHash.Md5);
        return System.Text.Encoding.ASCII.GetString(hex[..32]);
    }

    private sealed class Accounts : ISipAccounts
    {
        private SipAccount? _account;

        public DigestPolicy Policy { get; set; } = DigestPolicy.Md5;

        public string? Password
        {
            get;
            set => (field, _account) = (value, null);
        } = "secret";

        public bool TryFind(string domain, string username, out SipAccount account)
        {
            account = _account ??= new("601", Realm, Policy, Md5($"601:{Realm}:{Password}"), null);
            return Password is not null && (domain, username) == (Realm, "601");
        }
    }
}
