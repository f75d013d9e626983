using System.Threading.Channels;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Browser.Tests;

/// <summary>
/// A phone of SIP.js or JsSIP in a page of the server, registered over the WebSocket at <c>/sip</c>. Its SDP is a browser's with nobody behind it: signalling only. See
/// <c>phones/silent.js</c>.
/// </summary>
public sealed class BrowserPhone : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly string s_sources = Path.Combine(Repository.Root, "tests", "Browser.Tests", "phones");
    private static readonly Lazy<Task> s_bundles = new(Bundle);

    private readonly Visitor _visitor;
    private readonly Channel<(string What, int Status)> _said = Channel.CreateUnbounded<(string, int)>();

    private BrowserPhone(Visitor visitor) => _visitor = visitor;

    /// <summary>Opens the page and lets the phone connect, and register of itself.</summary>
    /// <param name="library"><c>sip.js</c> or <c>jssip</c>.</param>
    public static async Task<BrowserPhone> Start(ChromiumFixture chromium, Server server, string library, SipAccount account)
    {
        await s_bundles.Value;
        var visitor = await chromium.Visit(server.Web);
        var phone = new BrowserPhone(visitor);
        var script = await File.ReadAllTextAsync(Path.Combine(s_sources, "dist", library.Replace(".", "", StringComparison.Ordinal) + ".js"));
        await visitor.Page.ExposeFunctionAsync<string, int, bool>("tell", (what, status) => phone._said.Writer.TryWrite((what, status)));
        await visitor.Page.AddInitScriptAsync(script);
        await visitor.Page.GotoAsync("/healthz"); // a page of the server's that has no script of its own
        await phone.Do("start", new UriBuilder(server.Web) { Scheme = "ws", Path = "/sip" }.Uri.ToString(), account.Uri, account.Password);
        return phone;
    }

    /// <summary>Lets it do what <c>phones/*.js</c> has under this name.</summary>
    public Task Do(string what, params object[] how) => _visitor.Page.EvaluateAsync("async ([what, how]) => { await phone[what](...how); }", new object[] { what, how });

    /// <summary>Waits until it says this; what it said before that is passed over. The status that came with it, or 0.</summary>
    public async Task<int> Says(string what)
    {
        using var deadline = new CancellationTokenSource(Limit);
        var before = new List<string>();
        try
        {
            while (true)
            {
                var said = await _said.Reader.ReadAsync(deadline.Token);
                if (said.What == what) return said.Status;
                before.Add($"{said.What} {said.Status}");
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The page's phone did not say '{what}', but [{string.Join(", ", before)}].");
        }
    }

    /// <summary>Closes the tab: it says good-bye to nobody.</summary>
    public async ValueTask DisposeAsync()
    {
        _visitor.AssertNothingBroke();
        await _visitor.DisposeAsync();
    }

    private static async Task Bundle()
    {
        if (!Directory.Exists(Path.Combine(s_sources, "node_modules"))) await ChildProcess.Run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], folder: s_sources);
        await ChildProcess.Run("npm", ["run", "build"], folder: s_sources);
    }
}
