using System.Net;

namespace Telephony.Api.Tests.Presence;

public class PresenceApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact, Trait("Feature", "CON-10"), Trait("Feature", "CON-41"), Trait("Feature", "PRES-05")]
    public async Task Everybody_of_ones_own_tenant_is_listed_with_their_status()
    {
        var tenant = await host.AddTenant();
        var other = await host.AddTenant();
        await host.DirectoryOf(other.Id).DeviceReported("100", "100", DateTimeOffset.MaxValue, 1);
        using var alice = await tenant.SignIn("100");

        var snapshot = await alice.Get("/api/v1/presence");

        var people = snapshot.GetProperty("people").EnumerateArray().ToList();
        Assert.Equal(["Alice", "Bob", "Carol", "Dave"], people.Select(p => p.GetProperty("displayName").GetString()));
        Assert.All(people, p => Assert.Equal("offline", p.GetProperty("status").GetString()));
        Assert.Equal("Sales", people[0].GetProperty("department").GetString());
        Assert.Equal((0, 1), (people[0].GetProperty("onlineDevices").GetInt32(), people[0].GetProperty("devices").GetInt32()));
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        var tenant = await host.AddTenant();
        using var alice = await tenant.SignIn("100");
        using var first = await alice.Http.GetAsync("/api/v1/presence");

        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/presence") { Headers = { { "If-None-Match", first.Headers.ETag!.ToString() } } };
        using var same = await alice.Http.SendAsync(again);
        await host.DirectoryOf(tenant.Id).ExtensionReported("100", isRinging: true, isOnCall: false, 1);
        await host.DirectoryOf(tenant.Id).GetPresence();
        await Testing.Eventually.Is(async () =>
        {
            using var later = new HttpRequestMessage(HttpMethod.Get, "/api/v1/presence") { Headers = { { "If-None-Match", first.Headers.ETag.ToString() } } };
            using var response = await alice.Http.SendAsync(later);
            return response.StatusCode == HttpStatusCode.OK;
        });

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Empty(await same.Content.ReadAsByteArrayAsync());
    }
}
