using System.Text;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Messages;

/// <summary>RFC 2046 §5.1 and RFC 5621.</summary>
public class MultipartTests
{
    [Fact]
    public void The_part_that_is_asked_for_is_found_byte_for_byte()
    {
        var request = With("multipart/mixed; boundary=\"un ique\"", "ignored\n--un ique \t\nContent-Type: text/plain\n\nhi\n\n--un ique\ncontent-type : application/SDP; x=y\nContent-Disposition: session;\n handling=required\n\nv=0\n--unique\ns=-\n\n--un ique--\nalso ignored");

        Assert.True(request.IsMultipart);
        Assert.Equal("v=0\r\n--unique\r\ns=-\r\n", Encoding.UTF8.GetString(request.BodyOf("application/sdp").Span));
        Assert.Equal([("text/plain", "hi\r\n", true), ("application/SDP; x=y", "v=0\r\n--unique\r\ns=-\r\n", true)],
            request.BodyParts().Select(part => (part.ContentType, Encoding.UTF8.GetString(part.Content.Span), part.IsRequired)));
        Assert.True(request.BodyOf("application/pidf+xml").IsEmpty);
    }

    [Fact]
    public void Parts_within_parts_are_read_in_order()
    {
        var request = With("multipart/mixed;boundary=a", "--a\nContent-Type: multipart/alternative;\n boundary=b\n\n--b\n\n1\n--b\nContent-Type: x/y\n\n2\n--b--\n\n--a\n\n3\n--a--");

        Assert.Equal(["1", "2", "3"], request.BodyParts().Select(part => Encoding.UTF8.GetString(part.Content.Span)));
        Assert.Equal(["text/plain", "x/y", "text/plain"], request.BodyParts().Select(part => part.ContentType));
    }

    [Theory] // RFC 3261 §20.11, RFC 3204 §6, RFC 5621 §8
    [InlineData("mixed", "", true)]
    [InlineData("mixed", "Content-Disposition: render\n", true)]
    [InlineData("mixed", "Content-Disposition: render;handling=required\n", true)]
    [InlineData("mixed", "Content-Disposition: signal ; handling=OPTIONAL\n", false)]
    [InlineData("alternative", "", false)]
    [InlineData("alternative", "Content-Disposition: render;handling=required\n", false)]
    public void A_part_must_be_understood_unless_it_says_otherwise_or_another_may_stand_for_it(string type, string disposition, bool isRequired) =>
        Assert.Equal(isRequired, Assert.Single(With($"multipart/{type};boundary=a", $"--a\nContent-Type: x/y\n{disposition}\n1\n--a--").BodyParts()).IsRequired);

    [Theory]
    [InlineData("", true)]
    [InlineData("Content-Disposition: session\n", true)]
    [InlineData("Content-Disposition: render;handling=optional\n", false)]
    public void So_must_a_plain_body(string disposition, bool isRequired) =>
        Assert.Equal(isRequired, Assert.Single(With(("x/y\n" + disposition).TrimEnd(), "1").BodyParts()).IsRequired);

    [Fact]
    public void A_part_may_be_empty_or_a_header_alone()
    {
        Assert.Equal(0, Assert.Single(With("multipart/mixed;boundary=a", "--a\n--a--").BodyParts()).Content.Length);
        Assert.Equal("x/y", Assert.Single(With("multipart/mixed;boundary=a", "--a\nContent-Type: x/y\n--a--").BodyParts()).ContentType);
    }

    [Fact]
    public void A_plain_body_is_one_part()
    {
        var request = With("application/sdp;charset=utf-8", "v=0\n");

        Assert.Equal("v=0\r\n", Encoding.UTF8.GetString(Assert.Single(request.BodyParts()).Content.Span));
        Assert.Equal(request.Body.ToArray(), request.BodyOf("Application/SDP").ToArray());
        Assert.Empty(Request(Invite()).BodyParts());
    }

    [Theory]
    [InlineData("multipart/mixed", "--a\n\n1\n--a--")]
    [InlineData("multipart/mixed;boundary=", "--\n\n1\n----")]
    [InlineData("multipart/mixed;boundary=a", "--a\n\n1\n")]
    [InlineData("multipart/mixed;boundary=a", "1")]
    [InlineData("multipart/mixed;boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa--")]
    public void What_is_not_what_its_type_says_has_no_parts(string type, string body) => Assert.Empty(With(type, body).BodyParts());

    [Fact]
    public void More_parts_than_anybody_needs_are_none()
    {
        string Parts(int count) => string.Concat(Enumerable.Repeat("--a\n\n1\n", count)) + "--a--";

        Assert.Equal(32, With("multipart/mixed;boundary=a", Parts(32)).BodyParts().Count);
        Assert.Empty(With("multipart/mixed;boundary=a", Parts(33)).BodyParts());
    }

    private static SipRequest With(string type, string body) =>
        Request(Invite(more: $"Content-Type: {type}\n").Replace("Content-Length: 0", $"Content-Length: {Bytes(body).Length}", StringComparison.Ordinal) + body);
}
