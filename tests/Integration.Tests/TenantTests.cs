using System.Net;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests;

[Collection(ServerCollection.Name)]
public sealed class TenantTests(ServerFixture fixture)
{
    [Fact, Trait("Feature", "CON-41"), Trait("Feature", "AUTH-02")]
    public async Task Another_tenant_sees_nothing()
    {
        var tenant = await fixture.Server.AddTenant(2);
        var other = await fixture.Server.AddTenant(3);
        await SippCall.Play(tenant, "caller-hangs-up", "callee-answers");
        using var caller = await tenant.SignIn(100);
        var call = CallRecord.Of(await caller.LastCall());

        using var stranger = await other.SignIn(100); // the administrator of the other one

        Assert.Empty(await stranger.Calls());
        Assert.Equal(HttpStatusCode.NotFound, await stranger.GetStatus($"/api/v1/calls/{call.Id}"));
        var people = (await stranger.Get("/api/v1/presence")).GetProperty("people").EnumerateArray().ToList();
        Assert.Equal(["100", "101", "102"], people.Select(person => person.GetProperty("extension").GetString()!).Order());
        Assert.All(people, person => Assert.Equal("offline", person.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_number_of_another_tenant_cannot_be_dialled()
    {
        var tenant = await fixture.Server.AddTenant(1);
        var other = await fixture.Server.AddTenant(2);
        await using var theirs = new TestPhone(other.Account(101));
        await theirs.Register();

        await Sipp.Run("caller-is-refused", tenant.Account(100), FreePorts.One(), new Dictionary<string, string> { ["number"] = "101", ["status"] = "404" });

        await Assert.ThrowsAsync<TimeoutException>(() => theirs.NextRequest("INVITE", TimeSpan.FromMilliseconds(500)));
    }

    [Fact, Trait("Feature", "AUTH-03")]
    public async Task A_password_of_another_tenant_is_worth_nothing()
    {
        var tenant = await fixture.Server.AddTenant(1);
        var other = await fixture.Server.AddTenant(1, first: 200);
        await using var phone = new TestPhone(other.Account(200) with { Domain = tenant.Domain });

        Assert.Equal(401, (await phone.Register()).Status);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => WebUser.SignIn(fixture.Server.Web, $"200@{tenant.Domain}", "Web_200_secret"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }
}
