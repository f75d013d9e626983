namespace Telephony.Configuration.Tests;

public class ApiKeysTests
{
    [Fact]
    public async Task A_key_is_known_by_its_hash_alone()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("pbx.example");

        var key = await host.ApiKeys.Issue(tenant, "crm", [Roles.Agent], "test");

        var record = await host.ApiKeys.Verify(key);
        Assert.Equal((tenant, "crm"), (record!.Tenant, record.Name));
        Assert.Equal([Roles.Agent], record.Roles);
        Assert.Equal(1L, await host.Sql("select count(*) from config.api_keys where last_used_at is not null"));
        Assert.DoesNotContain(key.Split('_')[1], (string)(await host.Sql("select json_agg(k)::text || (select json_agg(a)::text from config.audit a) from config.api_keys k"))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_keys_are_refused()
    {
        await using var host = await ConfigurationHost.Start();
        var key = await host.ApiKeys.Issue(null, "tool", [Roles.PlatformAdministrator], "test");
        await host.ApiKeys.Verify(key);

        Assert.Null(await host.ApiKeys.Verify(key[..^1] + (key[^1] == '0' ? '1' : '0')));
        Assert.Null(await host.ApiKeys.Verify("unknownpre_" + key.Split('_')[1]));
        Assert.Null(await host.ApiKeys.Verify(""));
        Assert.Null(await host.ApiKeys.Verify("_"));
        Assert.Null(await host.ApiKeys.Verify(new string('x', 10_000)));
        Assert.NotNull(await host.ApiKeys.Verify(key));
    }

    [Fact]
    public async Task A_tenants_key_cannot_have_the_platforms_role()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("pbx.example");

        await Assert.ThrowsAsync<ArgumentException>(() => host.ApiKeys.Issue(tenant, "crm", [Roles.PlatformAdministrator], "test"));
    }

    [Fact]
    public async Task A_new_key_takes_the_place_of_the_one_of_its_name()
    {
        await using var host = await ConfigurationHost.Start();
        var old = await host.ApiKeys.Issue(null, "tool", [Roles.PlatformAdministrator], "test");

        var key = await host.ApiKeys.Issue(null, "tool", [Roles.PlatformAdministrator], "test");

        Assert.Null(await host.ApiKeys.Verify(old));
        Assert.NotNull(await host.ApiKeys.Verify(key));
    }
}
