using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Telephony.Configuration;

namespace Telephony.Api.Tests.Identity;

public class ApiKeyTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_program_of_a_tenant_sees_its_tenant_alone()
    {
        var tenant = await host.AddTenant();
        var other = await host.AddTenant();
        using var program = host.Program(await host.Services.GetRequiredService<ApiKeys>().Issue(tenant.Id, "crm", [Roles.TenantAdministrator], "test"));

        var tenants = await program.GetFromJsonAsync<JsonElement>("/api/v1/admin/tenants");

        Assert.Equal([tenant.Domain], tenants.EnumerateArray().Select(t => t.GetProperty("domain").GetString()));
        Assert.Equal(4, (await program.GetFromJsonAsync<JsonElement>("/api/v1/presence")).GetProperty("people").GetArrayLength());
        await program.PostAsync($"/api/v1/admin/tenants/{other.Domain}/extensions/import", Csv()).IsProblem(HttpStatusCode.NotFound);
        await program.PostAsJsonAsync("/api/v1/admin/tenants", new { domain = "more.example" }).IsProblem(HttpStatusCode.Forbidden);
        await program.PostAsync("/api/v1/admin/projections/cdr/rebuild", null).IsProblem(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("abcdefghij_0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task An_unknown_key_is_refused(string key)
    {
        using var program = host.Program(key);

        using var response = await program.GetAsync("/api/v1/presence");

        Assert.StartsWith("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        await program.GetAsync("/api/v1/presence").IsProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_platforms_key_belongs_to_no_tenant()
    {
        using var platform = host.Platform();

        foreach (var path in new[] { "/api/v1/me", "/api/v1/presence", "/api/v1/calls" }) await platform.GetAsync(path).IsProblem(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/api/v1/me")]
    [InlineData("/api/v1/presence")]
    [InlineData("/api/v1/calls")]
    [InlineData("/api/v1/calls/0191c7a0-0000-7000-8000-000000000000")]
    [InlineData("/api/v1/admin/tenants")]
    [InlineData("/api/v1/events")]
    [InlineData("/hubs/telephony")]
    public async Task Nothing_is_told_to_nobody(string path)
    {
        using var http = host.Nobody();

        await http.GetAsync(path).IsProblem(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/api/v1/admin/tenants")]
    [InlineData("/api/v1/events")]
    public async Task Administration_is_not_for_users_or_supervisors(string path)
    {
        var tenant = await host.AddTenant();
        using var supervisor = await tenant.SignIn("101");
        using var user = await tenant.SignIn("102");

        await supervisor.Http.GetAsync(path).IsProblem(HttpStatusCode.Forbidden);
        await user.Http.GetAsync(path).IsProblem(HttpStatusCode.Forbidden);
    }

    private static StringContent Csv() => new("extension,display_name,department,email,sip_password,web_password,role\n200,Eve,,,secret-200,,user\n", System.Text.Encoding.UTF8, "text/csv");
}
