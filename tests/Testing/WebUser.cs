using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Telephony.Testing;

/// <summary>A person who is signed in, with the cookie as a browser has it.</summary>
public sealed class WebUser : IDisposable
{
    private readonly HttpClient _http;

    private WebUser(HttpClient http, CookieContainer cookies)
    {
        _http = http;
        Cookies = cookies;
    }

    public CookieContainer Cookies { get; }

    /// <exception cref="HttpRequestException">The login was refused; with the status.</exception>
    public static async Task<WebUser> SignIn(Uri web, string login, string password)
    {
        var cookies = new CookieContainer();
        var user = new WebUser(new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = web }, cookies);
        await user.Send(HttpMethod.Post, "/api/v1/session", new { login, password });
        return user;
    }

    public async Task<JsonElement> Get(string path)
    {
        using var response = await _http.GetAsync(path);
        await Server.Succeeded(response);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<HttpStatusCode> GetStatus(string path)
    {
        using var response = await _http.GetAsync(path);
        return response.StatusCode;
    }

    /// <summary>An unsafe request, with the antiforgery token.</summary>
    public async Task Send(HttpMethod method, string path, object? body = null)
    {
        var session = await Get("/api/v1/session");
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-XSRF-TOKEN", session.GetProperty("antiforgery").GetString());
        using var response = await _http.SendAsync(request);
        await Server.Succeeded(response);
    }

    /// <summary>The first page of the history, newest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> Calls() => [.. (await Get("/api/v1/calls")).GetProperty("items").EnumerateArray()];

    /// <summary>The newest call, once the history has <paramref name="count"/>.</summary>
    public async Task<JsonElement> LastCall(int count = 1, TimeSpan? limit = null) => (await Eventually.Get(Calls, calls => calls.Count == count, limit))[0];

    public Task<JsonElement> Call(string id) => Get($"/api/v1/calls/{id}");

    /// <summary>A colleague's status, such as <c>available</c> or <c>ringing</c>.</summary>
    public async Task<string?> StatusOf(int extension)
    {
        var number = extension.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var people = (await Get("/api/v1/presence")).GetProperty("people").EnumerateArray();
        return people.Where(person => person.GetProperty("extension").GetString() == number).Select(person => person.GetProperty("status").GetString()).SingleOrDefault();
    }

    public void Dispose() => _http.Dispose();
}
