using System.Text;
using Microsoft.Playwright;
using Telephony.Testing;
using Telephony.Testing.Phones;
using static Microsoft.Playwright.Assertions;

namespace Telephony.Browser.Tests;

[Collection(BrowserCollection.Name)]
public sealed class PeopleTests(ServerFixture fixture, ChromiumFixture chromium)
{
    [Fact, Trait("Feature", "CON-10"), Trait("Feature", "PRES-05")]
    public async Task The_directory_shows_everybody_with_name_status_department_and_number()
    {
        var tenant = await fixture.Server.AddTenant(12);
        await using var visitor = await chromium.Visit(fixture.Server.Web);

        await visitor.SignIn(tenant, 105);

        await Expect(visitor.People).ToHaveAttributeAsync("aria-rowcount", "13");
        foreach (var extension in Enumerable.Range(100, 12)) await Expect(visitor.Person(extension)).ToContainTextAsync(TestTenant.Name(extension));
        foreach (var column in (string[])["Name", "Status", "Department", "Ext."])
        {
            await Expect(visitor.People.GetByRole(AriaRole.Columnheader, new() { Name = column, Exact = true })).ToBeVisibleAsync();
        }

        await Expect(visitor.Person(100).GetByRole(AriaRole.Gridcell)).ToContainTextAsync(["Person 100", "Offline", "Sales", "100"]);
        visitor.AssertNothingBroke();
    }

    [Fact]
    public async Task The_search_takes_part_of_a_number_and_stands_in_the_address()
    {
        var tenant = await fixture.Server.AddTenant(12);
        await using var visitor = await chromium.Visit(fixture.Server.Web);
        await visitor.SignIn(tenant, 100);

        await visitor.Page.Keyboard.PressAsync("/");
        await visitor.Page.Keyboard.TypeAsync("1 1 1");
        await Expect(visitor.People).ToHaveAttributeAsync("aria-rowcount", "2");
        await visitor.Page.WaitForURLAsync("**/people?q=*");
        await visitor.Page.ReloadAsync();

        await Expect(visitor.Person(111)).ToBeVisibleAsync();
        await Expect(visitor.People).ToHaveAttributeAsync("aria-rowcount", "2");
        await visitor.Page.GetByRole(AriaRole.Searchbox).FillAsync("vanx");
        await Expect(visitor.Page.GetByText("Nobody matches “vanx”")).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Show everybody" }).ClickAsync();
        await Expect(visitor.People).ToHaveAttributeAsync("aria-rowcount", "13");
    }

    [Fact]
    public async Task Of_a_thousand_people_only_those_in_sight_are_drawn_and_the_keyboard_reaches_the_last()
    {
        var tenant = await fixture.Server.AddTenant(1, first: 1000);
        await AddColleagues(tenant, first: 1001, count: 999);
        await using var visitor = await chromium.Visit(fixture.Server.Web);
        await visitor.SignIn(tenant, 1000);
        await Expect(visitor.People).ToHaveAttributeAsync("aria-rowcount", "1001");
        Assert.InRange(await visitor.People.Locator("[data-extension]").CountAsync(), 10, 60);

        await visitor.Person(1000).FocusAsync();
        await visitor.Page.Keyboard.PressAsync("End");

        await Expect(visitor.Person(1999)).ToBeFocusedAsync();
        await Expect(visitor.Person(1999)).ToBeInViewportAsync();
        visitor.AssertNothingBroke();
    }

    [Fact, Trait("Feature", "DEV-28"), Trait("Feature", "DEV-29")]
    public async Task My_phones_are_shown_as_they_come_and_go()
    {
        var tenant = await fixture.Server.AddTenant(1);
        await using var visitor = await chromium.Visit(fixture.Server.Web);
        await visitor.SignIn(tenant, 100);
        var phones = visitor.Page.GetByTestId("active-phones");
        await Expect(visitor.Page.GetByTestId("my-line")).ToContainTextAsync("Not connected");

        await using var office = new TestPhone(tenant.Account(100));
        await office.Register();
        await Expect(visitor.Page.GetByTestId("my-line")).ToContainTextAsync("Connected");
        await Expect(phones.Locator("[data-online=yes]")).ToHaveCountAsync(1);
        await using var home = await Baresip.Start(tenant.Account(100), 440);
        await Expect(phones.Locator("[data-online=yes]")).ToHaveCountAsync(2, new() { Timeout = 30_000 });
        await Expect(phones).ToContainTextAsync("baresip");
        await office.Register(expires: 0);

        await Expect(phones.Locator("[data-online=yes]")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        await Expect(visitor.Page.GetByTestId("my-status")).ToContainTextAsync("Available");
    }

    /// <summary>People without web sign-in: passwords take their time.</summary>
    private async Task AddColleagues(TestTenant tenant, int first, int count)
    {
        var csv = "extension,display_name,department,email,sip_password,web_password,role\n"
            + string.Concat(Enumerable.Range(first, count).Select(number => $"{number},{TestTenant.Name(number)},Sales,,sip-{number}-secret,,user\n"));
        using var response = await fixture.Server.Administrator.PostAsync(
            $"/api/v1/admin/tenants/{tenant.Domain}/extensions/import", new StringContent(csv, Encoding.UTF8, "text/csv"));
        response.EnsureSuccessStatusCode();
    }
}
