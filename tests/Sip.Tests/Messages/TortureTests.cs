namespace Telephony.Sip.Tests.Messages;

/// <summary>RFC 4475, when its messages lie beside the repository.</summary>
public class TortureTests
{
    private static readonly string? Folder = Find();

    public static TheoryData<string> Accepted => ["wsinv", "intmeth", "esc01", "esc02", "escnull", "lwsdisp", "longreq", "dblreq", "semiuri", "transports", "mpart01",
        "badbranch", "baddate", "unksm2", "regaut01", "zeromf", "cparam01", "cparam02", "regescrt", "sdp01", "inv2543", "unkscm", "novelsc", "bext01", "invut"];

    public static TheoryData<string, int> Refused => new()
    {
        { "badinv01", 400 }, { "clerr", 400 }, { "ncl", 400 }, { "scalar02", 400 }, { "quotbal", 400 }, { "ltgtruri", 400 }, { "lwsruri", 400 },
        { "lwsstart", 400 }, { "trws", 400 }, { "escruri", 400 }, { "regbadct", 400 }, { "badaspec", 400 }, { "baddn", 400 }, { "badvers", 505 },
        { "mismatch01", 400 }, { "mismatch02", 400 }, { "insuf", 400 }, { "multi01", 400 }, { "mcl01", 400 },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Odd_but_right_requests_are_accepted(string name)
    {
        if (Read(name) is not { } bytes) return;

        Assert.True(SipRequest.TryParse(bytes, out var request, out var error), error.Reason);
        Assert.NotEmpty(request.CallId);
        Assert.True(SipRequest.TryParse(request.ToBuilder().Build().Wire.Span, out _, out error), error.Reason);
        Assert.True(SipResponse.TryParse(SipResponse.For(request, 200).Build().Wire.Span, out _, out error), error.Reason);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Wrong_requests_are_refused(string name, int status)
    {
        if (Read(name) is not { } bytes) return;

        Assert.False(SipRequest.TryParse(bytes, out _, out var error));
        Assert.Equal(status, error.Status);
    }

    [Theory]
    [InlineData("unreason", true)]
    [InlineData("noreason", true)]
    [InlineData("bcast", true)]
    [InlineData("scalarlg", false)]
    [InlineData("bigcode", false)]
    public void Responses_are_accepted_or_dropped(string name, bool isAccepted)
    {
        if (Read(name) is not { } bytes) return;

        Assert.Equal(isAccepted, SipResponse.TryParse(bytes, out _, out _));
    }

    [Theory]
    [InlineData("unkscm", 416)]
    [InlineData("novelsc", 416)]
    [InlineData("bext01", 420)]
    [InlineData("badvers", 505)]
    [InlineData("badinv01", 400)]
    [InlineData("insuf", 400)]
    [InlineData("mismatch02", 400)]
    [InlineData("multi01", 400)]
    [InlineData("scalar02", 400)]
    [InlineData("quotbal", 400)]
    [InlineData("ltgtruri", 400)]
    [InlineData("lwsruri", 400)]
    [InlineData("lwsstart", 400)]
    [InlineData("trws", 400)]
    [InlineData("escruri", 400)]
    [InlineData("regbadct", 400)]
    [InlineData("badaspec", 400)]
    [InlineData("baddn", 400)]
    [InlineData("clerr", 400)]
    [InlineData("ncl", 400)]
    [InlineData("mcl01", 400)]
    [InlineData("mismatch01", 400)]
    [InlineData("bcast", 0)]
    [InlineData("bigcode", 0)]
    [InlineData("scalarlg", 0)]
    [InlineData("zeromf", 1)]
    [InlineData("unksm2", 1)]
    [InlineData("mpart01", 1)]
    [InlineData("badbranch", 1)]
    [InlineData("dblreq", 1)]
    [InlineData("regaut01", 1)]
    [InlineData("sdp01", 1)]
    [InlineData("inv2543", 1)]
    public async Task An_edge_answers_drops_or_passes_them_on(string name, int status)
    {
        if (Read(name) is not { } bytes) return;
        await using var edge = new EdgeFixture();
        var peer = new FakeChannel();

        edge.Edge.Receiver.OnMessage(bytes, peer);

        Assert.Empty(edge.Faults);
        var answers = peer.Texts().Where(response => !response.StartsWith("SIP/2.0 100 ", StringComparison.Ordinal)).ToList();
        if (status < 400) Assert.Empty(answers);
        else Assert.StartsWith($"SIP/2.0 {status} ", Assert.Single(answers), StringComparison.Ordinal);
        Assert.Equal(status == 1 ? 1 : 0, edge.Heard<SipRequestReceived>().Count); // a second one behind the first in a datagram is left out
        Assert.Empty(edge.Heard<SipResponseReceived>());
        if (status == 420) Assert.Contains("\r\nUnsupported: nothingSupportsThis, nothingSupportsThisEither\r\n", answers[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_multipart_message_is_read_part_by_part()
    {
        if (Read("mpart01") is not { } bytes) return;
        Assert.True(SipRequest.TryParse(bytes, out var request, out _));

        var parts = request.BodyParts();

        Assert.Equal(["text/plain", "application/octet-stream"], parts.Select(part => part.ContentType.Split(';')[0]));
        Assert.Equal("Hello", System.Text.Encoding.UTF8.GetString(parts[0].Content.Span)[..5]);
        Assert.Contains(parts[1].Content.ToArray(), b => b == 0); // binary, and whole
    }

    [Fact]
    public void The_short_tortuous_invite_says_what_the_rfc_reads_in_it()
    {
        if (Read("wsinv") is not { } bytes) return;
        Assert.True(SipRequest.TryParse(bytes, out var request, out _));

        Assert.Equal("1918181833n", request.To.Tag);
        Assert.Equal("J Rosenberg \\\"", request.From.DisplayName);
        Assert.Equal("98asjd8", request.From.Tag);
        Assert.Equal(68, request.MaxForwards);
        Assert.Equal(new CSeq(9, SipMethod.Invite), request.CSeq);
        Assert.Equal(["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"], request.Vias.Select(via => via.Branch));
        Assert.Equal(["192.0.2.2", "spindle.example.com", "192.168.255.111"], request.Vias.Select(via => via.Host));
        Assert.Equal("Quoted string \"\"", request.Contacts[0].DisplayName);
        Assert.Equal("newvalue", request.Contacts[0].Parameters["newparam"]);
        Assert.Equal("0.33", request.Contacts[0].Parameters["q"]);
        Assert.Equal("services.example.com", request.Routes[0].Uri.Host);
        Assert.Equal(150, request.Body.Length);
    }

    [Fact]
    public void Escapes_are_resolved_in_users_and_nowhere_else()
    {
        if (Read("esc01") is not { } first || Read("esc02") is not { } second || Read("escnull") is not { } third || Read("intmeth") is not { } fourth) return;
        Assert.True(SipRequest.TryParse(first, out var esc01, out _));
        Assert.True(SipRequest.TryParse(second, out var esc02, out _));
        Assert.True(SipRequest.TryParse(third, out var escnull, out _));
        Assert.True(SipRequest.TryParse(fourth, out var intmeth, out _));

        Assert.Equal("sips:user@example.com", esc01.RequestUri.User);
        Assert.NotEqual(SipMethod.Register, esc02.Method);
        Assert.Equal("null-\0-null", escnull.To.Uri.User);
        Assert.Equal("!interesting-Method0123456789_*+`.%indeed'~", intmeth.Method.Name);
        Assert.Equal("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*", intmeth.RequestUri.User);
    }

    private static byte[]? Read(string name) => Folder is null ? null : File.ReadAllBytes(Path.Combine(Folder, name + ".dat"));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var torture = Path.Combine(folder.FullName, "shared", "torture", "rfc4475");
            if (Directory.Exists(torture)) return torture;
        }

        return null;
    }
}
