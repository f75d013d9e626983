using System.Text;
using System.Text.Json;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Messages;

public class SipMessageTests
{
    private const string Full = """
        INVITE sip:bob%20b@example.com:5070;transport=tcp;lr SIP/2.0
        v: SIP/2.0/UDP a.example.com:5060;branch=z9hG4bKa;rport, SIP/2.0/TCP [2001:db8::1]:5061;branch=z9hG4bKb;received=192.0.2.9
        Via: SIP/2.0/UDP c.example.com;branch=z9hG4bKc
        Max-Forwards: 69
        f: "Alice \"A\" Smith" <sip:alice@example.com>;tag=88sja8x
        t: Bob <sip:bob@example.com>
        i: 987asjd97y7atg
        CSeq: 986759 INVITE
        m: <sip:alice@192.0.2.1;x=y>;q=0.5, "B, C" <sip:b@192.0.2.2>;expires=60
        k: path, replaces
        Supported: timer
        Subject: first line
          second line
        X-Custom:one
        x-custom: two
        Expires: 120
        c: application/sdp
        l: 4

        v=0

        """;

    private static readonly byte[] Special = ";,<>\"\\:@ \t\r\n=%?[]*\0"u8.ToArray();

    [Fact]
    public void A_request_gives_its_parts()
    {
        var request = Request(Full);

        Assert.Equal(SipMethod.Invite, request.Method);
        Assert.Equal("sip", request.RequestUri.Scheme);
        Assert.Equal("bob b", request.RequestUri.User);
        Assert.Equal("example.com", request.RequestUri.Host);
        Assert.Equal(5070, request.RequestUri.Port);
        Assert.Equal("tcp", request.RequestUri.Parameters["transport"]);
        Assert.True(request.RequestUri.Parameters.Contains("LR"));
        Assert.Equal("Alice \"A\" Smith", request.From.DisplayName);
        Assert.Equal("88sja8x", request.From.Tag);
        Assert.Equal("Bob", request.To.DisplayName);
        Assert.Null(request.To.Tag);
        Assert.Equal("987asjd97y7atg", request.CallId);
        Assert.Equal(new CSeq(986759, SipMethod.Invite), request.CSeq);
        Assert.Equal(69, request.MaxForwards);
        Assert.Equal(120u, request.Expires);
        Assert.Equal("application/sdp", request.ContentType);
        Assert.Equal("v=0\r", Encoding.UTF8.GetString(request.Body.Span));
    }

    [Fact]
    public void Lists_come_one_by_one_whether_on_one_line_or_many()
    {
        var request = Request(Full);

        Assert.Equal(["a.example.com", "[2001:db8::1]", "c.example.com"], request.Vias.Select(via => via.Host));
        Assert.Equal("z9hG4bKb", request.Vias[1].Branch);
        Assert.Equal("192.0.2.9", request.Vias[1].Received);
        Assert.Equal(5061, request.Vias[1].Port);
        Assert.Equal(["sip:alice@192.0.2.1;x=y", "sip:b@192.0.2.2"], request.Contacts.Select(contact => contact.Uri.ToString()));
        Assert.Equal("B, C", request.Contacts[1].DisplayName);
        Assert.Equal("0.5", request.Contacts[0].Parameters["q"]);
        Assert.Equal(["path", "replaces", "timer"], request.Headers("Supported"));
        Assert.True(request.HasOption("Supported", "REPLACES"));
    }

    [Fact]
    public void A_field_is_found_by_either_name_in_any_case()
    {
        var request = Request(Full);

        Assert.Equal("path, replaces", request.Header("supported"));
        Assert.Equal("one", request.Header("X-CUSTOM"));
        Assert.Equal(["one", "two"], request.Headers("x-Custom"));
        Assert.Equal("987asjd97y7atg", request.Header("I"));
        Assert.Null(request.Header("Y-Custom"));
        Assert.Equal("first line    second line", request.Header("Subject"));
    }

    [Fact]
    public void A_response_gives_its_parts()
    {
        var response = Response("""
            SIP/2.0 180 Es läutet
            Via: SIP/2.0/UDP a;branch=z9hG4bKa
            From: sip:a@b;tag=1
            To: sip:b@c;tag=2
            Call-ID: x
            CSeq: 1 INVITE


            """);

        Assert.Equal(180, response.Status);
        Assert.Equal("Es läutet", response.Reason);
        Assert.True(response.IsProvisional);
        Assert.Equal("2", response.To.Tag);
        Assert.True(response.Body.IsEmpty);
    }

    [Fact]
    public void A_message_that_is_cut_off_anywhere_in_its_header_is_refused()
    {
        var bytes = Bytes(Full);
        var header = Encoding.UTF8.GetString(bytes).IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        for (var length = 0; length < header; length++)
        {
            Assert.False(SipRequest.TryParse(bytes.AsSpan(0, length), out _, out var error), $"{length} bytes");
            Assert.InRange(error.Status, 400, 599);
        }
    }

    [Fact]
    public void A_message_that_is_cut_off_in_its_body_is_refused()
    {
        var bytes = Bytes(Full);
        var header = Encoding.UTF8.GetString(bytes).IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        for (var length = header; length < header + 4; length++) Assert.False(SipRequest.TryParse(bytes.AsSpan(0, length), out _, out _));
        Assert.True(SipRequest.TryParse(bytes.AsSpan(0, header + 4), out _, out _));
    }

    [Theory]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1 BYE")]
    [InlineData("CSeq: 1 INVITE", "CSeq: 2147483648 INVITE")]
    [InlineData("CSeq: 1 INVITE", "CSeq: INVITE")]
    [InlineData("CSeq: 1 INVITE", "CSeq: -1 INVITE")]
    [InlineData("CSeq: 1 INVITE", "X: y")]
    [InlineData("Call-ID: c1", "Call-ID: c1\nCall-ID: c2")]
    [InlineData("Call-ID: c1", "Call-ID:")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 256")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: seventy")]
    [InlineData("To: <sip:bob@example.com>", "To: <sip:bob@example.com")]
    [InlineData("To: <sip:bob@example.com>", "To: \"Bob <sip:bob@example.com>")]
    [InlineData("To: <sip:bob@example.com>", "To: <sip:bob@example.com:99999>")]
    [InlineData("To: <sip:bob@example.com>", "To: <sip:>")]
    [InlineData("To: <sip:bob@example.com>", "To: bob")]
    [InlineData("Via: SIP/2.0/UDP", "Via: SIP/2.0")]
    [InlineData("Via: SIP/2.0/UDP", "Via: XIP/2.0/UDP")]
    [InlineData("Contact: <sip:alice@192.0.2.1:5060>", "Contact: <sip:alice@192.0.2.1:5060>;;")]
    [InlineData("Contact: <sip:alice@192.0.2.1:5060>", "Contact: <sip:alice@192.0.2.1:5060>,")]
    [InlineData("Content-Length: 0", "Content-Length: -1")]
    [InlineData("Content-Length: 0", "Content-Length: 1")]
    [InlineData("Content-Length: 0", "Bad Name: 0")]
    [InlineData("Content-Length: 0", ": 0")]
    [InlineData("Content-Length: 0", "no colon")]
    public void What_is_wrong_in_a_request_is_answered_400(string right, string wrong)
    {
        Assert.False(SipRequest.TryParse(Bytes(Invite().Replace(right, wrong, StringComparison.Ordinal)), out _, out var error));
        Assert.Equal(400, error.Status);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("\0")]
    public void A_lone_line_end_or_zero_in_the_header_is_refused(string character)
    {
        var text = Invite().ReplaceLineEndings("\r\n").Replace("c1", "c" + character + "1", StringComparison.Ordinal);
        Assert.False(SipRequest.TryParse(Encoding.UTF8.GetBytes(text), out _, out _));
    }

    [Fact]
    public void A_request_survives_json_and_is_byte_for_byte_the_same()
    {
        var request = Request(Full);

        var copy = JsonSerializer.Deserialize<SipRequest>(JsonSerializer.Serialize(request))!;

        Assert.Equal(request.Wire.ToArray(), copy.Wire.ToArray());
        Assert.Equal("987asjd97y7atg", copy.CallId);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<SipRequest>("\"AAAA\""));
    }

    [Fact]
    public void Every_known_method_is_itself_again_and_an_unknown_one_is_kept()
    {
        Assert.Equal(SipMethod.Bye, SipMethod.Of("BYE"));
        Assert.NotEqual(SipMethod.Bye, SipMethod.Of("bye"));
        Assert.Equal("NEWONE", Request(Invite(method: "NEWONE")).Method.Name);
        Assert.Throws<ArgumentException>(() => SipMethod.Of("A B"));
    }

    [Fact]
    public void Any_bytes_are_answered_without_an_exception()
    {
        var random = new Random(20260101);
        var seeds = new[] { Bytes(Full), Bytes(Invite()), Bytes(Invite("z9hG4bKx", "REGISTER", more: "Contact: *\nExpires: 0\n")) };
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = (byte[])seeds[round % seeds.Length].Clone();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(bytes.Length);
                bytes = random.Next(4) switch
                {
                    0 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
                    1 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(8))..]],
                    2 => [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]],
                    _ => Flip(bytes, at, Special[random.Next(Special.Length)]),
                };
                if (bytes.Length == 0) break;
            }

            if (!SipRequest.TryParse(bytes, out var request, out var error))
            {
                Assert.True(error.IsError);
                continue;
            }

            _ = (request.From.Tag, request.To.Uri.User, request.CSeq, request.Contacts.Count, request.Vias.Count, request.Expires, request.Routes.Count);
            Assert.True(SipRequest.TryParse(request.ToBuilder().Build().Wire.Span, out _, out _));
            Assert.True(SipResponse.TryParse(SipResponse.For(request, 200).Build().Wire.Span, out _, out _));
        }

        static byte[] Flip(byte[] bytes, int at, byte value)
        {
            bytes[at] = value;
            return bytes;
        }
    }
}
