using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Telephony.Configuration;

namespace Telephony.Api.Tests.Admin;

public class AdminApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Header = "extension,display_name,department,email,sip_password,web_password,role\n";

    [Fact]
    public async Task The_platform_adds_tenants_and_sees_all()
    {
        using var platform = host.Platform();

        using var added = await platform.PostAsJsonAsync("/api/v1/admin/tenants", new { domain = "New.Example", name = "New" });

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var tenant = await added.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("new.example", "New"), (tenant.GetProperty("domain").GetString(), tenant.GetProperty("name").GetString()));
        Assert.Contains("new.example", (await platform.GetFromJsonAsync<JsonElement>("/api/v1/admin/tenants")).EnumerateArray().Select(t => t.GetProperty("domain").GetString()));
        await platform.PostAsJsonAsync("/api/v1/admin/tenants", new { domain = "new.example" }).IsProblem(HttpStatusCode.Conflict);
        await platform.PostAsJsonAsync("/api/v1/admin/tenants", new { domain = "not a domain" }).IsProblem(HttpStatusCode.BadRequest);
        await platform.PostAsJsonAsync("/api/v1/admin/tenants", new { }).IsProblem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_tenants_administrator_imports_into_the_own_tenant_alone()
    {
        var tenant = await host.AddTenant();
        var other = await host.AddTenant();
        using var alice = await tenant.SignIn("100");
        using var carol = await tenant.SignIn("102");

        using var imported = await Import(alice, tenant.Domain, "200,Eve,,,secret-200,,user\n201,Mallory,,,secret-201,,user\n");

        Assert.Equal(2, (await imported.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("imported").GetInt32());
        await Import(alice, other.Domain, "200,Eve,,,secret-200,,user\n").IsProblem(HttpStatusCode.NotFound);
        await Import(alice, "nowhere.example", "200,Eve,,,secret-200,,user\n").IsProblem(HttpStatusCode.NotFound);
        await Import(carol, tenant.Domain, "200,Eve,,,secret-200,,user\n").IsProblem(HttpStatusCode.Forbidden);
        Assert.Equal(4, (await host.Services.GetRequiredService<IConfigurationReader>().ListExtensions(other.Id)).Count);
    }

    [Fact]
    public async Task A_tenants_administrator_says_whether_a_devices_sound_is_encrypted()
    {
        var tenant = await host.AddTenant();
        var other = await host.AddTenant();
        using var alice = await tenant.SignIn("100");
        using var carol = await tenant.SignIn("102");
        var path = $"/api/v1/admin/tenants/{tenant.Domain}/devices/102";

        var before = await alice.Get(path);
        using var changed = await alice.Send(HttpMethod.Put, path, new { mediaSecurity = "required" });
        var after = await alice.Get(path);

        Assert.Equal(("102", "102", "optional"), (before.GetProperty("username").GetString(), before.GetProperty("extension").GetString(), before.GetProperty("mediaSecurity").GetString()));
        Assert.Equal((HttpStatusCode.OK, "required"), (changed.StatusCode, after.GetProperty("mediaSecurity").GetString()));
        await alice.Send(HttpMethod.Put, path, new { mediaSecurity = "always" }).IsProblem(HttpStatusCode.BadRequest);
        await alice.Send(HttpMethod.Put, $"/api/v1/admin/tenants/{tenant.Domain}/devices/nobody", new { mediaSecurity = "none" }).IsProblem(HttpStatusCode.NotFound);
        await alice.Send(HttpMethod.Put, $"/api/v1/admin/tenants/{other.Domain}/devices/102", new { mediaSecurity = "none" }).IsProblem(HttpStatusCode.NotFound);
        await carol.Send(HttpMethod.Put, path, new { mediaSecurity = "none" }).IsProblem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_bad_file_is_reported_by_line_and_nothing_is_imported()
    {
        var tenant = await host.AddTenant();
        using var platform = host.Platform();

        var problem = await platform.PostAsync(Path(tenant.Domain), Csv("200,Eve,,,secret-200,,user\nx,Eve,,,short,,boss\n")).IsProblem(HttpStatusCode.UnprocessableEntity);

        Assert.Equal(3, problem.GetProperty("errors").GetProperty("line 3").GetArrayLength());
        Assert.Equal(4, (await host.Services.GetRequiredService<IConfigurationReader>().ListExtensions(tenant.Id)).Count);
        await platform.PostAsync(Path(tenant.Domain), new StringContent("{}", Encoding.UTF8, "application/json")).IsProblem(HttpStatusCode.UnsupportedMediaType);
        await platform.PostAsync(Path(tenant.Domain), null).IsProblem(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task An_import_tells_how_far_it_is_when_asked_to()
    {
        var tenant = await host.AddTenant();
        using var platform = host.Platform();
        var rows = string.Concat(Enumerable.Range(1000, 2000).Select(n => $"{n},Person {n},,,secret-{n},,user\n"));

        var good = await Stream(platform, tenant.Domain, rows);
        var bad = await Stream(platform, tenant.Domain, "x,Eve,,,secret-200,,user\n");

        Assert.True(good.Count >= 2);
        Assert.All(good.SkipLast(1), line => Assert.Equal(2000, line.GetProperty("total").GetInt32()));
        Assert.Equal(2000, good[^1].GetProperty("imported").GetInt32());
        var problem = Assert.Single(bad).GetProperty("problem");
        Assert.Equal(422, problem.GetProperty("status").GetInt32());
        Assert.Contains("extension must be", problem.GetProperty("errors").GetProperty("line 2")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused()
    {
        var tenant = await host.AddTenant();
        using var platform = host.Platform();
        using var body = new StreamContent(new Endless(33 * 1024 * 1024)) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv"), ContentLength = 33 * 1024 * 1024 } };
        using var request = new HttpRequestMessage(HttpMethod.Post, Path(tenant.Domain)) { Content = body, Headers = { ExpectContinue = true } };

        await platform.SendAsync(request).IsProblem(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_projection_that_does_not_exist_is_not_found()
    {
        using var platform = host.Platform();

        await platform.PostAsync("/api/v1/admin/projections/nothing/rebuild", null).IsProblem(HttpStatusCode.NotFound);
    }

    private static string Path(string domain) => $"/api/v1/admin/tenants/{domain}/extensions/import";

    private static StringContent Csv(string rows) => new(Header + rows, Encoding.UTF8, "text/csv");

    private static async Task<HttpResponseMessage> Import(Browser browser, string domain, string rows)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path(domain)) { Content = Csv(rows), Headers = { { "X-XSRF-TOKEN", browser.Antiforgery } } };
        return await browser.Http.SendAsync(request);
    }

    private static async Task<List<JsonElement>> Stream(HttpClient http, string domain, string rows)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path(domain)) { Content = Csv(rows), Headers = { Accept = { new("application/x-ndjson") } } };
        using var response = await http.SendAsync(request);
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        return [.. (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>As many bytes as one likes, without holding them.</summary>
    private sealed class Endless(long length) : System.IO.Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - Position);
            Position += read;
            return read;
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
