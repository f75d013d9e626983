using System.Text;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Messages;

public class BuilderTests
{
    private static SipRequestBuilder New() => SipRequest.Create(SipMethod.Invite, "sip:bob@example.com")
        .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x").CSeq(7);

    [Fact]
    public void A_built_request_is_what_was_put_in()
    {
        var request = New().Add("X-A", "ä").Body("v=0\r\n", "application/sdp").Build();

        Assert.Equal(new CSeq(7, SipMethod.Invite), request.CSeq);
        Assert.Equal("ä", request.Header("X-A"));
        Assert.Equal(70, request.MaxForwards);
        Assert.Equal("application/sdp", request.ContentType);
        Assert.Equal("5", request.Header("Content-Length"));
        Assert.Equal("v=0\r\n", Encoding.UTF8.GetString(request.Body.Span));
        Assert.True(SipRequest.TryParse(request.Wire.Span, out _, out _));
    }

    [Fact]
    public void Content_length_is_the_bodys_whatever_anybody_sets()
    {
        var request = New().Add("Content-Length", "99").Set("l", "98").Body("ü", "text/plain").Build();

        Assert.Equal(["2"], request.Headers("Content-Length"));
        Assert.Equal(["0"], request.ToBuilder().NoBody().Build().Headers("Content-Length"));
        Assert.Null(request.ToBuilder().NoBody().Build().ContentType);
    }

    [Theory]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    public void A_value_can_not_smuggle_a_line_in(string value)
    {
        Assert.Throws<ArgumentException>(() => New().Add("Subject", value));
        Assert.Throws<ArgumentException>(() => New().Set("Subject", value));
        Assert.Throws<ArgumentException>(() => SipRequest.Create(SipMethod.Invite, "sip:" + value));
        Assert.Throws<ArgumentException>(() => SipResponse.For(New().Build(), 200, value));
        Assert.Throws<ArgumentException>(() => SipResponse.For(New().Build(), 200, null, value));
        Assert.Throws<ArgumentException>(() => NameAddress.Format(value, "sip:a@b"));
    }

    [Fact]
    public void Set_replaces_all_of_a_name_in_the_place_of_the_first()
    {
        var request = New().Add("Route", "<sip:a;lr>").Add("X-A", "1").Add("Route", "<sip:b;lr>").Set("route", "<sip:c;lr>").Build();

        Assert.Equal(["<sip:c;lr>"], request.Headers("Route"));
        Assert.True(request.ToString().IndexOf("Route", StringComparison.Ordinal) < request.ToString().IndexOf("X-A", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_message_must_have_is_asked_for_when_it_is_built()
    {
        var error = Assert.Throws<InvalidOperationException>(() => SipRequest.Create(SipMethod.Bye, "sip:a@b").Build());
        Assert.Contains("From", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_response_copies_what_it_must_and_gets_a_tag()
    {
        var request = Request(Invite(more: "Record-Route: <sip:p1;lr>, <sip:p2;lr>\nTimestamp: 54\nSubject: hi\n"));

        var trying = SipResponse.For(request, 100).Build();
        var ringing = SipResponse.For(request, 180, toTag: "tt").Build();
        var busy = SipResponse.For(request, 486).Build();

        Assert.Equal("54", trying.Header("Timestamp"));
        Assert.Null(trying.To.Tag);
        Assert.Equal("tt", ringing.To.Tag);
        Assert.Equal(["<sip:p1;lr>", "<sip:p2;lr>"], ringing.Headers("Record-Route"));
        Assert.Equal(request.Headers("Via"), ringing.Headers("Via"));
        Assert.Equal("Ringing", ringing.Reason);
        Assert.Null(ringing.Header("Subject"));
        Assert.Null(busy.Header("Record-Route"));
        Assert.NotNull(busy.To.Tag);
        Assert.Equal(request.CSeq, busy.CSeq);
        Assert.Equal("bt", SipResponse.For(Request(Invite(toTag: "bt")), 200, toTag: "other").Build().To.Tag);
    }

    [Fact]
    public void The_edges_via_takes_the_place_of_the_builders_and_goes_above_others()
    {
        var own = New().Body("12", "a/b").Build().WithVia("SIP/2.0/UDP h;branch=z9hG4bKq");
        var forwarded = Request(Invite()).WithVia("SIP/2.0/UDP h;branch=z9hG4bKq");

        Assert.Equal(["z9hG4bKq"], own.Vias.Select(via => via.Branch));
        Assert.Equal("12", Encoding.UTF8.GetString(own.Body.Span));
        Assert.Equal(["z9hG4bKq", "z9hG4bK1"], forwarded.Vias.Select(via => via.Branch));
        Assert.Equal("c1", forwarded.CallId);
        Assert.True(SipRequest.TryParse(forwarded.Wire.Span, out var again, out _));
        Assert.Equal(["z9hG4bKq", "z9hG4bK1"], again.Vias.Select(via => via.Branch));
    }
}
