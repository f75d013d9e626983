using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Telephony.Media;
using Telephony.Testing;

namespace Telephony.Browser.Tests.WebRtc;

/// <summary>A call over a media node in this process: leg <c>a</c> is a page's, <c>b</c> a plain phone's or another page's.</summary>
internal sealed class WebRtcCall : IAsyncDisposable
{
    public const double PageTone = 1000, PhoneTone = 440;

    private static readonly MediaOwner Owner = new("silo", 1, "call");
    private readonly MediaNode _node;

    private WebRtcCall(WebPage page, string transcodes)
    {
        var first = FreePorts.Range(20);
        Page = page;
        _node = new MediaNode(new MediaOptions { PortRange = $"{first}-{first + 19}", Threads = 1, Codecs = transcodes }, TimeProvider.System, NullLogger<MediaNode>.Instance);
    }

    public WebPage Page { get; }

    public RtpPhone Phone { get; } = new();

    /// <param name="codec">The only one that the page has: <c>audio/PCMU</c>, <c>audio/opus</c>.</param>
    /// <param name="transcodes">What the node transcodes to.</param>
    public static async Task<WebRtcCall> Open(WebRtcFixture chromium, string codec = "audio/PCMU", string transcodes = "")
    {
        var call = new WebRtcCall(await chromium.Open(), transcodes);
        await call.Page.Do("start", PageTone, codec);
        Ok(await call._node.CreateLeg("a", Owner, MediaProfile.Browser));
        return call;
    }

    /// <summary>The page calls the phone.</summary>
    /// <param name="change">What happens to our answer on its way.</param>
    public async Task PageCalls(Func<string, string>? change = null)
    {
        Ok(await _node.CreateLeg("b", Owner, MediaProfile.Phone));
        Ok(await _node.SetRemote("a", 1, Encoding.UTF8.GetBytes(await Page.Ask<string>("offer"))));
        var offer = Ok(await _node.CreateOffer("b", 1, "a"));
        Ok(await _node.SetRemote("b", 1, Phone.Description));
        var answer = Ok(await _node.CreateAnswer("a", 1, "b"));
        await Connect();
        Phone.Talk(Port(offer), PhoneTone);
        await Page.Do("answered", change?.Invoke(answer) ?? answer);
    }

    /// <summary>The page calls another one, whose tone is the phone's.</summary>
    public async Task PageCalls(WebPage other, string codec)
    {
        await other.Do("start", PhoneTone, codec);
        Ok(await _node.CreateLeg("b", Owner, MediaProfile.Browser));
        Ok(await _node.SetRemote("a", 1, Encoding.UTF8.GetBytes(await Page.Ask<string>("offer"))));
        var offer = Ok(await _node.CreateOffer("b", 1, "a"));
        Ok(await _node.SetRemote("b", 1, Encoding.UTF8.GetBytes(await other.Ask<string>("accept", offer))));
        await Page.Do("answered", Ok(await _node.CreateAnswer("a", 1, "b")));
        await Connect();
    }

    /// <summary>The phone calls the page.</summary>
    /// <param name="change">What happens to our offer on its way.</param>
    /// <param name="changeAnswer">And to the page's answer.</param>
    public async Task PhoneCalls(Func<string, string>? change = null, Func<string, string>? changeAnswer = null)
    {
        Ok(await _node.CreateLeg("b", Owner, MediaProfile.Phone));
        Ok(await _node.SetRemote("b", 1, Phone.Description));
        var offer = Ok(await _node.CreateOffer("a", 1, "b"));
        var answer = await Page.Ask<string>("accept", change?.Invoke(offer) ?? offer);
        Ok(await _node.SetRemote("a", 1, Encoding.UTF8.GetBytes(changeAnswer?.Invoke(answer) ?? answer)));
        var ours = Ok(await _node.CreateAnswer("b", 1, "a"));
        await Connect();
        Phone.Talk(Port(ours), PhoneTone);
    }

    /// <summary>The page offers anew: on hold, or as an ICE restart.</summary>
    public async Task PageReoffers(bool isIceRestart = false)
    {
        Ok(await _node.SetOffer("a", 1, Encoding.UTF8.GetBytes(await Page.Ask<string>("offer", isIceRestart))));
        await Page.Do("answered", Ok(await _node.CreateAnswer("a", 1, "b")));
    }

    /// <summary>Page and phone hear the other's tone, and nothing else for most of a second.</summary>
    public async Task BothHear()
    {
        await Page.Hears(PhoneTone);
        var tone = TimeSpan.Zero;
        Phone.Take();
        await WebPage.Eventually(() => Task.FromResult((tone += Tone.Heard(Phone.Take(), PageTone)) >= TimeSpan.FromSeconds(0.8)), "The phone does not hear the page's tone.");
    }

    public async Task<MediaEvent> Told(MediaEventKind kind)
    {
        for (long next = 0; ;)
        {
            var events = await _node.ReadEvents(Owner.Name, next, 100, TimeSpan.FromSeconds(20));
            Assert.NotEmpty(events);
            if (events.FirstOrDefault(e => e.Kind == kind && e.Leg == "a") is { } found) return found;
            next = events[^1].Number + 1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Phone.Dispose();
        await Page.DisposeAsync();
        await _node.DisposeAsync();
    }

    private async Task Connect() => Ok(await _node.Connect(1, [new MediaPath("a", "b"), new MediaPath("b", "a")]));

    private static int Port(string sdp) => int.Parse(sdp.Split("m=audio ")[1].Split(' ')[0], CultureInfo.InvariantCulture);

    private static void Ok(MediaError error) => Assert.Equal(MediaError.None, error);

    private static string Ok(MediaDescription description)
    {
        Ok(description.Error);
        return Encoding.UTF8.GetString(description.Sdp.Span);
    }
}
