using Microsoft.Playwright;

namespace Telephony.Browser.Tests;

/// <summary>Debian's Chromium without a window. Each visitor has a profile of their own.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private static readonly string[] Quiet =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            ChromiumSandbox = false, // which root cannot have
            Args = Quiet,
        });
    }

    /// <summary>Somebody new opens the server's page.</summary>
    public async Task<Visitor> Visit(Uri web, int width = 1440, int height = 900, string language = "en-GB", ColorScheme scheme = ColorScheme.Light)
    {
        var browser = _browser ?? throw new InvalidOperationException("It is started by xunit.");
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = web.ToString(),
            ViewportSize = new() { Width = width, Height = height },
            Locale = language,
            TimezoneId = "Europe/Brussels",
            ColorScheme = scheme,
        });
        context.SetDefaultTimeout(15_000);
        Assertions.SetDefaultExpectTimeout(15_000);
        return new Visitor(context, await context.NewPageAsync());
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
