using System.Text;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Messaging;

public class MessagingTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static SipRequest Info(string headers, string body, string type)
    {
        var request = Request(Invite(method: "INFO", more: headers)).ToBuilder();
        return (body.Length == 0 ? request : request.Body(body, type)).Build();
    }

    [Theory]
    [InlineData("Signal=5\r\nDuration=160", "application/dtmf-relay", '5', 160)]
    [InlineData("Signal= *\nDuration= 250\n", "application/dtmf-relay", '*', 250)]
    [InlineData("duration=99999999\r\nsignal=#", "application/dtmf-relay", '#', null)]
    [InlineData("Signal=11", "application/dtmf-relay", '#', null)]
    [InlineData("Signal=16", "application/dtmf-relay", '!', null)]
    [InlineData("d", "application/dtmf", 'D', null)]
    [InlineData("7\r\n", "application/dtmf", '7', null)]
    public void A_key_is_read_from_an_info_of_the_old_kind(string body, string type, char digit, int? milliseconds)
    {
        var result = InfoRules.Receive(Info("", body, type), []);

        Assert.Equal((200, digit, (double?)milliseconds), (result.Answer.Status, result.Key!.Digit, result.Key.Duration?.TotalMilliseconds));
        Assert.Equal(digit, Dtmf.Of(Info("", result.Key.ToString(), Dtmf.RelayType))!.Digit);
    }

    [Theory]
    [InlineData("", "Signal=\r\n", "application/dtmf-relay", 415)]
    [InlineData("", "Signal=17", "application/dtmf-relay", 415)]
    [InlineData("", "Signal=x", "application/dtmf-relay", 415)]
    [InlineData("", "55", "application/dtmf", 415)]
    [InlineData("", "x", "text/plain", 415)]
    [InlineData("", "", "", 200)]
    [InlineData("Info-Package: foo\n", "x", "text/plain", 200)]
    [InlineData("Info-Package: Foo;a=b\n", "x", "text/plain", 200)]
    [InlineData("Info-Package: bar\n", "5", "application/dtmf", 469)]
    [InlineData("Info-Package: a b\n", "", "", 400)]
    public void An_info_that_tells_no_key_is_answered_by_its_package(string headers, string body, string type, int status)
    {
        var result = InfoRules.Receive(Info(headers, body, type), ["foo"]);

        Assert.Equal((status, null), (result.Answer.Status, result.Key));
        if (status == 469) Assert.Equal("foo", result.Answer["Recv-Info"]);
    }

    /// <summary>RFC 3428 §10.</summary>
    [Fact]
    public void A_message_is_taken_as_it_is()
    {
        var request = Request(Invite(method: "MESSAGE", more: "Expires: 60\nDate: Thu, 01 Jan 2026 11:59:30 GMT\n")).ToBuilder().Body("Watson, come here. é", "text/plain;charset=utf-8").Build();
        var message = PageMessage.Receive(request, ["text/plain"], PageMessage.MaxBytes, Now, out var answer)!;

        Assert.Equal((200, "Watson, come here. é", "text/plain;charset=utf-8", Now.AddSeconds(30)), (answer.Status, message.Text, message.ContentType, message.ExpiresAt));
        var sent = message.Write(Request(Invite(method: "MESSAGE")).ToBuilder(), Now).Build();
        Assert.Equal((null, "30", "Thu, 01 Jan 2026 11:59:30 GMT"), (sent.Header("Contact"), sent.Header("Expires"), sent.Header("Date")));
        Assert.Equal(message.Text, Encoding.UTF8.GetString(sent.Body.Span));
    }

    [Theory]
    [InlineData("", "x", "text/html", 415, false)]
    [InlineData("", "12345678901", "text/plain", 413, false)]
    [InlineData("Date: Thu, 01 Jan 2026 11:00:00 GMT\nExpires: 60\n", "late", "text/plain", 200, false)]
    [InlineData("Date: nonsense\nExpires: 60\n", "x", "text/plain", 200, true)]
    [InlineData("Date: Thu, 01 Jan 2099 11:00:00 GMT\nExpires: 60\n", "x", "text/plain", 200, true)]
    public void A_message_that_can_not_be_taken_or_is_late_is_not(string headers, string body, string type, int status, bool isTaken)
    {
        var request = Request(Invite(method: "MESSAGE", more: headers)).ToBuilder().Body(body, type).Build();

        Assert.Equal((isTaken, status), (PageMessage.Receive(request, ["text/plain"], 10, Now, out var answer) is not null, answer.Status));
    }

    /// <summary>RFC 3842 §5.2's example.</summary>
    [Fact]
    public void A_message_summary_is_read_and_written()
    {
        var body = "Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\nVoice-Message: 2/8 (0/2)\r\nFax-Message: 1/0\r\n";
        Assert.True(MessageSummary.TryParse(Encoding.ASCII.GetBytes(body + "\r\nTo: <alice@atlanta.example.com>\r\n"), out var summary));

        Assert.Equal((true, "sip:alice@vmail.example.com"), (summary.IsWaiting, summary.Account));
        Assert.Equal([new("Voice-Message", 2, 8, 0, 2), new("Fax-Message", 1, 0)], summary.Counts.AsEnumerable());
        Assert.Equal(body, summary.ToString());
        Assert.Equal("Messages-Waiting: no\r\nVoice-Message: 0/3\r\n", MessageSummary.Voice(0, 3).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Messages-Waiting: maybe")]
    [InlineData("Voice-Message: 1/2")]
    [InlineData("nonsense")]
    public void What_is_no_summary_is_refused(string body) => Assert.False(MessageSummary.TryParse(Encoding.ASCII.GetBytes(body), out _));

    [Theory]
    [InlineData("Voice-Message: 1")]
    [InlineData("Voice-Message: a/b")]
    [InlineData("Voice-Message: 1/2 (3")]
    [InlineData("Voice-Message: -1/2")]
    [InlineData("Voice-Message: 99999999999/2")]
    public void A_count_that_is_none_is_left_out(string line)
    {
        Assert.True(MessageSummary.TryParse(Encoding.ASCII.GetBytes("Messages-Waiting: yes\r\n" + line), out var summary));
        Assert.Empty(summary.Counts);
    }
}
