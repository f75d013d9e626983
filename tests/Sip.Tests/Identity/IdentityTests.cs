using System.Collections.Immutable;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Identities;

/// <summary>RFC 3325 and RFC 3323.</summary>
public class IdentityTests
{
    private const string Asserted = "P-Asserted-Identity: \"Cullen Jennings\" <sip:fluffy@cisco.com>, <tel:+14085264000>\n";
    private static readonly ImmutableArray<PartyIdentity> Own = [new("sip:alice@example.com", "Alice"), new("sip:sales@example.com", "Sales"), new("tel:+32-2-555.1234")];

    private static SipRequest Call(string headers, string from = "sip:alice@example.com") =>
        Request(Invite(more: headers).Replace("<sip:alice@example.com>", $"<{from}>", StringComparison.Ordinal));

    [Fact]
    public void A_trusted_peer_is_believed()
    {
        var caller = IdentityRules.Received(Call(Asserted + "Privacy: id\n"), isTrusted: true);

        Assert.Equal((new PartyIdentity("sip:fluffy@cisco.com", "Cullen Jennings"), "tel:+14085264000"), (caller.Shown, caller.Tel!.Uri));
        Assert.True(caller is { IsAsserted: true, IsHidden: true });
    }

    [Fact]
    public void Anybody_else_is_who_they_say_in_from()
    {
        var caller = IdentityRules.Received(Call(Asserted + "Remote-Party-ID: <sip:boss@h>;screen=yes\n"), isTrusted: false);

        Assert.Equal((new PartyIdentity("sip:alice@example.com", "Alice"), false), (caller.Shown, caller.IsAsserted));
    }

    [Theory]
    [InlineData("<sip:bob@h>;party=calling;screen=yes;privacy=off", "sip:bob@h", true, false)]
    [InlineData("<sip:bob@h>;screen=no;privacy=full", "sip:bob@h", false, true)]
    [InlineData("<sip:bob@h>;party=called;screen=yes", "sip:alice@example.com", false, false)]
    public void The_older_header_is_read_where_the_newer_is_missing(string value, string uri, bool isAsserted, bool isHidden)
    {
        var caller = IdentityRules.Received(Call($"Remote-Party-ID: {value}\n"), isTrusted: true);

        Assert.Equal((uri, isAsserted, isHidden), (caller.Shown.Uri, caller.IsAsserted, caller.IsHidden));
    }

    [Theory]
    [InlineData("P-Preferred-Identity: <sip:sales@EXAMPLE.com>\n", "sip:alice@example.com", "sip:sales@example.com")]
    [InlineData("P-Preferred-Identity: <tel:+3225551234>\n", "sip:alice@example.com", "tel:+32-2-555.1234")]
    [InlineData("P-Preferred-Identity: <sip:boss@example.com>\n", "sip:alice@example.com", "sip:alice@example.com")]
    [InlineData("P-Preferred-Identity: <sip:boss@example.com>\n", "sip:sales@example.com", "sip:sales@example.com")]
    [InlineData("P-Asserted-Identity: <sip:boss@example.com>\n", "sip:boss@example.com", "sip:alice@example.com")]
    [InlineData("", "sip:anonymous@anonymous.invalid", "sip:alice@example.com")]
    public void A_device_shows_one_of_its_own_identities(string headers, string from, string expected) =>
        Assert.Equal(expected, IdentityRules.Chosen(Call(headers, from), Own).Shown.Uri);

    /// <summary>RFC 3325 §5 and §7: who gets to see it.</summary>
    [Theory]
    [InlineData(PrivacyKinds.Unsaid, true, true, null)]
    [InlineData(PrivacyKinds.Unsaid, false, true, null)]
    [InlineData(PrivacyKinds.Id, true, true, "id")]
    [InlineData(PrivacyKinds.Id, false, false, null)]
    [InlineData(PrivacyKinds.User | PrivacyKinds.Critical, false, false, null)]
    [InlineData(PrivacyKinds.None, false, true, null)]
    public void The_identity_goes_only_where_it_may(PrivacyKinds privacy, bool isTrusted, bool isTold, string? asks)
    {
        var caller = new CallerIdentity(new("sip:alice@example.com", "Alice"), new("tel:+1"), privacy, IsAsserted: true);
        var request = IdentityRules.Write(Call("P-Asserted-Identity: <sip:forged@h>\nP-Preferred-Identity: <sip:x@h>\nRemote-Party-ID: <sip:y@h>\n").ToBuilder(), caller, isTrusted).Build();

        Assert.Equal(isTold ? ["\"Alice\" <sip:alice@example.com>", "<tel:+1>"] : [], request.Headers("P-Asserted-Identity"));
        Assert.Equal((null, null, asks), (request.Header("P-Preferred-Identity"), request.Header("Remote-Party-ID"), request.Header("Privacy")));
    }

    [Fact]
    public void What_nobody_vouches_for_is_not_asserted() =>
        Assert.Null(IdentityRules.Write(Call("").ToBuilder(), new(new("sip:a@h"), null, default, IsAsserted: false), isTrusted: true).Build().Header("P-Asserted-Identity"));

    [Theory]
    [InlineData("id")]
    [InlineData("user;critical")]
    [InlineData("header")]
    public void A_hidden_caller_leaves_no_name_behind(string privacy)
    {
        var request = Call(Asserted + $"Privacy: {privacy}\nSubject: from Alice\nOrganization: Alice Ltd\nUser-Agent: alices-phone\nReply-To: <sip:alice@h>\nCall-Info: <http://alice>\nb: <sip:alice@h>\nIn-Reply-To: x@alice\n");
        var hidden = PrivacyRules.Apply(request, Privacy.Of(request), isTrusted: false).Remove("Contact").Build();

        Assert.Equal("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=a1", hidden.From.ToString());
        Assert.DoesNotContain("alice", hidden.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Privacy", hidden.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id", true)]
    [InlineData("none", false)]
    [InlineData("none;id", false)]
    [InlineData("session", false)]
    public void Nothing_is_hidden_from_the_trusted_or_when_nobody_asks(string privacy, bool isTrusted)
    {
        var request = Call(Asserted + $"Privacy: {privacy}\nSubject: hello\n");
        var same = PrivacyRules.Apply(request, Privacy.Of(request), isTrusted).Build();

        Assert.Equal((request.From.ToString(), "hello", 2), (same.From.ToString(), same.Header("Subject"), same.Headers("P-Asserted-Identity").Count));
        Assert.Equal(isTrusted ? privacy : null, same.Header("Privacy"));
    }

    [Theory]
    [InlineData("user", "<sip:anonymous@anonymous.invalid>;index=1", "<sip:open@h>;index=1.1", "<sip:anonymous@anonymous.invalid>;reason=no-answer;privacy=full")]
    [InlineData("history", "<sip:anonymous@anonymous.invalid>;index=1", "<sip:anonymous@anonymous.invalid>;index=1.1", "<sip:anonymous@anonymous.invalid>;reason=no-answer;privacy=full")]
    public void Private_entries_of_the_history_become_anonymous(string privacy, string first, string second, string diversion)
    {
        var request = Call($"Privacy: {privacy}\nHistory-Info: \"X\" <sip:secret@h?Privacy=history>;index=1, <sip:open@h>;index=1.1\nDiversion: \"X\" <sip:secret@h>;reason=no-answer;privacy=full\n");
        var hidden = PrivacyRules.Apply(request, Privacy.Of(request), isTrusted: false).Build();

        Assert.Equal([first, second], hidden.Headers("History-Info"));
        Assert.Equal(diversion, hidden.Header("Diversion"));
    }

    [Fact]
    public void A_long_history_still_fits()
    {
        var request = Call($"Privacy: history\nHistory-Info: {string.Join(", ", Enumerable.Range(1, 400).Select(i => $"<sip:u{i}@h>;index=1.{i}"))}\n");

        Assert.Equal(400, PrivacyRules.Apply(request, Privacy.Of(request), isTrusted: false).Build().Headers("History-Info").Count);
    }

    [Theory]
    [InlineData("session;critical", false, 500)]
    [InlineData("session;critical", true, null)]
    [InlineData("session", false, null)]
    [InlineData("id;critical", false, null)]
    public void Rather_no_call_than_one_that_is_not_private(string privacy, bool hidesMedia, int? status) =>
        Assert.Equal(status, PrivacyRules.Refuse(Privacy.Of(Call($"Privacy: {privacy}\n")), hidesMedia)?.Status);
}
