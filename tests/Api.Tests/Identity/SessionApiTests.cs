using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Telephony.Api.Tests.Identity;

public class SessionApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact, Trait("Feature", "AUTH-01"), Trait("Feature", "AUTH-02"), Trait("Feature", "AUTH-03")]
    public async Task Login_and_password_sign_a_person_in_until_they_sign_out()
    {
        var tenant = await host.AddTenant();
        using var browser = new Browser(host);
        Assert.False((await browser.Get("/api/v1/session")).GetProperty("signedIn").GetBoolean());

        using var signedIn = await browser.TrySignIn($"100@{tenant.Domain.ToUpperInvariant()}", ApiHost.Password);

        Assert.True((await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("signedIn").GetBoolean());
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("telephony=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.True((await browser.Get("/api/v1/session")).GetProperty("signedIn").GetBoolean());
        var me = await browser.Get("/api/v1/me");
        Assert.Equal($"100@{tenant.Domain}", me.GetProperty("login").GetString());
        Assert.Equal(("Alice", "Sales", $"alice@{tenant.Domain}"), (me.GetProperty("displayName").GetString(), me.GetProperty("department").GetString(), me.GetProperty("email").GetString()));
        Assert.Equal("tenant_administrator", me.GetProperty("roles")[0].GetString());
        Assert.Equal((tenant.Id, tenant.Domain), (me.GetProperty("tenant").GetProperty("id").GetString(), me.GetProperty("tenant").GetProperty("domain").GetString()));
        Assert.Equal("100", me.GetProperty("phones")[0].GetProperty("device").GetString());
        Assert.False(me.GetProperty("phones")[0].GetProperty("online").GetBoolean());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", me.GetProperty("serverTime").GetString());

        using var signedOut = await browser.Send(HttpMethod.Delete, "/api/v1/session");

        Assert.Equal(HttpStatusCode.NoContent, signedOut.StatusCode);
        await browser.Http.GetAsync("/api/v1/me").IsProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Wrong_and_unknown_get_the_same_answer_in_about_the_same_time()
    {
        var tenant = await host.AddTenant();
        using var browser = new Browser(host);
        await browser.TrySignIn($"100@{tenant.Domain}", "warm-up");

        var (wrong, wrongTime) = await Time($"100@{tenant.Domain}");
        var (unknown, unknownTime) = await Time($"999@{tenant.Domain}");
        var (nowhere, nowhereTime) = await Time("100@nowhere.example");
        var (closed, closedTime) = await Time($"103@{tenant.Domain}"); // no web password

        Assert.Equal([wrong, wrong, wrong], [unknown, nowhere, closed]);
        Assert.All([unknownTime, nowhereTime, closedTime], time => Assert.InRange(time / wrongTime, 0.3, 3)); // a missing hash would be some 20 times faster

        async Task<(string Answer, double Time)> Time(string login)
        {
            var times = new List<double>();
            var answer = "";
            for (var i = 0; i < 5; i++)
            {
                var since = Stopwatch.GetTimestamp();
                var problem = await browser.TrySignIn(login, "Wr0ngPass!").IsProblem(HttpStatusCode.Unauthorized);
                times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
                answer = problem.GetProperty("detail").GetString()!;
            }

            return (answer, times.Min());
        }
    }

    [Fact]
    public async Task Too_many_attempts_lock_a_login_whether_it_exists_or_not_and_no_other()
    {
        var tenant = await host.AddTenant();
        using var browser = new Browser(host);
        foreach (var login in new[] { $"101@{tenant.Domain}", $"555@{tenant.Domain}" })
        {
            for (var i = 0; i < 10; i++) await browser.TrySignIn(login, "Wr0ngPass!").IsProblem(HttpStatusCode.Unauthorized);

            using var locked = await browser.TrySignIn(login, ApiHost.Password);

            Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
            Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        }

        using var other = await browser.TrySignIn($"102@{tenant.Domain}", ApiHost.Password);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"login":"","password":""}""")]
    [InlineData("""{"login":null,"password":null}""")]
    [InlineData("""{"login":5,"password":true}""")]
    [InlineData("[]")]
    [InlineData("not json")]
    public async Task A_malformed_sign_in_is_a_bad_request(string body)
    {
        using var http = host.Nobody();

        await http.PostAsync("/api/v1/session", new StringContent(body, Encoding.UTF8, "application/json")).IsProblem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_a_form_of_another_site_can_send_is_refused()
    {
        using var http = host.Nobody();

        await http.PostAsync("/api/v1/session", new StringContent("""{"login":"a@b","password":"c"}""", Encoding.UTF8, "text/plain")).IsProblem(HttpStatusCode.UnsupportedMediaType);
        await http.PostAsync("/api/v1/session", new FormUrlEncodedContent([new("login", "a@b"), new("password", "c")])).IsProblem(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        using var http = host.Nobody();

        await http.PostAsJsonAsync("/api/v1/session", new { login = new string('x', 100_000), password = "x" }).IsProblem(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task An_unsafe_request_with_the_cookie_needs_the_antiforgery_token_of_the_same_person()
    {
        var tenant = await host.AddTenant();
        using var alice = await tenant.SignIn("100");
        using var bob = await tenant.SignIn("101");
        using var anonymous = new Browser(host);
        var anonymousToken = (await anonymous.Get("/api/v1/session")).GetProperty("antiforgery").GetString()!;

        await alice.Http.DeleteAsync("/api/v1/session").IsProblem(HttpStatusCode.BadRequest);
        await alice.Send(HttpMethod.Delete, "/api/v1/session", antiforgery: "made-up").IsProblem(HttpStatusCode.BadRequest);
        await alice.Send(HttpMethod.Delete, "/api/v1/session", antiforgery: bob.Antiforgery).IsProblem(HttpStatusCode.BadRequest);
        await alice.Send(HttpMethod.Delete, "/api/v1/session", antiforgery: anonymousToken).IsProblem(HttpStatusCode.BadRequest);
        using var done = await alice.Send(HttpMethod.Delete, "/api/v1/session");

        Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
    }

    [Fact]
    public async Task A_new_password_or_role_ends_the_sign_in()
    {
        var tenant = await host.AddTenant();
        using var alice = await tenant.SignIn("100");
        using var bob = await tenant.SignIn("101");

        await host.Import(tenant.Id, "extension,display_name,department,email,sip_password,web_password,role\n100,Alice,,,,,user\n101,Bob,,,,0therPass!,supervisor\n");

        await alice.Http.GetAsync("/api/v1/me").IsProblem(HttpStatusCode.Unauthorized);
        await bob.Http.GetAsync("/api/v1/me").IsProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_damaged_cookie_is_nobodys()
    {
        using var http = host.Nobody();
        http.DefaultRequestHeaders.Add("Cookie", "telephony=AAAAAAAAAAAAAAAAAAAAAAAAA");

        await http.GetAsync("/api/v1/me").IsProblem(HttpStatusCode.Unauthorized);
    }
}
