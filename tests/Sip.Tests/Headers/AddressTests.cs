namespace Telephony.Sip.Tests.Headers;

public class AddressTests
{
    [Theory]
    [InlineData("sip:alice@example.com", "alice", "example.com", null)]
    [InlineData("SIP:example.com:5080", null, "example.com", 5080)]
    [InlineData("sips:a;b?c@[2001:db8::1]:5061;lr", "a;b?c", "[2001:db8::1]", 5061)]
    [InlineData("sip:%61l%20ice:pass@h", "al ice", "h", null)]
    [InlineData("sip:%zz@h", "%zz", "h", null)]
    public void A_uri_gives_its_parts(string text, string? user, string host, int? port)
    {
        var uri = SipUri.Parse(text);

        Assert.Equal((user, host, port), (uri.User, uri.Host, uri.Port));
        Assert.Equal(text, uri.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sip:")]
    [InlineData("alice@example.com")]
    [InlineData("sip:@example.com")]
    [InlineData("sip:a@")]
    [InlineData("sip:a@b c")]
    [InlineData("sip:a@b:0")]
    [InlineData("sip:a@b:x")]
    [InlineData("sip:a@[::1")]
    [InlineData("sip:a@b;;")]
    [InlineData("sip:a@b>")]
    public void What_is_no_uri_is_refused(string text) => Assert.False(SipUri.TryParse(text, out _));

    [Theory]
    [InlineData("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp", true)]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true)]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5", true)]
    [InlineData("sip:alice@atlanta.com", "sip:ALICE@atlanta.com", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false)]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off", false)]
    [InlineData("tel:+1", "tel:+1", true)]
    public void Uris_compare_as_the_rfc_lists_them(string one, string other, bool isSame)
    {
        Assert.Equal(isSame, SipUri.Parse(one).IsSameAs(SipUri.Parse(other)));
        Assert.Equal(isSame, SipUri.Parse(other).IsSameAs(SipUri.Parse(one)));
    }

    [Theory]
    [InlineData("sip:a@b;tag=1", "sip:a@b", "1", null)]
    [InlineData("<sip:a@b;x=1>;tag=2", "sip:a@b;x=1", "2", null)]
    [InlineData("Mr Watson <sip:a@b> ; tag = 3", "sip:a@b", "3", "Mr Watson")]
    [InlineData("\"A \\\\ \\\"B\\\" <c>\"<sip:a@b>", "sip:a@b", null, "A \\ \"B\" <c>")]
    [InlineData("<tel:+441632960083>", "tel:+441632960083", null, null)]
    public void An_address_gives_its_parts(string text, string uri, string? tag, string? name)
    {
        var address = NameAddress.Parse(text);

        Assert.Equal((uri, tag, name), (address.Uri.ToString(), address.Tag, address.DisplayName));
    }

    [Theory]
    [InlineData("sip:a@b?h=1")]
    [InlineData("sip:a@b,c")]
    [InlineData("Bell, A <sip:a@b>")]
    [InlineData("\"A\" sip:a@b")]
    [InlineData("\"A <sip:a@b>")]
    [InlineData("<sip:a@b")]
    [InlineData("<sip:a@b>x")]
    [InlineData("<sip:a@b>;tag=")]
    [InlineData("<sip:a@b>;x=\"y")]
    public void What_is_no_address_is_refused(string text) => Assert.False(NameAddress.TryParse(text, out _));

    [Theory]
    [InlineData("Zoë \"Z\" \\ O'Neil")]
    [InlineData("a, b; c <d>")]
    public void A_written_name_is_read_as_it_was(string name) =>
        Assert.Equal(name, NameAddress.Parse(NameAddress.Format(name, "sip:a@b", "t")).DisplayName);

    [Theory]
    [InlineData("alice")]
    [InlineData("a b@c:d%<é>")]
    public void A_user_survives_escaping(string user) => Assert.Equal(user, SipUri.Parse($"sip:{SipUri.EscapeUser(user)}@h").User);

    [Fact]
    public void A_nul_in_a_name_or_parameter_can_be_written_again()
    {
        var address = NameAddress.Parse("\"a\\\0b\" <sip:a@b>;x=\"\\\0\"");

        Assert.Equal(("a b", " "), (address.DisplayName, address.Parameters["x"]));
        Assert.DoesNotContain('\0', address.ToString() + address.Parameters + NameAddress.Format(address.DisplayName, "sip:a@b"));
        Assert.False(NameAddress.TryParse("<sip:a@b>;x\0=1", out _));
        Assert.False(NameAddress.TryParse("<sip:a@b>;x=\0", out _));
    }

    [Fact]
    public void An_empty_name_is_none() => Assert.Null(NameAddress.Parse("\"\" <sip:a@b>").DisplayName);
}
