using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Resolution;

/// <summary>RFC 3263 §4: which servers a URI leads to.</summary>
public class LocatorTests
{
    // the domain of RFC 3263 §4.1 and §4.2, with addresses
    private const string Rfc3263 =
        """
        example.com NAPTR 50 50 s SIPS+D2T _sips._tcp.example.com
        example.com NAPTR 90 50 s SIP+D2T _sip._tcp.example.com
        example.com NAPTR 100 50 s SIP+D2U _sip._udp.example.com
        _sips._tcp.example.com SRV 0 1 5061 server1.example.com
        _sip._tcp.example.com SRV 0 1 5060 server1.example.com
        _sip._tcp.example.com SRV 1 2 5060 server2.example.com
        _sip._udp.example.com SRV 0 1 5070 server1.example.com
        server1.example.com A 192.0.2.1
        server2.example.com A 192.0.2.2
        server2.example.com AAAA 2001:db8::2
        example.com A 192.0.2.99
        """;

    private const string SrvOnly =
        """
        _sip._udp.example.com SRV 0 1 5070 server1.example.com
        _sip._tcp.example.com SRV 0 1 5071 server1.example.com
        _sips._tcp.example.com SRV 0 1 5072 server1.example.com
        server1.example.com A 192.0.2.1
        example.com A 192.0.2.99
        """;

    private const string AddressOnly = "example.com A 192.0.2.99";

    private static async Task<string> Locate(string zone, string uri, bool hasTls = true, bool hasIpv6 = false, bool hasIpv4 = true)
    {
        var own = new EdgeAbilities(hasIpv4, hasIpv6, hasTls);
        var request = SipRequest.Create(SipMethod.Options, uri).Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(7).Build();
        if (!SipTarget.TryOf(request, out var target)) return "not a target";
        var found = await new Locator(Zone.Of(zone), () => own, new Random(1)).Locate(target, CancellationToken.None);
        return string.Join(", ", found.Select(way => $"{way.Transport} {way.EndPoint}"));
    }

    [Theory]
    [InlineData("sip:bob@192.0.2.7", "Udp 192.0.2.7:5060")] // §4.1: an address
    [InlineData("sip:bob@192.0.2.7;transport=tcp", "Tcp 192.0.2.7:5060")]
    [InlineData("sips:bob@192.0.2.7", "Tls 192.0.2.7:5061")]
    [InlineData("sips:bob@192.0.2.7:5099;transport=tcp", "Tls 192.0.2.7:5099")]
    [InlineData("sip:bob@[2001:db8::7]:5080", "Udp [2001:db8::7]:5080")]
    [InlineData("sip:bob@example.com;maddr=192.0.2.8", "Udp 192.0.2.8:5060")]
    [InlineData("sip:bob@example.com:5080", "Udp 192.0.2.99:5080")] // a port: no NAPTR and no SRV
    [InlineData("sip:bob@example.com:5080;transport=tcp", "Tcp 192.0.2.99:5080")]
    [InlineData("sips:bob@example.com:5080", "Tls 192.0.2.99:5080")]
    [InlineData("sip:bob@EXAMPLE.com.;transport=tcp", "Tcp 192.0.2.1:5060, Tcp 192.0.2.2:5060")] // §4.2: a transport: SRV
    [InlineData("sip:bob@example.com;transport=udp", "Udp 192.0.2.1:5070")]
    [InlineData("sip:bob@example.com;transport=tls", "Tls 192.0.2.1:5061")]
    [InlineData("sip:bob@example.com", "Tls 192.0.2.1:5061")] // NAPTR: the domain prefers TLS
    [InlineData("sips:bob@example.com", "Tls 192.0.2.1:5061")]
    [InlineData("sip:bob@example.com;transport=ws", "not a target")]
    [InlineData("tel:+3212345", "not a target")]
    [InlineData("sip:bob@gone.example", "")]
    public async Task With_naptr_and_srv(string uri, string expected) => Assert.Equal(expected, await Locate(Rfc3263, uri));

    [Fact]
    public async Task A_client_without_tls_takes_the_next_order_that_it_can_use() =>
        Assert.Equal("Tcp 192.0.2.1:5060, Tcp 192.0.2.2:5060", await Locate(Rfc3263, "sip:bob@example.com", hasTls: false)); // the RFC's own example

    [Fact]
    public async Task A_sips_uri_leads_nowhere_without_tls() => Assert.Equal("", await Locate(Rfc3263, "sips:bob@example.com", hasTls: false));

    [Theory]
    [InlineData("sip:bob@example.com", "Udp 192.0.2.1:5070, Tcp 192.0.2.1:5071")]
    [InlineData("sips:bob@example.com", "Tls 192.0.2.1:5072")]
    [InlineData("sip:bob@example.com;transport=tcp", "Tcp 192.0.2.1:5071")]
    public async Task Without_naptr_the_srv_of_each_transport_is_asked_for(string uri, string expected) => Assert.Equal(expected, await Locate(SrvOnly, uri));

    [Theory]
    [InlineData("sip:bob@example.com", "Udp 192.0.2.99:5060")]
    [InlineData("sips:bob@example.com", "Tls 192.0.2.99:5061")]
    [InlineData("sip:bob@example.com;transport=tcp", "Tcp 192.0.2.99:5060")]
    [InlineData("sip:bob@example.com;transport=tls", "Tls 192.0.2.99:5061")]
    public async Task Without_srv_the_domain_itself_is_called_at_the_default_port(string uri, string expected) => Assert.Equal(expected, await Locate(AddressOnly, uri));

    [Theory]
    [InlineData("u SIP+D2T _sip._tcp.example.com")] // a flag that SIP doesn't use
    [InlineData("s SIP+D2S _sip._sctp.example.com")] // SCTP
    [InlineData("s SIP+D2W _sip._ws.example.com")] // RFC 7118 §6: for browsers
    [InlineData("s E2U+sip _sip._tcp.example.com")]
    [InlineData("s SIP+D2T !^.*$!sip:x@y! _sip._tcp.example.com")]
    [InlineData("s SIP+D2T .")]
    public async Task Naptr_records_that_are_of_no_use_are_passed_over(string record) =>
        Assert.Equal("Udp 192.0.2.1:5070, Tcp 192.0.2.1:5071", await Locate(SrvOnly + "\nexample.com NAPTR 1 1 " + record, "sip:bob@example.com"));

    [Fact]
    public async Task Within_an_order_preference_decides_and_services_are_in_any_case() =>
        Assert.Equal("Tcp 192.0.2.1:5071, Udp 192.0.2.1:5070", await Locate(
            SrvOnly + "\nexample.com NAPTR 1 20 S sip+d2u _sip._udp.example.com\nexample.com NAPTR 1 10 s SIP+D2T _sip._tcp.example.com", "sip:bob@example.com"));

    [Fact]
    public async Task Naptr_may_point_to_another_domain_whose_certificate_is_not_asked_for_RFC5922()
    {
        var zone = Zone.Of("customer.example NAPTR 1 1 s SIPS+D2T _sips._tcp.provider.example\n_sips._tcp.provider.example SRV 0 0 5061 sbc.provider.example\nsbc.provider.example A 192.0.2.5");
        Assert.True(SipTarget.TryOf("sip:bob@customer.example"u8, out var target));

        var found = await new Locator(zone, () => new(true, false, true), new Random(1)).Locate(target, CancellationToken.None);

        Assert.Equal("customer.example", Assert.Single(found).Host);
    }

    [Fact]
    public async Task A_service_that_is_decidedly_not_there_is_not_tried_RFC2782() =>
        Assert.Equal("Tcp 192.0.2.99:5060", await Locate("_sip._udp.example.com SRV 0 0 0 .\n_sip._tcp.example.com SRV 0 0 5060 example.com\n" + AddressOnly, "sip:bob@example.com"));

    [Fact]
    public async Task A_domain_that_says_it_has_no_sip_is_not_called() =>
        Assert.Equal("", await Locate("_sip._udp.example.com SRV 0 0 0 .\n_sip._tcp.example.com SRV 0 0 0 .\n" + AddressOnly, "sip:bob@example.com"));

    [Theory]
    [InlineData(true, false, "Udp 192.0.2.1:5060, Udp 192.0.2.2:5060")]
    [InlineData(false, true, "Udp [2001:db8::1]:5060")]
    [InlineData(true, true, "Udp [2001:db8::1]:5060, Udp 192.0.2.1:5060, Udp 192.0.2.2:5060")]
    public async Task Addresses_are_of_the_families_that_we_have(bool hasIpv4, bool hasIpv6, string expected) => Assert.Equal(expected, await Locate(
        "example.com A 192.0.2.1\nexample.com A 192.0.2.2\nexample.com AAAA 2001:db8::1", "sip:bob@example.com", hasIpv4: hasIpv4, hasIpv6: hasIpv6));

    [Fact]
    public async Task A_server_without_an_address_is_left_out_and_so_are_servers_beyond_the_limit()
    {
        var zone = "_sip._udp.example.com SRV 0 1 5060 gone.example.com\n" + string.Join('\n', Enumerable.Range(1, 40).Select(number =>
            $"_sip._udp.example.com SRV {number} 1 5060 s{number}.example.com\ns{number}.example.com A 192.0.2.{number}"));

        var found = await Locate(zone, "sip:bob@example.com");

        Assert.StartsWith("Udp 192.0.2.1:5060, Udp 192.0.2.2:5060, ", found, StringComparison.Ordinal);
        Assert.Equal(Locator.MaxDestinations - 1, found.Split(", ").Length); // one of the first 16 has no address
    }

    [Fact]
    public async Task A_server_that_answers_no_naptr_questions_does_not_hide_the_srv_records()
    {
        var zone = Zone.Of(SrvOnly);
        zone.Silent.Add("example.com");
        Assert.True(SipTarget.TryOf("sip:bob@example.com"u8, out var target));

        var found = await new Locator(zone, () => new(true, false, true), new Random(1)).Locate(target, CancellationToken.None);

        Assert.Equal(2, found.Count);
    }

    [Fact]
    public void The_first_route_decides_before_the_uri()
    {
        var request = Request(Invite(more: "Route: <sip:proxy.example.com:5070;lr>, <sip:second.example.com;lr>\n"));

        Assert.True(SipTarget.TryOf(request, out var target));

        Assert.Equal(new SipTarget("proxy.example.com", 5070, null, IsSecure: false), target);
    }
}
