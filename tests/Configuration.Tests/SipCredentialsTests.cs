namespace Telephony.Configuration.Tests;

public class SipCredentialsTests
{
    [Fact] // the example of RFC 7616 §3.9.1
    public void Ha1_is_that_of_the_standard()
    {
        Assert.Equal("3d78807defe7de2157e2b0b6573a855f", SipCredentials.Ha1Md5("Mufasa", "http-auth@example.org", "Circle of Life"));
        Assert.Equal("7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232", SipCredentials.Ha1Sha256("Mufasa", "http-auth@example.org", "Circle of Life"));
    }
}
