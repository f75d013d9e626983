using System.Text.Json;

namespace Telephony.Configuration.Tests;

public class DemoTenantTests
{
    [Fact]
    public async Task The_first_start_makes_ten_people_who_can_sign_in_and_a_key_and_a_second_start_nothing()
    {
        await using var host = await ConfigurationHost.Start();

        var first = await host.Demo.EnsureAsync();
        var second = await host.Demo.EnsureAsync();

        Assert.Null(second.Created);
        Assert.Equal(Enumerable.Range(100, 10).Select(n => $"{n}"), first.Created!.Extensions.Select(e => e.Extension));
        var tenant = (await host.Reader.FindTenant("demo.localhost"))!;
        foreach (var person in first.Created.Extensions)
        {
            var user = await host.Accounts.SignIn(person.Login, person.WebPassword, default);
            Assert.Equal([person.Extension == "100" ? Roles.TenantAdministrator : Roles.User], user!.Roles);
            Assert.Equal(SipCredentials.Ha1Md5(person.Extension, "demo.localhost", person.SipPassword), (await host.Reader.FindDevice(tenant, person.Extension))!.Ha1Md5);
        }

        var written = JsonDocument.Parse(File.ReadAllBytes(first.CredentialsPath)).RootElement;
        Assert.Equal("demo.localhost", written.GetProperty("domain").GetString());
        Assert.Equal(first.Created.Extensions[9].SipPassword, written.GetProperty("extensions")[9].GetProperty("sipPassword").GetString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first.CredentialsPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first.ApiKeyPath));
        var key = await host.ApiKeys.Verify(File.ReadAllText(first.ApiKeyPath).Trim());
        Assert.Equal([Roles.PlatformAdministrator], key!.Roles);
        Assert.Null(key.Tenant);
    }

    [Fact]
    public async Task A_server_that_has_tenants_gets_no_demo_and_a_lost_key_is_replaced()
    {
        await using var host = await ConfigurationHost.Start();
        await host.AddTenant("pbx.example");
        var start = await host.Demo.EnsureAsync();
        var old = File.ReadAllText(start.ApiKeyPath).Trim();
        File.Delete(start.ApiKeyPath);

        await host.Demo.EnsureAsync();

        Assert.Null(start.Created);
        Assert.Null(await host.Reader.FindTenant("demo.localhost"));
        Assert.NotNull(await host.ApiKeys.Verify(File.ReadAllText(start.ApiKeyPath).Trim()));
        Assert.Null(await host.ApiKeys.Verify(old));
    }

    [Fact]
    public async Task A_first_start_that_was_cut_short_is_finished_by_the_next()
    {
        await using var host = await ConfigurationHost.Start();
        await host.AddTenant("demo.localhost");

        var start = await host.Demo.EnsureAsync();

        Assert.Equal(10, start.Created!.Extensions.Count);
        Assert.NotNull(await host.Accounts.SignIn("109@demo.localhost", start.Created.Extensions[9].WebPassword, default));
    }
}
