using System.Net;

namespace Telephony.Sip.Tests.Resolution;

/// <summary>What is remembered and for how long (RFC 1035 §7.3, 2308, 8767), under a clock of the test.</summary>
public sealed class DnsResolverTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly SipMetrics _metrics = new(() => 0, () => 0, () => 0);
    private readonly DnsOptions _options = new() { Servers = "192.0.2.53", Attempts = 1 };
    private readonly string _hosts = Path.GetTempFileName();
    private readonly FakeExchange _exchange = new(Zone.Of("a.example 60 A 192.0.2.1\nexample 3600 SOA 40"));
    private DnsResolver? _resolver;

    private DnsResolver Resolver => _resolver ??= new(new(_time, _hosts), new(new(_options, _time), _exchange, _options, _time, _metrics), _options, _time);

    private int Asked => _exchange.Asked.Count;

    private Task<DnsAnswer> Start(string name, DnsType type = DnsType.A) => Resolver.Ask(new(name, type), CancellationToken.None).AsTask();

    private Task<DnsAnswer> Ask(string name, DnsType type = DnsType.A) => _time.Until(Start(name, type));

    private async Task<string> Text(string name, DnsType type = DnsType.A)
    {
        var answer = await Ask(name, type);
        return answer.Outcome == DnsOutcome.Found ? string.Join(' ', answer.Records.OfType<AddressRecord>().Select(record => record.Address)) : answer.Outcome.ToString();
    }

    [Fact]
    public async Task An_answer_is_good_until_its_ttl_is_over()
    {
        Assert.Equal("192.0.2.1", await Text("a.example"));
        _time.Advance(TimeSpan.FromSeconds(58));
        Assert.Equal("192.0.2.1", await Text("a.example"));
        Assert.Equal(1, Asked);

        _exchange.Zone = Zone.Of("a.example 60 A 192.0.2.2");
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal("192.0.2.2", await Text("a.example"));
    }

    [Theory]
    [InlineData(0, 4, 6)] // the floor
    [InlineData(2_000_000, 86_000, 86_500)] // the ceiling
    public async Task A_ttl_has_a_floor_and_a_ceiling(int ttl, int good, int over)
    {
        _exchange.Zone = Zone.Of($"a.example {ttl} A 192.0.2.1");
        await Text("a.example");
        _time.Advance(TimeSpan.FromSeconds(good));
        await Text("a.example");
        Assert.Equal(1, Asked);

        _time.Advance(TimeSpan.FromSeconds(over - good));
        await Text("a.example");

        Assert.Equal(2, Asked);
    }

    [Theory]
    [InlineData("gone.example", DnsType.A)] // NXDOMAIN
    [InlineData("a.example", DnsType.Srv)] // no such record
    public async Task That_there_is_nothing_is_remembered_as_long_as_the_soa_says_RFC2308_5(string name, object type)
    {
        Assert.Equal("None", await Text(name, (DnsType)type));
        _time.Advance(TimeSpan.FromSeconds(38));
        Assert.Equal("None", await Text(name, (DnsType)type));
        Assert.Equal(1, Asked);

        _time.Advance(TimeSpan.FromSeconds(3));
        await Text(name, (DnsType)type);

        Assert.Equal(2, Asked);
    }

    [Fact]
    public async Task Without_a_soa_nothing_is_remembered_for_the_floor_only()
    {
        _exchange.Zone = Zone.Of("a.example A 192.0.2.1");
        await Text("gone.example");
        _time.Advance(TimeSpan.FromSeconds(6));
        await Text("gone.example");

        Assert.Equal(2, Asked);
    }

    [Fact]
    public async Task An_alias_is_followed_in_one_answer_and_in_several()
    {
        _exchange.Zone = Zone.Of("www.example CNAME b.example\nb.example CNAME a.example\na.example 60 A 192.0.2.1");

        Assert.Equal("192.0.2.1", await Text("www.example"));
        Assert.Equal(["www.example", "b.example", "a.example"], _exchange.Asked.Select(asked => asked.Question.Name));

        _exchange.Do = (_, query, _) => DnsWire.Answer(query.Wire.Span, Zone.Of("x.example 7 CNAME y.example\ny.example CNAME z.example\nz.example A 192.0.2.9").Find(query.Question) is { Count: > 0 }
            ? [.. new[] { "x.example", "y.example", "z.example" }.SelectMany(name => Zone.Of("x.example 7 CNAME y.example\ny.example CNAME z.example\nz.example A 192.0.2.9").Find(new(name, DnsType.A)))]
            : []);
        Assert.Equal("192.0.2.9", await Text("x.example"));
        Assert.Equal(4, Asked);
        _time.Advance(TimeSpan.FromSeconds(8)); // the shortest TTL of the chain
        await Text("x.example");
        Assert.Equal(5, Asked);
    }

    [Fact]
    public async Task Aliases_in_a_circle_end()
    {
        _exchange.Zone = Zone.Of("a.example CNAME b.example\nb.example CNAME a.example");

        Assert.Equal("Failed", await Text("a.example"));
        Assert.InRange(Asked, 1, 10);
    }

    [Fact]
    public async Task Records_of_other_names_in_an_answer_are_not_believed()
    {
        _exchange.Do = (_, query, _) => DnsWire.Answer(query.Wire.Span, Zone.Of("bank.example A 192.0.2.66").Find(new("bank.example", DnsType.A)));

        Assert.Equal("None", await Text("a.example"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_servers_send_every_look_up_ends(int seed)
    {
        var random = new Random(seed);
        _options.Attempts = 2;
        _exchange.Zone = Zone.Of("""
            a.example 0 NAPTR 1 1 s SIP+D2U _sip._udp.a.example
            _sip._udp.a.example 0 SRV 1 1 5060 b.example
            b.example 0 CNAME c.example
            c.example 0 A 192.0.2.1
            """);
        _exchange.Do = (_, query, _) =>
        {
            lock (random)
            {
                var bytes = DnsWire.Answer(query.Wire.Span, _exchange.Zone, isTruncated: random.Next(8) == 0);
                for (var times = random.Next(4); times > 0; times--) bytes[random.Next(2, bytes.Length)] = (byte)random.Next(256);
                return random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
            }
        };
        var locator = new Locator(Resolver, () => new(true, true, true), new Random(seed));
        Assert.True(SipTarget.TryOf("sip:bob@a.example"u8, out var target));
        var found = 0;
        for (var time = 0; time < 1_000; time++)
        {
            found += (await locator.Locate(target, CancellationToken.None)).Count;
            _time.Advance(TimeSpan.FromSeconds(6));
        }

        Assert.True(found > 0);
    }

    [Fact]
    public async Task One_question_at_a_time_is_asked_for_a_name()
    {
        var gate = new TaskCompletionSource();
        _exchange.Gate = gate.Task;
        var all = Enumerable.Range(0, 20).Select(_ => Start("a.example")).ToArray();
        gate.SetResult();

        await Task.WhenAll(all);

        Assert.Equal(1, Asked);
        Assert.All(all, one => Assert.Equal(DnsOutcome.Found, one.Result.Outcome));
    }

    [Fact]
    public async Task Questions_under_way_are_bounded()
    {
        _exchange.Do = (_, _, _) => FakeExchange.Silence;
        var all = Enumerable.Range(0, 300).Select(number => Start($"a{number}.example")).ToArray();

        Assert.Equal(300 - 256, all.Count(one => one.IsCompleted));
        await _time.Until(Task.WhenAll(all));
    }

    [Fact]
    public async Task While_servers_are_away_an_old_answer_is_used_and_they_are_asked_each_30_s_RFC8767_5()
    {
        await Text("a.example");
        _exchange.Do = (_, _, _) => FakeExchange.Silence;
        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal("192.0.2.1", await Text("a.example"));
        Assert.Equal("192.0.2.1", await Text("a.example"));
        Assert.Equal(2, Asked);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("192.0.2.1", await Text("a.example"));
        Assert.Equal(3, Asked);

        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("Failed", await Text("a.example"));
    }

    [Fact]
    public async Task A_new_answer_that_takes_long_is_not_waited_for_when_there_is_an_old_one()
    {
        _options.Timeout = TimeSpan.FromHours(1);
        await Text("a.example");
        _time.Advance(TimeSpan.FromSeconds(61));
        _exchange.Do = (_, _, _) => FakeExchange.Silence;

        Assert.Equal("192.0.2.1", await Text("a.example"));
    }

    [Fact]
    public async Task A_failure_is_remembered_for_some_seconds()
    {
        _exchange.Do = (_, _, _) => FakeExchange.Silence;
        Assert.Equal("Failed", await Text("a.example"));
        Assert.Equal("Failed", await Text("a.example"));
        Assert.Equal(1, Asked);

        _exchange.Do = (_, _, _) => null;
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("192.0.2.1", await Text("a.example"));
    }

    [Fact]
    public async Task What_was_used_longest_ago_gives_way()
    {
        _options.CacheSize = 2;
        _exchange.Zone = Zone.Of("a.example A 192.0.2.1\nb.example A 192.0.2.2\nc.example A 192.0.2.3");
        foreach (var name in new[] { "a.example", "b.example", "a.example", "c.example", "a.example" }) await Text(name);
        Assert.Equal(3, Asked);

        await Text("b.example");

        Assert.Equal(4, Asked);
    }

    [Fact]
    public async Task Names_of_the_hosts_file_and_reserved_names_are_not_asked_for_RFC6761()
    {
        await File.WriteAllTextAsync(_hosts, "# comment\n192.0.2.7\tpbx.example PBX # more\n2001:db8::7 pbx.example\nrubbish\n999.1.1.1 bad.example\n");

        Assert.Equal("192.0.2.7", await Text("pbx.example"));
        Assert.Equal("2001:db8::7", await Text("pbx.example", DnsType.Aaaa));
        Assert.Equal("192.0.2.7", await Text("pbx"));
        Assert.Equal("None", await Text("pbx", DnsType.Aaaa));
        Assert.Equal("127.0.0.1", await Text("localhost"));
        Assert.Equal("::1", await Text("demo.localhost", DnsType.Aaaa));
        Assert.Equal("None", await Text("_sip._udp.demo.localhost", DnsType.Srv));
        Assert.Equal("None", await Text("abc.invalid"));
        Assert.Equal(0, Asked);

        await File.WriteAllTextAsync(_hosts, "192.0.2.88 pbx.example\n");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("192.0.2.88", await Text("pbx.example"));
    }

    [Fact]
    public async Task Servers_come_from_resolv_conf_and_change_with_it()
    {
        var servers = new DnsServers(new DnsOptions(), _time, _hosts);
        Assert.Equal(["127.0.0.1:53"], servers.Current.Select(server => server.ToString()));

        await File.WriteAllTextAsync(_hosts, "; comment\nsearch example.com\nnameserver 192.0.2.53\nnameserver  2001:db8::53 # two\nnameserver nonsense\noptions timeout:1\n");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["192.0.2.53:53", "[2001:db8::53]:53"], servers.Current.Select(server => server.ToString()));

        File.Delete(_hosts);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["127.0.0.1:53"], servers.Current.Select(server => server.ToString()));
        Assert.Equal([IPEndPoint.Parse("192.0.2.1:53"), IPEndPoint.Parse("[::1]:5353")], new DnsServers(new DnsOptions { Servers = "192.0.2.1, [::1]:5353" }, _time).Current);
    }

    public void Dispose()
    {
        _resolver?.Dispose();
        _metrics.Dispose();
        File.Delete(_hosts);
    }
}
