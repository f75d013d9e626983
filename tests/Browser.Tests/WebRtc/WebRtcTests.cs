using Telephony.Media;

namespace Telephony.Browser.Tests.WebRtc;

/// <summary>Chromium's audio to a desk phone and back, told by tones.</summary>
public sealed class WebRtcTests(WebRtcFixture chromium) : IClassFixture<WebRtcFixture>
{
    [Fact, Trait("RFC", "8827 6.5")]
    public async Task A_page_calls_a_phone()
    {
        await using var call = await WebRtcCall.Open(chromium);

        await call.PageCalls();

        await call.BothHear();
        await call.Told(MediaEventKind.TransportReady);
    }

    [Fact, Trait("RFC", "8827 6.5")]
    public async Task A_phone_calls_a_page()
    {
        await using var call = await WebRtcCall.Open(chromium);

        await call.PhoneCalls();

        await call.BothHear();
    }

    [Theory, Trait("RFC", "7874 3"), InlineData("audio/opus"), InlineData("audio/PCMA"), InlineData("audio/G722")]
    public async Task A_phone_calls_a_page_of_another_codec(string codec)
    {
        await using var call = await WebRtcCall.Open(chromium, codec, "opus,G722,PCMA,PCMU");

        await call.PhoneCalls();

        await call.BothHear();
    }

    [Theory, Trait("RFC", "7874 3"), InlineData("audio/opus"), InlineData("audio/PCMA"), InlineData("audio/G722")]
    public async Task A_page_calls_a_phone_of_another_codec(string codec)
    {
        await using var call = await WebRtcCall.Open(chromium, codec, "opus,G722,PCMA,PCMU");

        await call.PageCalls();

        await call.BothHear();
    }

    [Theory, Trait("RFC", "8827 6.5"), InlineData("audio/opus"), InlineData("audio/PCMA"), InlineData("audio/G722")]
    public async Task A_page_calls_a_page(string codec)
    {
        await using var call = await WebRtcCall.Open(chromium, codec);
        await using var other = await chromium.Open();

        await call.PageCalls(other, codec);

        await call.Page.Hears(WebRtcCall.PhoneTone);
        await other.Hears(WebRtcCall.PageTone);
    }

    [Fact, Trait("RFC", "8842 5.3")]
    public async Task The_page_may_be_the_DTLS_server()
    {
        await using var call = await WebRtcCall.Open(chromium);

        await call.PhoneCalls(offer => offer.Replace("a=setup:actpass", "a=setup:active", StringComparison.Ordinal));

        await call.BothHear();
    }

    [Fact, Trait("RFC", "8445 2.4")]
    public async Task An_ICE_restart_is_not_heard()
    {
        await using var call = await WebRtcCall.Open(chromium);
        await call.PageCalls();
        await call.BothHear();

        await call.PageReoffers(isIceRestart: true);

        await call.BothHear();
    }

    [Fact, Trait("RFC", "3264 8.4")]
    public async Task A_page_holds_and_takes_up_again()
    {
        await using var call = await WebRtcCall.Open(chromium);
        await call.PageCalls();
        await call.BothHear();

        await call.Page.Do("direct", "sendonly");
        await call.PageReoffers();
        await Task.Delay(TimeSpan.FromSeconds(0.3), TimeProvider.System);
        var before = await call.Page.Ask<int>("received");
        await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System);
        Assert.Equal(before, await call.Page.Ask<int>("received")); // who holds is sent nothing

        await call.Page.Do("direct", "sendrecv");
        await call.PageReoffers();
        await call.BothHear();
    }

    [Fact, Trait("RFC", "8122 5")]
    public async Task A_page_does_not_talk_to_another_certificate()
    {
        await using var call = await WebRtcCall.Open(chromium);

        await call.PageCalls(WrongFingerprint);

        await call.Page.Becomes("failed");
    }

    [Fact, Trait("RFC", "8122 5")]
    public async Task We_do_not_talk_to_another_certificate()
    {
        await using var call = await WebRtcCall.Open(chromium);

        await call.PhoneCalls(changeAnswer: WrongFingerprint);

        Assert.Contains("certificate", (await call.Told(MediaEventKind.TransportFailed)).Subject, StringComparison.Ordinal);
        Assert.Empty(call.Phone.Take());
    }

    [Fact, Trait("RFC", "6347 4.2.2")]
    public async Task A_page_that_closes_its_connection_is_told_of_at_once()
    {
        await using var call = await WebRtcCall.Open(chromium);
        await call.PageCalls();
        await call.BothHear();

        await call.Page.Do("close");

        Assert.Contains("closed", (await call.Told(MediaEventKind.TransportFailed)).Subject, StringComparison.Ordinal);
    }

    private static string WrongFingerprint(string sdp)
    {
        var at = sdp.IndexOf("a=fingerprint:sha-256 ", StringComparison.Ordinal) + "a=fingerprint:sha-256 ".Length;
        return string.Concat(sdp.AsSpan(0, at), sdp[at] == '0' ? "1" : "0", sdp.AsSpan(at + 1));
    }
}
