using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Telephony.Api.Tests;

/// <summary>A browser: keeps cookies, and sends the antiforgery token as the web client does.</summary>
public sealed class Browser(ApiHost host) : IDisposable
{
    public CookieContainer Cookies { get; } = new();
    public HttpClient Http => field ??= new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies }) { BaseAddress = host.Address };
    public string Antiforgery { get; private set; } = "";

    public static async Task<Browser> SignIn(ApiHost host, string login, string password)
    {
        var browser = new Browser(host);
        using var response = await browser.TrySignIn(login, password);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return browser;
    }

    public async Task<HttpResponseMessage> TrySignIn(string login, string password)
    {
        var response = await Http.PostAsJsonAsync("/api/v1/session", new { login, password });
        if (response.IsSuccessStatusCode) Antiforgery = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("antiforgery").GetString()!;
        return response;
    }

    public Task<JsonElement> Get(string path) => Http.GetFromJsonAsync<JsonElement>(path);

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body = null, string? antiforgery = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-XSRF-TOKEN", antiforgery ?? Antiforgery);
        return await Http.SendAsync(request);
    }

    public string CookieHeader => Cookies.GetCookieHeader(host.Address);

    public void Dispose() => Http.Dispose();
}
