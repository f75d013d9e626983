using Microsoft.Playwright;
using Telephony.Testing;

namespace Telephony.Browser.Tests.WebRtc;

/// <summary>A Chromium that may talk to loopback, and to play without being clicked at.</summary>
public sealed class WebRtcFixture : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--allow-loopback-in-peer-connection",
        "--autoplay-policy=no-user-gesture-required", "--disable-features=WebRtcHideLocalIpsWithMdns",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", ChromiumSandbox = false, Args = Arguments });
    }

    /// <summary>An empty page with the phone of <c>page.js</c>.</summary>
    internal async Task<WebPage> Open()
    {
        var page = await _browser!.NewPageAsync();
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "Browser.Tests", "WebRtc", "page.js")));
        return new WebPage(page);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
