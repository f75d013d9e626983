using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transports;

/// <summary>What becomes of requests that are not what RFC 3261 §8.1.1 asks for: RFC 3261 §8.2 and §16.3, RFC 4475 §3.1.2 and §3.3.1.</summary>
public sealed class ReceiverTests : IAsyncDisposable
{
    private readonly EdgeFixture _edge = new();
    private readonly FakeChannel _peer = new();

    private string? Answer(string text)
    {
        _edge.Receive(text, _peer);
        return _peer.Texts().SingleOrDefault();
    }

    [Theory]
    [InlineData("From")]
    [InlineData("To")]
    [InlineData("Call-ID")]
    [InlineData("CSeq")]
    public void A_request_without_a_field_that_it_needs_is_answered_400_with_what_it_has(string missing)
    {
        var answer = Answer(Without(Invite(), missing));

        Assert.StartsWith($"SIP/2.0 400 No {missing}\r\n", answer, StringComparison.Ordinal);
        foreach (var field in new[] { "Via", "From", "To", "Call-ID", "CSeq" }) Assert.Equal(field != missing, answer!.Contains($"\r\n{field}: ", StringComparison.Ordinal));
        Assert.Empty(_edge.Heard<SipRequestReceived>());
        Assert.Empty(_edge.Faults);
    }

    [Theory]
    [InlineData("From", "<sip:a@b;tag=1")]
    [InlineData("To", "\"Bob <sip:bob@example.com>")]
    [InlineData("Call-ID", "")]
    [InlineData("CSeq", "99999999999 INVITE")]
    [InlineData("CSeq", "1 BYE")]
    [InlineData("Via", "SIP/2.0/UDP 192.0.2.15;;,;,,")]
    [InlineData("Via", "SIP/2.0/UDP")]
    public void A_request_with_an_unreadable_field_is_answered_400_with_a_copy_of_it(string name, string value)
    {
        var answer = Answer(Without(Invite(), name).Replace("Max-Forwards: 70", $"Max-Forwards: 70\n{name}: {value}", StringComparison.Ordinal));

        Assert.StartsWith($"SIP/2.0 400 Bad {name}\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\n{name}: {value}", answer, StringComparison.Ordinal);
        Assert.Empty(_edge.Faults);
    }

    [Fact]
    public void Every_copy_of_a_bad_request_gets_the_same_tag()
    {
        var first = Answer(Without(Invite(), "CSeq"));

        Assert.Equal(first, Answer(Without(Invite(), "CSeq")));
        Assert.NotEqual(first, Answer(Without(Invite(callId: "c2"), "CSeq")));
    }

    [Theory]
    [InlineData("no Via")]
    [InlineData("an HTTP proxy's Via")]
    [InlineData("an ACK")]
    [InlineData("a response")]
    public void What_nobody_could_match_is_not_answered(string what) => Assert.Null(Answer(what switch
    {
        "no Via" => Without(Invite(), "Via"),
        "an HTTP proxy's Via" => "GET / HTTP/1.1\nHost: x\nVia: 1.1 proxy\n\n",
        "an ACK" => Without(Invite(method: "ACK"), "Call-ID"),
        _ => Without(Invite(), "Call-ID").Replace("INVITE sip:bob@127.0.0.1 SIP/2.0", "SIP/2.0 200 OK", StringComparison.Ordinal),
    }));

    [Fact]
    public async Task Who_goes_on_sending_them_is_banned_and_gets_no_more_answers()
    {
        await using var edge = new EdgeFixture(options => options.Defence.Allow = "");
        var connection = new FakeChannel(SipTransport.Tcp);
        for (var number = 0; number < 100; number++) edge.Receive(Without(Invite(), "Call-ID"), connection);

        Assert.Equal(edge.Options.Defence.Offences + 1, connection.Texts().Count);
        Assert.False(edge.Edge.Receiver.Admits(connection.Remote.Address));
    }

    [Theory]
    [InlineData("Record-Route: <sip:p;lr>, <sip:", "p;lr>")]
    [InlineData("Path: <sip:", "@p;lr>")]
    [InlineData("X-Anything: ", "")]
    public void A_request_whose_header_has_no_room_in_what_comes_of_it_is_answered_513(string start, string end)
    {
        var rest = Invite(more: start + end + "\n").Length;

        Assert.StartsWith("SIP/2.0 513 ", Answer(Invite(more: start + new string('p', 16_384 - rest + 100) + end + "\n")), StringComparison.Ordinal);
        Assert.StartsWith("SIP/2.0 100 ", Answer(Invite(more: start + new string('p', 16_384 - rest - 100) + end + "\n")), StringComparison.Ordinal);
        Assert.Single(_edge.Heard<SipRequestReceived>());
        Assert.Empty(_edge.Faults);
    }

    [Fact]
    public void Any_dialog_that_a_request_makes_can_write_its_next_one()
    {
        var random = new Random(7);
        var made = 0;
        for (var round = 0; round < 3000; round++)
        {
            _edge.Events.Clear();
            var text = Strange(random);
            _edge.Edge.Receiver.OnMessage(text, _peer);
            if (_edge.Heard<SipRequestReceived>() is not [var heard]) continue;

            made++;
            var dialog = Dialog.FromRequest(heard.Request, "version.tenant.call.leg.0123456789abcdef");
            var next = dialog.Next(SipMethod.Invite, out _).Add("Contact", "<sip:192.0.2.9>").Body(new string('x', 4096), "application/sdp").Build();
            Assert.True(SipRequest.TryParse(next.Wire.ToArray(), out _, out var error), error.Reason);
            SipResponse.For(heard.Request, 200, toTag: "version.tenant.call.leg.0123456789abcdef").Add("Contact", "<sip:192.0.2.9>").Body(new string('x', 4096), "application/sdp").Build();
        }

        Assert.InRange(made, 200, 3000);
        Assert.Empty(_edge.Faults);
    }

    // an INVITE whose fields hold nearly as much as they may, of what grows most when it is written out again
    private static byte[] Strange(Random random)
    {
        var pieces = new[] { "\u0001", "<s:a>,", "sip:a", ";lr", "\\\"", " ", "é", "%41", ",", "?a=b", "\"", "<a:b>", ";tag=", "[::1]" };
        string Piece(string before, string after, int most)
        {
            var text = new System.Text.StringBuilder(before);
            var piece = pieces[random.Next(pieces.Length)];
            while (text.Length < most) text.Append(random.Next(20) == 0 ? pieces[random.Next(pieces.Length)] : piece);
            return text.Append(after).ToString();
        }

        var (one, other) = (random.Next(5), random.Next(5));
        string In(int field, string before, string after, string plain) => field == one ? Piece(before, after, 14_000) : field == other ? Piece(before, after, 30) : plain;
        var message = Invite($"z9hG4bK{random.Next()}")
            .Replace("\"Alice\" <sip:alice@example.com>", In(0, "\"A", "\" <sip:a@b>", "<sip:a@b>"), StringComparison.Ordinal)
            .Replace("<sip:bob@example.com>", In(1, "<sip:b", "@c>", "<sip:b@c>"), StringComparison.Ordinal)
            .Replace("<sip:alice@192.0.2.1:5060>", In(2, "<sip:c", ">", "<sip:c>"), StringComparison.Ordinal)
            .Replace("Call-ID: c1", $"Call-ID: {random.Next()}" + In(3, "c", "", "").Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("Max-Forwards: 70", "Record-Route: " + In(4, "<sip:p;lr>,", "<sip:q;lr>", "<sip:p>"), StringComparison.Ordinal);
        var bytes = Bytes(message);
        foreach (ref var octet in bytes.AsSpan()) octet = octet is 0xC3 or 0xA9 or 1 ? (byte)0xFF : octet; // no UTF-8: each is written as three
        return bytes;
    }

    [Fact]
    public void A_bad_request_does_not_end_a_connection_whose_frames_are_found()
    {
        var connection = new FakeChannel(SipTransport.Tcp);

        Assert.True(_edge.Edge.Receiver.OnMessage(Bytes(Without(Invite(), "Call-ID")), connection));
        Assert.False(_edge.Edge.Receiver.OnMessage("hello\r\n\r\n"u8.ToArray(), connection));
    }

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    private static string Without(string message, string name) =>
        string.Join('\n', message.ReplaceLineEndings("\n").Split('\n').Where(line => !line.StartsWith(name + ":", StringComparison.Ordinal)));
}
