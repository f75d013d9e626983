using System.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace Telephony.Sip.Tests.Resolution;

/// <summary>Servers that failed come last, and those that want rest not at all (RFC 3263 §4.3, RFC 3261 §21.5.4).</summary>
public class PutAsideTests
{
    private readonly VirtualTime _time = new();
    private readonly PutAside _aside;

    public PutAsideTests() => _aside = new(new(), _time, NullLogger.Instance);

    private static Destination Server(int number) => new(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, number));

    private string Order(params int[] numbers) => string.Join(' ', _aside.Order([.. numbers.Select(Server)], out _).Select(server => server.EndPoint.Port));

    [Fact]
    public void Who_failed_first_is_tried_first_of_those_that_failed()
    {
        _aside.Add(Server(1), "slow", null);
        _time.Advance(1_000);
        _aside.Add(Server(2), "slow", null);

        Assert.Equal("3 4 1 2", Order(2, 3, 1, 4));
        _time.Advance(29_500);
        Assert.Equal("3 1 4 2", Order(2, 3, 1, 4));
    }

    [Fact]
    public void Who_wants_rest_is_left_out_until_then()
    {
        _aside.Add(Server(1), "503", TimeSpan.FromSeconds(60));
        _aside.Add(Server(2), "503", TimeSpan.FromSeconds(20));
        Assert.Equal("3", Order(1, 2, 3));

        Assert.Empty(_aside.Order([Server(1), Server(2)], out var rest));
        Assert.Equal(TimeSpan.FromSeconds(20), rest); // the first that is back
        _time.Advance(21_000);
        Assert.Equal("2", Order(1, 2));
    }

    [Fact]
    public void A_rest_has_an_end_whatever_the_server_asks_for()
    {
        _aside.Add(Server(1), "503", TimeSpan.FromDays(365));
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("1", Order(1));
    }

    [Fact]
    public void It_forgets_the_earliest_when_there_are_too_many()
    {
        for (var number = 1; number <= PutAside.MaxServers + 1; number++)
        {
            _aside.Add(Server(number), "slow", null);
            _time.Advance(1);
        }

        Assert.Equal($"1 {PutAside.MaxServers + 1}", Order(PutAside.MaxServers + 1, 1));
    }
}
