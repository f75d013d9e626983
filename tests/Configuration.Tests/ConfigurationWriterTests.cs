namespace Telephony.Configuration.Tests;

public class ConfigurationWriterTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task A_new_tenant_has_an_opaque_id_its_domain_and_a_line_in_the_audit_log()
    {
        await using var host = await ConfigurationHost.Start();

        var (tenant, error, _) = await host.Writer.AddTenant(" PBX.Example ", "Example", "somebody");

        Assert.Null(error);
        Assert.Matches("^t[a-z2-7]{12}$", tenant!.Id);
        Assert.Equal(("Example", "pbx.example"), (tenant.Name, tenant.Domains[0]));
        Assert.Equal(tenant.Id, await host.Reader.FindTenant("pbx.example"));
        Assert.Equal("somebody tenant.added pbx.example", await host.Sql("select actor || ' ' || action || ' ' || (after ->> 'domain') from config.audit"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("has space.example")]
    [InlineData("-dash.example")]
    [InlineData("dash-.example")]
    [InlineData("two..dots")]
    [InlineData("snow☃.example")]
    [InlineData("pbx\n.example")]
    [InlineData("100@pbx.example")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123.example")]
    public async Task A_malformed_domain_is_refused(string domain)
    {
        var (tenant, error, isTaken) = await shared.Host.Writer.AddTenant(domain, null, "test");

        Assert.Null(tenant);
        Assert.NotNull(error);
        Assert.False(isTaken);
        Assert.Equal(0L, await shared.Host.Sql("select count(*) from config.tenants"));
    }

    [Fact]
    public async Task A_domain_belongs_to_one_tenant()
    {
        await using var host = await ConfigurationHost.Start();
        await host.AddTenant("pbx.example");

        var (tenant, _, isTaken) = await host.Writer.AddTenant("PBX.EXAMPLE", "Other", "test");

        Assert.Null(tenant);
        Assert.True(isTaken);
        Assert.Equal(1L, await host.Sql("select count(*) from config.tenants"));
    }

    [Fact]
    public async Task Silos_that_start_together_apply_each_file_once()
    {
        var database = await Testing.PostgresFixture.NewDatabase();

        var hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ConfigurationHost.Start(database)));

        Assert.Equal("001-configuration.sql,002-media-security.sql", await hosts[0].Sql("select string_agg(name, ',' order by name) from config.applied_sql"));
        foreach (var host in hosts) await host.DisposeAsync();
    }
}
