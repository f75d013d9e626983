using System.Globalization;
using Microsoft.Playwright;
using Telephony.Testing;

namespace Telephony.Browser.Tests;

/// <summary>A person at a browser: the words that tests use for what they do and see.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _broken = [];

    public Visitor(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.PageError += (_, error) => _broken.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) _broken.Add(message.Text);
        };
    }

    public IPage Page { get; }

    public ILocator People => Page.GetByRole(AriaRole.Grid, new() { Name = "People" });

    public ILocator History => Page.GetByRole(AriaRole.Table, new() { Name = "History" }).Locator("[data-call]");

    public ILocator Timeline => Page.GetByTestId("timeline").GetByRole(AriaRole.Listitem);

    public ILocator PhonePanel => Page.GetByRole(AriaRole.Complementary, new() { Name = "Phone" });

    public ILocator Person(int extension) => People.Locator($"[data-extension='{extension.ToString(CultureInfo.InvariantCulture)}']");

    public async Task FillSignIn(string login, string password)
    {
        await Page.GetByLabel("Login").FillAsync(login);
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>Signs in, and waits for the page that was asked for.</summary>
    public async Task SignIn(TestTenant tenant, int extension, string path = "/people")
    {
        await Page.GotoAsync(path);
        await FillSignIn($"{extension}@{tenant.Domain}", $"Web_{extension}_secret");
        await Assertions.Expect(Page.GetByTestId("my-line")).ToContainTextAsync(extension.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What a fact of the call page says: its term is <paramref name="name"/>.</summary>
    public ILocator Fact(string name) => Page.Locator("dl > div").Filter(new() { Has = Page.GetByText(name, new() { Exact = true }) }).Locator("dd");

    /// <summary>A colour as the page computes it: of an element, or of a token on the page.</summary>
    public static Task<string> ColourOf(ILocator element) => element.EvaluateAsync<string>("element => getComputedStyle(element).color");

    public Task<string> ColourOf(string token) => Page.EvaluateAsync<string>(
        "token => { const probe = document.createElement('i'); probe.style.color = `var(--${token})`; document.body.append(probe); const colour = getComputedStyle(probe).color; probe.remove(); return colour; }", token);

    /// <summary>What axe-core finds wrong for people who hear, tap or type: one line each.</summary>
    public async Task<IReadOnlyList<string>> Barriers()
    {
        await Page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "WebClient", "node_modules", "axe-core", "axe.min.js")));
        return await Page.EvaluateAsync<string[]>("async () => (await axe.run()).violations.map(v => `${v.id}: ${v.nodes[0].html}`)");
    }

    /// <summary>Nothing was thrown in the page, and nothing refused by the Content-Security-Policy.</summary>
    public void AssertNothingBroke() => Assert.Empty(_broken);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
