namespace Telephony.Sip.Tests.Transports;

/// <summary>RFC 5922 §7.</summary>
public sealed class CertificateNamesTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    [Theory] // §7.1
    [InlineData("sip:example.com sip:example.net pbx.example.org", "example.com example.net")]
    [InlineData("sips:example.com sip:alice@example.com https://example.com pbx.example.org", "pbx.example.org")]
    [InlineData("a.example.com b.example.com", "a.example.com b.example.com")]
    [InlineData("192.0.2.1", "")]
    [InlineData("", "common.example.com")]
    public void A_certificate_names_its_sip_uris_else_its_hosts_else_its_common_name(string alternatives, string names)
    {
        using var certificate = _authority.Issue("common.example.com", alternatives);

        Assert.Equal(names, string.Join(' ', CertificateNames.Of(certificate)));
    }

    [Theory] // §7.2
    [InlineData("sip:example.com", "EXAMPLE.com", true)]
    [InlineData("sip:example.com", "example.com.", true)]
    [InlineData("sip:example.com", "pbx.example.com", false)]
    [InlineData("sip:example.com pbx.example.com", "pbx.example.com", false)]
    [InlineData("pbx.example.com", "pbx.example.com", true)]
    [InlineData("pbx.example.com", "common.example.com", false)]
    [InlineData("", "common.example.com", true)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("*.example.com", "pbx.example.com", false)]
    public void A_host_is_named_by_its_whole_name(string alternatives, string host, bool isNamed)
    {
        using var certificate = _authority.Issue("common.example.com", alternatives);

        Assert.Equal(isNamed, CertificateNames.Matches(certificate, host, allowsWildcards: false));
    }

    [Theory]
    [InlineData("pbx.example.com", true)]
    [InlineData("a.pbx.example.com", false)]
    [InlineData("example.com", false)]
    public void A_wildcard_stands_for_one_label_where_that_is_allowed(string host, bool isNamed)
    {
        using var certificate = _authority.Issue("x", "*.example.com");

        Assert.Equal(isNamed, CertificateNames.Matches(certificate, host, allowsWildcards: true));
    }

    public void Dispose() => _authority.Dispose();
}
