using Microsoft.Playwright;
using Telephony.Testing;
using static Microsoft.Playwright.Assertions;

namespace Telephony.Browser.Tests;

[Collection(BrowserCollection.Name)]
public sealed class SignInTests(ServerFixture fixture, ChromiumFixture chromium)
{
    private const string Refusal = "This login and password do not belong together. Check both and try again.";

    [Fact, Trait("Feature", "AUTH-01"), Trait("Feature", "AUTH-02"), Trait("Feature", "AUTH-03")]
    public async Task A_wrong_password_and_an_unknown_login_get_the_same_answer_and_the_right_one_gets_in()
    {
        var tenant = await fixture.Server.AddTenant(2);
        await using var visitor = await chromium.Visit(fixture.Server.Web);
        await visitor.Page.GotoAsync("/");

        await visitor.FillSignIn($"100@{tenant.Domain}", "wrong");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(Refusal);
        await Expect(visitor.Page.GetByLabel("Password", new() { Exact = true })).ToBeFocusedAsync();
        await visitor.FillSignIn($"999@{tenant.Domain}", "Web_100_secret");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(Refusal);
        await visitor.FillSignIn($"100@{tenant.Domain}", "Web_100_secret");

        await Expect(visitor.Person(100)).ToBeVisibleAsync();
        Assert.EndsWith("/people", visitor.Page.Url, StringComparison.Ordinal);
        visitor.AssertNothingBroke();
    }

    [Fact, Trait("Feature", "AUTH-02")]
    public async Task A_login_without_a_domain_is_explained_before_it_is_sent()
    {
        await using var visitor = await chromium.Visit(fixture.Server.Web);
        await visitor.Page.GotoAsync("/");

        await visitor.FillSignIn("100", "x");

        await Expect(visitor.Page.GetByText("A login has an extension, an @ and a domain")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByLabel("Login")).ToBeFocusedAsync();
    }

    [Fact, Trait("Feature", "AUTH-01")]
    public async Task The_keyboard_is_enough_and_one_lands_where_one_wanted_to_go()
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var visitor = await chromium.Visit(fixture.Server.Web);
        await visitor.Page.GotoAsync("/history");
        await Expect(visitor.Page.GetByLabel("Login")).ToBeFocusedAsync();

        await visitor.Page.Keyboard.TypeAsync($"100@{tenant.Domain}");
        await visitor.Page.Keyboard.PressAsync("Tab");
        await visitor.Page.Keyboard.TypeAsync("Web_100_secret");
        await visitor.Page.Keyboard.PressAsync("Enter");

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "History" })).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("No calls yet")).ToBeVisibleAsync();
        await visitor.Page.Keyboard.PressAsync("g");
        await visitor.Page.Keyboard.PressAsync("p");
        await Expect(visitor.Person(100)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task After_signing_out_the_pages_are_closed()
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var visitor = await chromium.Visit(fixture.Server.Web);
        await visitor.SignIn(tenant, 100);
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Person(100)).ToBeVisibleAsync();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(visitor.Page.GetByLabel("Login")).ToBeVisibleAsync();
        await visitor.Page.ReloadAsync();

        await Expect(visitor.Page.GetByLabel("Login")).ToBeVisibleAsync();
        await Expect(visitor.People).ToHaveCountAsync(0);
    }
}
