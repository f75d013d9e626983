using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Telephony.Testing;

namespace Telephony.Api.Tests.Web;

public class WebTests
{
    [Fact]
    public async Task The_web_client_is_served_with_its_page_for_every_address_that_is_not_the_apis()
    {
        var root = Directory.CreateTempSubdirectory("telephony-web-").FullName;
        Directory.CreateDirectory(Path.Combine(root, "assets"));
        await File.WriteAllTextAsync(Path.Combine(root, "index.html"), "<!doctype html><title>Telephony</title>");
        await File.WriteAllTextAsync(Path.Combine(root, "assets", "app-1a2b.js"), "export {};");
        await using var host = new DisposableHost(new ApiHost { Settings = { ["Telephony:Http:WebRoot"] = root } });
        await host.Value.InitializeAsync();
        using var http = host.Value.Nobody();

        using var page = await http.GetAsync("/calls/0191c7a0");
        using var script = await http.GetAsync("/assets/app-1a2b.js");

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Telephony", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("text/html", (await http.GetAsync("/")).Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", script.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        foreach (var path in new[] { "/api/v1/nothing", "/api", "/hubs/other", "/assets/gone.js" }) await http.GetAsync(path).IsProblem(HttpStatusCode.NotFound);
        await http.PostAsync("/calls", null).IsProblem(HttpStatusCode.NotFound);
        Assert.DoesNotContain("root:", await http.GetStringAsync("/..%2f..%2f..%2f..%2fetc/passwd"), StringComparison.Ordinal);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Every_answer_has_the_security_headers()
    {
        await using var host = new DisposableHost(new ApiHost());
        await host.Value.InitializeAsync();
        using var http = host.Value.Nobody();

        foreach (var path in new[] { "/", "/api/v1/session", "/api/v1/me", "/healthz" })
        {
            using var response = await http.GetAsync(path);
            Assert.Contains("frame-ancestors 'none'", Header(response, "Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Contains("script-src 'self';", Header(response, "Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
            Assert.Equal("no-referrer", Header(response, "Referrer-Policy"));
            Assert.False(response.Headers.Contains("Server"));
        }

        static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
    }

    [Fact]
    public async Task The_openapi_document_describes_every_endpoint()
    {
        await using var host = new DisposableHost(new ApiHost());
        await host.Value.InitializeAsync();
        using var http = host.Value.Nobody();

        var document = await http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        var paths = document.GetProperty("paths");
        string[] expected =
        [
            "/api/v1/session", "/api/v1/me", "/api/v1/presence", "/api/v1/calls", "/api/v1/calls/{id}", "/api/v1/calls/{id}/flag", "/api/v1/calls/{id}/quality", "/api/v1/admin/tenants",
            "/api/v1/admin/tenants/{domain}/extensions/import", "/api/v1/admin/tenants/{domain}/devices/{username}", "/api/v1/admin/projections/{name}/rebuild", "/api/v1/events",
        ];
        Assert.Equal(expected.Order(), paths.EnumerateObject().Select(path => path.Name).Order());
        Assert.All(paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()), operation => Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!));
        Assert.Contains("date-time", document.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_told_truthfully()
    {
        await using var server = await PostgresFixture.StartNew();
        await using var host = new DisposableHost(new ApiHost { Postgres = await server.CreateDatabase() });
        await host.Value.InitializeAsync();
        using var http = host.Value.Nobody();
        var tenant = await host.Value.AddTenant();
        using var alice = await tenant.SignIn("100");

        await alice.Get("/api/v1/presence");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz")).StatusCode);
        Assert.Equal((HttpStatusCode.OK, "healthy"), await Check("postgres"));

        host.Value.Blobs.CheckAsync(Arg.Any<CancellationToken>()).ThrowsAsync(new IOException("away"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy"), await Check("blobs"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "healthy"), await Check("postgres"));

        await server.Stop();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy"), await Check("postgres"));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz")).StatusCode);
        Assert.Equal(4, (await alice.Get("/api/v1/presence")).GetProperty("people").GetArrayLength()); // what is known goes on
        await alice.TrySignIn($"101@{tenant.Domain}", ApiHost.Password).IsProblem(HttpStatusCode.ServiceUnavailable);

        async Task<(HttpStatusCode, string?)> Check(string name)
        {
            using var response = await http.GetAsync("/readyz");
            var report = await response.Content.ReadFromJsonAsync<JsonElement>();
            return (response.StatusCode, report.GetProperty("checks").GetProperty(name).GetProperty("status").GetString());
        }
    }

    [Fact]
    public async Task Large_answers_are_compressed()
    {
        await using var host = new DisposableHost(new ApiHost());
        await host.Value.InitializeAsync();
        using var http = host.Value.Nobody();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json") { Headers = { AcceptEncoding = { new("br") } } };

        using var response = await http.SendAsync(request);

        Assert.Equal("br", response.Content.Headers.ContentEncoding.Single());
    }

    private sealed class DisposableHost(ApiHost host) : IAsyncDisposable
    {
        public ApiHost Value { get; } = host;

        public async ValueTask DisposeAsync() => await Value.DisposeAsync();
    }
}
