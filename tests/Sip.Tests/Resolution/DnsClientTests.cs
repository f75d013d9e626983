namespace Telephony.Sip.Tests.Resolution;

/// <summary>Which server is asked, how often and how (RFC 1035 §7.2, RFC 7766 §5, RFC 6891 §7), under a clock of the test.</summary>
public sealed class DnsClientTests : IDisposable
{
    private static readonly DnsQuestion Question = new("a.example", DnsType.A);

    private readonly VirtualTime _time = new();
    private readonly SipMetrics _metrics = new(() => 0, () => 0, () => 0);
    private readonly FakeExchange _exchange = new(Zone.Of("a.example A 192.0.2.1"));

    private DnsClient Client(int attempts = 2)
    {
        var options = new DnsOptions { Servers = "192.0.2.53, 192.0.2.54:5353", Attempts = attempts };
        return new(new(options, _time), _exchange, options, _time, _metrics);
    }

    private async Task<DnsMessage?> Ask(DnsClient client)
    {
        var asking = client.Ask(Question, CancellationToken.None);
        return await _time.Until(asking);
    }

    [Fact]
    public async Task A_server_that_is_silent_is_passed_over_and_who_answered_last_is_asked_first()
    {
        _exchange.Do = (server, _, _) => server.Port == 53 ? FakeExchange.Silence : null;
        var client = Client();

        Assert.NotNull(await Ask(client));
        Assert.NotNull(await Ask(client));

        Assert.Equal([53, 5353, 5353], _exchange.Asked.Select(asked => asked.Server.Port));
    }

    [Theory]
    [InlineData(DnsCode.ServerFailure)]
    [InlineData(DnsCode.Refused)]
    public async Task A_server_that_fails_is_passed_over(object code)
    {
        _exchange.Do = (server, query, _) => server.Port == 53 ? DnsWire.Answer(query.Wire.Span, [], code: (DnsCode)code) : null;

        var answer = await Ask(Client());

        Assert.Single(answer!.Answers);
        Assert.Equal([53, 5353], _exchange.Asked.Select(asked => asked.Server.Port));
    }

    [Fact]
    public async Task When_nobody_answers_all_are_asked_as_often_as_the_options_say()
    {
        _exchange.Do = (_, _, _) => FakeExchange.Silence;

        Assert.Null(await Ask(Client(attempts: 3)));

        Assert.Equal([53, 5353, 53, 5353, 53, 5353], _exchange.Asked.Select(asked => asked.Server.Port));
    }

    [Fact]
    public async Task A_truncated_answer_is_asked_for_by_tcp()
    {
        _exchange.Do = (_, query, isStream) => isStream ? null : DnsWire.Answer(query.Wire.Span, [], isTruncated: true);

        var answer = await Ask(Client());

        Assert.Single(answer!.Answers);
        Assert.Equal([false, true], _exchange.Asked.Select(asked => asked.IsStream));
    }

    [Fact]
    public async Task A_server_that_does_not_know_edns_is_asked_without()
    {
        _exchange.Do = (_, query, _) => query.Wire.Span[11] == 1 ? DnsWire.Answer(query.Wire.Span, [], code: DnsCode.FormatError) : null;

        var answer = await Ask(Client());

        Assert.Single(answer!.Answers);
        Assert.Equal(2, _exchange.Asked.Count);
    }

    [Fact]
    public async Task What_is_no_name_fails_without_a_question()
    {
        Assert.Null(await Client().Ask(new("a..b", DnsType.A), CancellationToken.None));
        Assert.Empty(_exchange.Asked);
    }

    public void Dispose() => _metrics.Dispose();
}
