using System.Net;

namespace Telephony.Sip.Tests.Defence;

public class AddressRangesTests
{
    [Theory]
    [InlineData("127.0.0.0/8, ::1", "127.9.8.7", true)]
    [InlineData("127.0.0.0/8, ::1", "::1", true)]
    [InlineData("127.0.0.0/8, ::1", "128.0.0.1", false)]
    [InlineData("127.0.0.0/8, ::1", "2001:db8::1", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.7/24", "192.0.2.1", true)]
    [InlineData("0.0.0.0/0", "198.51.100.1", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "198.51.100.1", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::5", "2001:db8::6", true)] // of the same /64
    [InlineData("2001:db8::5", "2001:db8:0:1::5", false)]
    [InlineData("", "127.0.0.1", false)]
    public void An_address_is_in_a_range_or_not(string text, string address, bool isIn)
    {
        Assert.True(AddressRanges.TryParse(text, out var ranges));
        Assert.Equal(isIn, ranges.Contains(SourceKey.Of(IPAddress.Parse(address))));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/8;::1")]
    public void What_is_no_range_is_refused(string text) => Assert.False(AddressRanges.TryParse(text, out _));

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void A_sockets_address_gives_the_same_key_and_a_readable_text(string address, string text)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(address), 5060);

        Assert.Equal(SourceKey.Of(endPoint.Address), SourceKey.Of(endPoint.Serialize()));
        Assert.True(SourceKey.TryOf(new SipFlow(SipTransport.Udp, endPoint.ToString()), out var key));
        Assert.Equal(SourceKey.Of(endPoint.Address), key);
        Assert.Equal(text, SourceKey.Text(key));
    }
}
