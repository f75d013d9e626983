using System.Net;
using System.Net.Sockets;

namespace Telephony.Sip.Tests.Resolution;

/// <summary>Questions over real sockets of loopback.</summary>
public sealed class DnsSocketsTests : IAsyncDisposable
{
    private readonly FakeDnsServer _server = new("a.example A 192.0.2.1\n" + string.Join('\n', Enumerable.Range(0, 300).Select(number => $"many.example A 192.0.{number / 256}.{number % 256}")));
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(20));

    private static DnsQuery Query(string name)
    {
        Assert.True(DnsQuery.TryMake(new(name, DnsType.A), isExtended: true, out var query));
        return query;
    }

    private Task<DnsMessage?> Ask(string name, bool isStream = false, IPEndPoint? server = null) =>
        new DnsSockets().Ask(server ?? _server.EndPoint, Query(name), isStream, _patience.Token);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_answers_by_udp_and_tcp(bool isStream)
    {
        var answer = await Ask("a.example", isStream);

        Assert.Equal("192.0.2.1", Assert.IsType<AddressRecord>(Assert.Single(answer!.Answers)).Address.ToString());
    }

    [Fact]
    public async Task A_long_answer_comes_by_tcp()
    {
        _server.IsTruncating = true;
        using var metrics = new SipMetrics(() => 0, () => 0, () => 0);
        var options = new DnsOptions { Servers = _server.EndPoint.ToString(), Timeout = TimeSpan.FromSeconds(20) };
        var client = new DnsClient(new(options, TimeProvider.System), new DnsSockets(), options, TimeProvider.System, metrics);

        var answer = await client.Ask(new("many.example", DnsType.A), _patience.Token);

        Assert.Equal(256, answer!.Answers.Count); // of 300: no more are read
        Assert.Equal(2, _server.Queries);
    }

    [Fact]
    public async Task Answers_of_others_before_the_right_one_are_passed_over_RFC5452()
    {
        _server.Noise = query => [[], [1, 2, 3], DnsWire.Answer([(byte)~query[0], .. query[1..]], Zone.Of("a.example A 192.0.2.66"))];

        var answer = await Ask("a.example");

        Assert.Equal("192.0.2.1", Assert.IsType<AddressRecord>(Assert.Single(answer!.Answers)).Address.ToString());
    }

    [Fact]
    public async Task A_flood_of_wrong_answers_is_given_up()
    {
        _server.Noise = query => Enumerable.Repeat(DnsWire.Answer([(byte)~query[0], .. query[1..]], _server.Zone), 40);

        Assert.Null(await Ask("a.example"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_port_where_nobody_listens_is_no_answer_at_once(bool isStream)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, isStream ? SocketType.Stream : SocketType.Dgram, isStream ? ProtocolType.Tcp : ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, so that nobody else takes it
        var port = (IPEndPoint)taken.LocalEndPoint!;
        if (!isStream) taken.Dispose(); // a datagram is refused only by a port that is free

        Assert.Null(await Ask("a.example", isStream, port));
    }

    public async ValueTask DisposeAsync()
    {
        _patience.Dispose();
        await _server.DisposeAsync();
    }
}
