using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Telephony.Configuration.Tests;

public class OptionsTests
{
    [Theory]
    [InlineData("ConnectionStrings:Postgres", "", "ConnectionStrings:Postgres")]
    [InlineData("ConnectionStrings:Postgres", "Hosst=1;Password=hush", "ConnectionStrings:Postgres")]
    [InlineData("Telephony:Data", " ", "Telephony:Data")]
    [InlineData("Telephony:Data", "/etc/passwd", "Telephony:Data is '/etc/passwd'")]
    [InlineData("Telephony:Configuration:CachedEntries", "5", "Telephony:Configuration:CachedEntries is 5: a number from")]
    [InlineData("Telephony:Configuration:CachedEntries", "many", "Telephony:Configuration:CachedEntries")]
    public async Task A_bad_value_stops_the_start_and_names_its_key(string key, string value, string named)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Postgres"] = "Host=127.0.0.1", ["Telephony:Data"] = "/tmp", [key] = value });
        builder.Logging.ClearProviders();
        builder.Services.AddConfiguration();
        using var host = builder.Build();

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());

        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", exception.Message, StringComparison.Ordinal);
    }
}
