using Microsoft.Playwright;
using Telephony.Testing;
using static Microsoft.Playwright.Assertions;

namespace Telephony.Browser.Tests;

/// <summary>What holds for every page.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PageTests(ServerFixture fixture, ChromiumFixture chromium)
{
    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(360, ColorScheme.Light)]
    public async Task Nobody_is_kept_out(int width, ColorScheme scheme)
    {
        var tenant = await fixture.Server.AddTenant(3);
        await using var visitor = await chromium.Visit(fixture.Server.Web, width, scheme: scheme);
        await visitor.Page.GotoAsync("/people");
        await Expect(visitor.Page.GetByLabel("Login")).ToBeVisibleAsync();
        Assert.Empty(await visitor.Barriers());
        await visitor.FillSignIn($"100@{tenant.Domain}", "Web_100_secret");

        await Expect(visitor.Person(102)).ToBeVisibleAsync();
        Assert.Empty(await visitor.Barriers());
        await visitor.Page.GotoAsync("/history");
        await Expect(visitor.Page.GetByText("No calls yet")).ToBeVisibleAsync();
        Assert.Empty(await visitor.Barriers());

        Assert.Equal(0, await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"));
        visitor.AssertNothingBroke();
    }

    [Fact]
    public async Task The_language_follows_the_browser_and_then_the_choice()
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var visitor = await chromium.Visit(fixture.Server.Web, language: "fr-BE");
        await visitor.Page.GotoAsync("/people");

        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Se connecter" })).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Langue" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Menuitem, new() { Name = "English" }).ClickAsync();
        await visitor.FillSignIn($"100@{tenant.Domain}", "Web_100_secret");
        await Expect(visitor.Page.GetByTestId("my-line")).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Language" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Nederlands" }).ClickAsync();
        await visitor.Page.ReloadAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Collega’s" })).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("lang", "nl");
    }

    [Fact]
    public async Task The_page_says_that_the_server_is_away_and_comes_back_with_it()
    {
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs);
        var tenant = await server.AddTenant(2);
        await using var visitor = await chromium.Visit(server.Web);
        await visitor.SignIn(tenant, 100);
        await Expect(visitor.Person(101)).ToContainTextAsync("Offline");

        await server.Kill();
        await Expect(visitor.Page.GetByText("Reconnecting…")).ToBeVisibleAsync();
        await Expect(visitor.Person(101)).ToContainTextAsync("Unknown");
        await server.Start();

        await Expect(visitor.Page.GetByText("Reconnecting…")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await Expect(visitor.Page.GetByText("Not connected since")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await Expect(visitor.Person(101)).ToContainTextAsync("Offline");
    }
}
