using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telephony.Testing;
using Telephony.Testing.Phones;
using static Microsoft.Playwright.Assertions;

namespace Telephony.Browser.Tests;

/// <summary>Two real phones call each other while people look on.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class CallTests(ServerFixture fixture, ChromiumFixture chromium)
{
    [GeneratedRegex(@"^\d+ seconds? \(\d+(\.\d{1,3})?\)$")]
    private static partial Regex Duration { get; }

    [GeneratedRegex(@"\d{2}-\d{2}-\d{4} \d{2}:\d{2}:\d{2}")]
    private static partial Regex RecordTime { get; }

    [GeneratedRegex(@"^Person 101 answered after \d+ seconds? \(\d+(\.\d+)?\)\.")]
    private static partial Regex Answered { get; }

    [Fact, Trait("Feature", "PRES-05"), Trait("Feature", "PRES-06")]
    public async Task Presence_changes_live_while_a_real_call_rings()
    {
        var tenant = await fixture.Server.AddTenant(3);
        await using var watcher = await chromium.Visit(fixture.Server.Web);
        await watcher.SignIn(tenant, 102);
        var callee = watcher.Person(101);
        await Expect(callee).ToContainTextAsync("Offline");

        await using var phone100 = await Baresip.Start(tenant.Account(100), 440);
        await using var phone101 = await Baresip.Start(tenant.Account(101), 1000);
        await Expect(callee).ToContainTextAsync("Available");
        await ShowsColour(watcher, "Available", "available");
        await phone100.Dial($"sip:101@{tenant.Domain}");
        await Expect(callee).ToContainTextAsync("Ringing");
        await ShowsColour(watcher, "Ringing", "ringing");
        await phone101.Accept();
        await Expect(callee).ToContainTextAsync("On a call");
        await Expect(watcher.Person(100)).ToContainTextAsync("On a call");
        await ShowsColour(watcher, "On a call", "busy");
        await phone101.HangUp();

        await Expect(callee).ToContainTextAsync("Available");
        await Expect(watcher.Person(100)).ToContainTextAsync("Available");
        watcher.AssertNothingBroke();
    }

    [Fact, Trait("Feature", "CDR-01"), Trait("Feature", "CDR-03"), Trait("Feature", "CDR-04"), Trait("Feature", "CDR-05"), Trait("Feature", "CDR-06"), Trait("Feature", "CDR-14"),
     Trait("Feature", "CDR-15"), Trait("Feature", "CDR-16"), Trait("Feature", "CDR-17"), Trait("Feature", "CDR-18"), Trait("Feature", "CDR-19"), Trait("Feature", "CDR-20"), Trait("Feature", "CDR-21"),
     Trait("Feature", "CDR-22"), Trait("Feature", "CDR-23"), Trait("Feature", "CDR-24")]
    public async Task A_call_is_in_the_history_of_both_and_tells_what_happened()
    {
        var tenant = await fixture.Server.AddTenant(2);
        await using var phone100 = await Baresip.Start(tenant.Account(100), 440);
        await using var phone101 = await Baresip.Start(tenant.Account(101), 1000);
        await using var caller = await chromium.Visit(fixture.Server.Web);
        await caller.SignIn(tenant, 100, "/history");
        await using var callee = await chromium.Visit(fixture.Server.Web);
        await callee.SignIn(tenant, 101, "/history");
        await Expect(caller.Page.GetByText("No calls yet")).ToBeVisibleAsync();

        await phone100.Dial($"sip:101@{tenant.Domain}");
        await Expect(callee.Page.GetByTestId("incoming")).ToContainTextAsync("Person 100");
        await Expect(callee.Page).ToHaveTitleAsync(new Regex(@"^\d+:\d\d Person 100 is calling$"));
        await Expect(caller.PhonePanel.GetByRole(AriaRole.Region, new() { Name = "Calling Person 101" })).ToBeVisibleAsync();
        await phone101.Accept();
        var line = callee.PhonePanel.GetByRole(AriaRole.Region, new() { Name = "On a call with Person 100" });
        await Expect(line).ToContainTextAsync("Talking");
        await callee.Page.ReloadAsync();
        await Expect(line).ToContainTextAsync("Talking"); // a page that reloads finds its calls again
        await Expect(line).ToContainTextAsync(new Regex("0:0[3-9]")); // seconds of sound
        await phone100.HangUp();

        // Both see the row come, without asking for it.
        await Expect(caller.History).ToHaveCountAsync(1);
        await Expect(callee.History).ToHaveCountAsync(1);
        await Expect(callee.History.First).ToContainTextAsync("Incoming");
        await Expect(caller.History.First.GetByRole(AriaRole.Cell)).ToContainTextAsync(["Person 101", "Sales", "100", "Today", ":"]);
        await Expect(caller.History.First).ToContainTextAsync("Outgoing");
        await Expect(callee.Page.GetByTestId("incoming")).ToHaveCountAsync(0);

        await caller.History.First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(caller.Page.GetByRole(AriaRole.Heading, new() { Name = "Person 101" })).ToBeVisibleAsync();
        await Expect(caller.Page.GetByText("Outgoing", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(caller.Page.Locator("main time").First).ToHaveTextAsync(RecordTime);
        foreach (var fact in (string[])["Ring time", "Talk time", "Call duration"]) await Expect(caller.Fact(fact)).ToHaveTextAsync(Duration);
        await Expect(caller.Fact("SIP Call-ID").Locator("code")).Not.ToBeEmptyAsync();
        await Expect(caller.Timeline.First).ToContainTextAsync("You called Person 101.");
        await Expect(caller.Timeline.Nth(1)).ToContainTextAsync("Person 101 rang.");
        await Expect(caller.Timeline.Nth(2).Locator("p").First).ToHaveTextAsync(Answered);
        await Expect(caller.Timeline.Last).ToContainTextAsync("You ended the call after");

        var sound = caller.Page.GetByRole(AriaRole.Region, new() { Name = "Sound quality" });
        await Expect(sound.GetByRole(AriaRole.Img, new() { NameRegex = new("^Sound quality during the call, for you: (Good|Fair)$") }).Locator("canvas")).ToBeVisibleAsync();
        await Expect(sound.GetByRole(AriaRole.Img, new() { NameRegex = new(@"^(Sent|Received): \d+ (packets|kb).s$") })).ToHaveCountAsync(4);
        await sound.GetByRole(AriaRole.Button, new() { Name = "Show as table" }).ClickAsync();
        await Expect(sound.GetByRole(AriaRole.Columnheader).Nth(1)).ToHaveTextAsync("You heard");

        await caller.Page.GetByRole(AriaRole.Button, new() { Name = "Flag", Exact = true }).ClickAsync();
        await Expect(caller.Fact("Flagged")).ToHaveTextAsync("Yes");
        await caller.Page.ReloadAsync();
        await Expect(caller.Fact("Flagged")).ToHaveTextAsync("Yes");
        await callee.History.First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(callee.Fact("Flagged")).ToHaveTextAsync("No"); // a flag is one's own
        await Expect(callee.Timeline.First).ToContainTextAsync("Person 100 called you.");
        caller.AssertNothingBroke();
        callee.AssertNothingBroke();
    }

    [Fact, Trait("Feature", "CDR-03"), Trait("Feature", "CDR-21")]
    public async Task A_call_that_was_given_up_is_missed_in_red_with_its_why()
    {
        var tenant = await fixture.Server.AddTenant(2);
        await using var phone100 = await Baresip.Start(tenant.Account(100), 440);
        await using var phone101 = await Baresip.Start(tenant.Account(101), 1000);
        await using var callee = await chromium.Visit(fixture.Server.Web);
        await callee.SignIn(tenant, 101, "/history");

        await phone100.Dial($"sip:101@{tenant.Domain}");
        await phone101.Next("CALL_INCOMING");
        await phone100.HangUp();

        await Expect(callee.History).ToHaveCountAsync(1);
        await Expect(callee.History.First).ToContainTextAsync("Missed");
        Assert.Equal(await callee.ColourOf("busy-text"), await Visitor.ColourOf(callee.History.First.GetByText("Missed")));
        await callee.History.First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(callee.Timeline.Nth(2)).ToContainTextAsync("The caller hung up");
        await Expect(callee.Timeline.Last).ToContainTextAsync("Person 100 ended the call.");
    }

    [Fact, Trait("Feature", "CON-41")]
    public async Task Another_tenants_people_and_calls_are_nowhere()
    {
        var tenant = await fixture.Server.AddTenant(2);
        var other = await fixture.Server.AddTenant(3, first: 200);
        await using var phone100 = await Baresip.Start(tenant.Account(100), 440);
        await using var phone101 = await Baresip.Start(tenant.Account(101), 1000);
        await using var stranger = await chromium.Visit(fixture.Server.Web);
        await stranger.SignIn(other, 200);
        await Expect(stranger.People).ToHaveAttributeAsync("aria-rowcount", "4");

        await phone100.Dial($"sip:101@{tenant.Domain}");
        await phone101.Next("CALL_INCOMING");
        await phone101.Accept();
        await phone100.Next("CALL_ESTABLISHED");
        await phone100.HangUp();
        using var caller = await tenant.SignIn(100);
        var id = (await caller.LastCall()).GetProperty("id").GetString();

        await Expect(stranger.People.Locator("[data-extension]")).ToHaveCountAsync(3);
        Assert.DoesNotContain(TestTenant.Name(100), await stranger.Page.ContentAsync(), StringComparison.Ordinal);
        await stranger.Page.GotoAsync("/history");
        await Expect(stranger.Page.GetByText("No calls yet")).ToBeVisibleAsync();
        await stranger.Page.GotoAsync($"/history/{id}");
        await Expect(stranger.Page.GetByRole(AriaRole.Heading, new() { Name = "There is no such call" })).ToBeVisibleAsync();
    }

    /// <summary>Decision 4, and never colour alone: the silhouette has the state's name and the token's colour.</summary>
    private static async Task ShowsColour(Visitor watcher, string status, string token)
    {
        var badge = watcher.Person(101).GetByRole(AriaRole.Img, new() { Name = status });
        await Expect(badge).ToBeVisibleAsync();
        Assert.Equal(await watcher.ColourOf(token), await Visitor.ColourOf(badge));
    }
}
