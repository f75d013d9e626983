using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Telephony.Testing;

namespace Telephony.Sip.Tests;

public class OptionsTests
{
    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("Telephony:Sip:" + setting.Key, (string?)setting.Value))).Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddSip().BuildServiceProvider();
    }

    [Theory]
    [InlineData("Port", "70000", "0 to 65535")]
    [InlineData("TlsPort", "-1", "0 to 65535")]
    [InlineData("TlsPort", "5060", "not Port")]
    [InlineData("ClientCertificates", "Required", "ClientAuthorities")]
    [InlineData("Origins", "phone.example.com", "https://")]
    [InlineData("Bind", "localhost", "IP addresses")]
    [InlineData("Address", "a b", "host name")]
    [InlineData("Timers:T1", "00:00:00", "over 0")]
    [InlineData("Timers:T2", "00:00:00.1", "not below T1")]
    [InlineData("MaxTransactions", "0", "1 or more")]
    [InlineData("IdleTimeout", "2.00:00:00", "up to 1.00:00:00")]
    [InlineData("Defence:Allow", "10.0.0.0/33", "CIDR ranges")]
    [InlineData("Defence:Burst", "0", "1 to 10000000")]
    [InlineData("Dns:Servers", "dns.example.com", "IP addresses")]
    [InlineData("Dns:Attempts", "0", "1 to 10")]
    [InlineData("Dns:MaxStale", "8.00:00:00", "up to 7.00:00:00")]
    [InlineData("Defence:AccountDelay", "00:01:00", "up to 00:00:30")]
    public void A_bad_value_is_named_with_its_key_and_what_is_allowed(string key, string value, string allowed)
    {
        using var services = Services((key, value));
        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<SipEdgeOptions>>().Value);

        Assert.Contains("Telephony:Sip:" + key, error.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tag_key_that_is_too_short_is_refused_without_showing_it()
    {
        using var services = Services(("TagKey", "c2VjcmV0"));
        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<TagMac>());

        Assert.DoesNotContain("c2VjcmV0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_of_the_options_makes_the_tags()
    {
        using var services = Services(("TagKey", Convert.ToBase64String(new byte[32])), ("Digest:NonceLifetime", "00:00:09"));

        Assert.Equal(new TagMac(new byte[32]).Sign("a"), services.GetRequiredService<TagMac>().Sign("a"));
        Assert.Equal(TimeSpan.FromSeconds(9), services.GetRequiredService<IOptions<DigestOptions>>().Value.NonceLifetime);
        Assert.NotNull(services.GetRequiredService<DigestAuthenticator>());
    }

    [Fact]
    public async Task Tls_is_one_port_above_unless_it_is_set()
    {
        var port = FreePorts.Range(2);
        await using var edge = new EdgeFixture(options => (options.Port, options.TlsPort) = (port, null));

        Assert.Equal(port + 1, IPEndPoint.Parse(edge.Edge.Address(SipTransport.Tls)).Port);
    }

    [Fact]
    public void A_port_that_is_taken_is_said_so()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        var error = Assert.Throws<InvalidOperationException>(() => new EdgeFixture(options => options.Port = port));
        Assert.Contains($"127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("Telephony:Sip:Port", error.Message, StringComparison.Ordinal);
    }
}
