using Microsoft.Playwright;

namespace Telephony.Browser.Tests.WebRtc;

/// <summary>A page with the phone of <c>page.js</c>.</summary>
internal sealed class WebPage(IPage page) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public Task Do(string what, params object[] how) => page.EvaluateAsync("async ([what, how]) => { await phone[what](...how); }", new object[] { what, how });

    public Task<T> Ask<T>(string what, params object[] how) => page.EvaluateAsync<T>("async ([what, how]) => await phone[what](...how)", new object[] { what, how });

    public Task Becomes(string state) => Eventually(async () => await Ask<string>("state") == state, $"The page is not {state}.");

    public async Task Hears(double hz)
    {
        await Becomes("connected");
        await Eventually(async () => Math.Abs(await Ask<double>("heard") - hz) < 12, $"The page does not hear {hz} Hz.");
    }

    public static async Task Eventually(Func<Task<bool>> isSo, string why)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, why);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync() => await page.CloseAsync();
}
