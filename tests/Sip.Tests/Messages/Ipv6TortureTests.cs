using System.Net;
using System.Text;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Messages;

/// <summary>RFC 5118: its cases for IPv6, section by section.</summary>
public class Ipv6TortureTests
{
    private const string Desk = "o=desk 971731711378798081 0 IN IP6 2001:db8::20\n";

    [Fact] // 4.1
    public void An_address_in_brackets_is_a_host()
    {
        var request = Request(Message("REGISTER", "sip:[2001:db8::10]", "[2001:db8::9:1]", "Contact: \"Caller\" <sip:caller@[2001:db8::1]>\n"));

        Assert.Equal(("[2001:db8::10]", null), (request.RequestUri.Host, request.RequestUri.Port));
        Assert.Equal(("[2001:db8::9:1]", null), (request.Vias[0].Host, request.Vias[0].Port));
        Assert.Equal("[2001:db8::1]", request.Contacts[0].Uri.Host);
        Assert.Equal(new(SipTransport.Udp, IPEndPoint.Parse("[2001:db8::10]:5060")), Way(request));
    }

    [Theory] // 4.2
    [InlineData("sip:2001:db8::10")]
    [InlineData("sip:user@2001:db8::10")]
    [InlineData("sip:[2001:db8::10")]
    [InlineData("sip:2001:db8::10]")]
    [InlineData("sip:[2001:db8::g]")]
    [InlineData("sip:[1:2:3:4:5:6:7:8:9]")]
    [InlineData("sip:[2001:db8::1::2]")]
    [InlineData("sip:[192.0.2.1]")]
    [InlineData("sip:[]")]
    [InlineData("sip:[2001:db8::10]5060")]
    [InlineData("sip:[2001:db8::10]:")]
    public async Task An_address_without_its_brackets_or_that_is_none_is_answered_400(string uri)
    {
        await using var edge = new EdgeFixture();
        var peer = new FakeChannel();

        edge.Receive(Message("REGISTER", uri, "[2001:db8::9:1]"), peer);

        Assert.Equal([400], peer.Statuses());
        Assert.Empty(edge.Faults);
    }

    [Fact] // 4.3
    public void What_looks_like_a_port_within_the_brackets_is_of_the_address()
    {
        var request = Request(Message("REGISTER", "sip:[2001:db8::10:5070]", "[2001:db8::9:1]"));

        Assert.Null(request.RequestUri.Port);
        Assert.Equal(IPEndPoint.Parse("[2001:db8::10:5070]:5060"), Way(request).EndPoint);
    }

    [Fact] // 4.4
    public void A_port_behind_the_brackets_is_one()
    {
        var request = Request(Message("REGISTER", "sip:[2001:db8::10]:5070", "[2001:db8::9:1]"));

        Assert.Equal(5070, request.RequestUri.Port);
        Assert.Equal(IPEndPoint.Parse("[2001:db8::10]:5070"), Way(request).EndPoint);
    }

    [Theory] // 4.5: both are to be accepted
    [InlineData("received=[2001:db8::9:255]")]
    [InlineData("received=2001:db8::9:255")]
    public void Received_is_read_with_brackets_and_without(string received)
    {
        var request = Request(Message("BYE", "sip:user@example.com", "[2001:db8::9:1];" + received + ";branch=z9hG4bKas3-111"));

        Assert.Equal(received["received=".Length..], request.Vias[0].Received);
        Assert.True(Destination.TryBack(request, out var way));
        Assert.Equal(IPEndPoint.Parse("[2001:db8::9:255]:5060"), way.EndPoint);
    }

    [Fact] // 4.5: what is written has none
    public void Received_is_written_without_brackets()
    {
        var data = Bytes(Message("OPTIONS", "sip:user@example.com", "[2001:db8::9:1]:5070;rport;branch=z9hG4bKas3"));
        Assert.False(SipParser.Index(data, out var index).IsError);

        var (wire, layout) = ViaStamp.Apply(data, index, new Ipv6Channel());

        var via = new SipRequest(wire, layout).Vias[0];
        Assert.Equal(("2001:db8::9:255", 5062), (via.Received, via.RPort));
    }

    [Fact] // 4.6
    public void Addresses_in_a_body_are_not_looked_at()
    {
        var request = Request(Message("INVITE", "sip:user@[2001:db8::10]", "[2001:db8::20]", "Contact: \"Caller\" <sip:caller@[2001:db8::20]>\nContent-Type: application/sdp\n", Desk + "c=IN IP6 2001:db8::20\n"));

        Assert.Contains("c=IN IP6 2001:db8::20", Encoding.UTF8.GetString(request.BodyOf("application/sdp").Span), StringComparison.Ordinal);
    }

    [Fact] // 4.7
    public void Both_families_may_stand_in_one_header()
    {
        var request = Request(Message(
            "BYE", "sip:user@host.example.net", "[2001:db8::9:1]:6050;branch=z9hG4bKas3-111",
            "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144\nVia: SIP/2.0/TCP [2001:db8::9:255];branch=z9hG4bK451jj;received=192.0.2.200\n"));

        Assert.Equal([("[2001:db8::9:1]", 6050), ("192.0.2.1", (int?)null), ("[2001:db8::9:255]", null)], request.Vias.Select(via => (via.Host, via.Port)));
        Assert.Equal("192.0.2.200", request.Vias[2].Received);
        Assert.Equal(request.Vias.Select(via => via.ToString()), SipResponse.For(request, 200).Build().Vias.Select(via => via.ToString()));
    }

    [Fact] // 4.8
    public void Both_families_may_stand_in_one_description()
    {
        var body = Desk + "m=audio 22334 RTP/AVP 0\nc=IN IP4 192.0.2.1\nm=video 6024 RTP/AVP 107\nc=IN IP6 2001:db8::1\n";

        var request = Request(Message("INVITE", "sip:user@[2001:db8::10]", "[2001:db8::9:1]", "Content-Type: application/sdp\n", body));

        Assert.Equal(Bytes(body), request.Body.ToArray());
    }

    [Fact] // 4.9
    public void An_ipv4_address_mapped_into_ipv6_is_one()
    {
        var request = Request(Message(
            "INVITE", "sip:user@[::ffff:192.0.2.10]", "[::ffff:192.0.2.10]:19823;branch=z9hG4bKbh19", "Via: SIP/2.0/UDP [::ffff:192.0.2.2];branch=z9hG4bKas3-111\nContact: \"T. desk phone\" <sip:ted@[::ffff:192.0.2.2]>\n"));

        Assert.Equal([("[::ffff:192.0.2.10]", 19823), ("[::ffff:192.0.2.2]", (int?)null)], request.Vias.Select(via => (via.Host, via.Port)));
        Assert.Equal("[::ffff:192.0.2.2]", request.Contacts[0].Uri.Host);
        Assert.Equal("192.0.2.10", Way(request).EndPoint.Address.MapToIPv4().ToString());
    }

    [Theory] // 4.10: RFC 3261's grammar lets three colons stand before an IPv4 part; both forms are to be accepted
    [InlineData("[2001:db8:::192.0.2.1]")]
    [InlineData("[2001:db8::192.0.2.1]")]
    public void The_third_colon_of_the_old_grammar_is_tolerated(string host)
    {
        var request = Request(Message("OPTIONS", "sip:user@" + host, host));

        Assert.Equal(host, request.RequestUri.Host);
        Assert.Equal(IPAddress.Parse("2001:db8::192.0.2.1"), Way(request).EndPoint.Address);
    }

    [Theory]
    [InlineData("[2001:db8:::1]")]
    [InlineData("[2001:db8::::192.0.2.1]")]
    [InlineData("[1::2:::192.0.2.1]")]
    public void Three_colons_anywhere_else_are_not(string host) => Assert.False(SipUri.TryParse("sip:user@" + host, out _));

    [Fact]
    public void A_phone_context_may_hold_a_host_and_digits_alone()
    {
        var local = SipUri.Parse("sip:7042;phone-context=example.com@[2001:db8::10];user=phone");
        var global = SipUri.Parse("sip:863-1234;phone-context=+1-914-555@[2001:db8::10]:5070;user=phone");

        Assert.Equal(("7042;phone-context=example.com", "[2001:db8::10]", "phone"), (local.User, local.Host, local.Parameters["user"]));
        Assert.Equal(("863-1234;phone-context=+1-914-555", 5070), (global.User, global.Port));
    }

    private static Destination Way(SipRequest request)
    {
        Assert.True(Destination.TryOf(request, out var way));
        return way;
    }

    private static string Message(string method, string uri, string via, string more = "", string body = "") =>
        $"{method} {uri} SIP/2.0\nVia: SIP/2.0/UDP {via}{(via.Contains("branch", StringComparison.Ordinal) ? "" : ";branch=z9hG4bKas3-111")}\nTo: sip:user@example.com\nFrom: sip:user@example.com;tag=81x2\n"
        + $"Call-ID: SSG9559905523997077@hlau_4100\nMax-Forwards: 70\nCSeq: 98176 {method}\n{more}Content-Length: {Bytes(body).Length}\n\n{body}";

    private sealed class Ipv6Channel() : Channel(IPEndPoint.Parse("[2001:db8::9:255]:5062"))
    {
        public override SipFlow Flow { get; } = new(SipTransport.Udp, "[2001:db8::9:255]:5062");

        public override bool TrySend(ReadOnlyMemory<byte> message) => false;
    }
}
