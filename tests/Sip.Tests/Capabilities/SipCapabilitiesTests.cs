using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Capabilities;

/// <summary>RFC 3261 §8.2 and §11.2.</summary>
public class SipCapabilitiesTests
{
    private static readonly SipCapabilities Ours = new(
        [SipMethod.Invite, SipMethod.Ack, SipMethod.Cancel, SipMethod.Bye, SipMethod.Options, SipMethod.Notify],
        ["application/sdp", "application/dtmf-relay"], ["replaces", "timer"], ["dialog", "message-summary"], []);

    [Fact]
    public void Options_tells_all_with_the_status_that_a_call_would_get()
    {
        var answer = Ours.AnswerOptions(Request(Invite(method: "OPTIONS")), 486).Build();

        Assert.Equal(486, answer.Status);
        Assert.Equal(("INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY", "application/sdp, application/dtmf-relay"), (answer.Header("Allow"), answer.Header("Accept")));
        Assert.Equal(("replaces, timer", "dialog, message-summary", null), (answer.Header("Supported"), answer.Header("Allow-Events"), answer.Header("Recv-Info")));
        Assert.Equal(("identity", "en"), (answer.Header("Accept-Encoding"), answer.Header("Accept-Language")));
    }

    [Theory]
    [InlineData("MESSAGE", "", "", "", 405, "Allow")]
    [InlineData("INVITE", "Require: timer, 100rel\n", "", "", 420, "Unsupported")]
    [InlineData("INVITE", "Content-Encoding: gzip\n", "x", "application/sdp", 415, "Accept-Encoding")]
    [InlineData("INVITE", "", "x", "application/x", 415, "Accept")]
    [InlineData("INVITE", "Content-Disposition: icon;handling=optional\n", "x", "application/x", null, null)]
    [InlineData("INVITE", "Require: Timer\n", "x", "Application/SDP; a=b", null, null)]
    [InlineData("INVITE", "", "--b\r\nContent-Type: application/x\r\nContent-Disposition: x;handling=optional\r\n\r\n1\r\n--b--", "multipart/mixed;boundary=b", null, null)]
    [InlineData("INVITE", "", "--b\r\nContent-Type: application/x\r\nContent-Disposition: x;handling=required\r\n\r\n1\r\n--b--", "multipart/mixed;boundary=b", 415, "Accept")]
    [InlineData("INVITE", "", "no parts", "multipart/mixed;boundary=b", 415, "Accept")]
    public void What_can_not_be_served_is_refused_with_what_could(string method, string headers, string body, string type, int? status, string? says)
    {
        var request = Request(Invite(method: method, more: headers)).ToBuilder();
        if (body.Length > 0) request.Body(body, type);
        var answer = Ours.Refuse(request.Build());

        Assert.Equal(status, answer?.Status);
        if (says is not null) Assert.NotNull(answer![says]);
    }

    [Fact]
    public void What_a_peer_can_is_read_as_sets()
    {
        var request = Request(Invite(more: "Allow: INVITE, BYE\nAllow: bye\nk: Timer, 100rel\n"));

        Assert.Equal([SipMethod.Bye, SipMethod.Invite, SipMethod.Of("bye")], SipCapabilities.MethodsOf(request).OrderBy(method => method.Name, StringComparer.Ordinal));
        Assert.True(SipCapabilities.TagsOf(request, "Supported").SetEquals(["timer", "100REL"]));
        Assert.Empty(SipCapabilities.TagsOf(request, "Require"));
    }
}
