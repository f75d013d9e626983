namespace Telephony.Sip.Tests.Headers;

public class HeaderTableTests
{
    /// <summary>The compact forms of IANA's registry of header fields.</summary>
    [Theory]
    [InlineData("a", "Accept-Contact")]
    [InlineData("b", "Referred-By")]
    [InlineData("c", "Content-Type")]
    [InlineData("d", "Request-Disposition")]
    [InlineData("e", "Content-Encoding")]
    [InlineData("f", "From")]
    [InlineData("i", "Call-ID")]
    [InlineData("j", "Reject-Contact")]
    [InlineData("k", "Supported")]
    [InlineData("l", "Content-Length")]
    [InlineData("m", "Contact")]
    [InlineData("n", "Identity-Info")]
    [InlineData("o", "Event")]
    [InlineData("r", "Refer-To")]
    [InlineData("s", "Subject")]
    [InlineData("t", "To")]
    [InlineData("u", "Allow-Events")]
    [InlineData("v", "Via")]
    [InlineData("x", "Session-Expires")]
    [InlineData("y", "Identity")]
    public void Every_compact_form_is_known(string compact, string name)
    {
        Assert.NotEqual(HeaderId.Other, HeaderTable.Find(name));
        Assert.Equal(HeaderTable.Find(name), HeaderTable.Find(compact));
        Assert.Equal(HeaderTable.Find(name), HeaderTable.Find(compact.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("g")]
    [InlineData("h")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("w")]
    [InlineData("z")]
    [InlineData("@")]
    public void Other_letters_are_no_compact_form(string name) => Assert.Equal(HeaderId.Other, HeaderTable.Find(name));

    [Fact]
    public void Every_field_has_a_name_that_finds_it_in_any_case()
    {
        foreach (var id in Enum.GetValues<HeaderId>().Where(id => id != HeaderId.Other))
        {
            var name = System.Text.Encoding.ASCII.GetString(HeaderTable.Name(id));
            Assert.Equal(id, HeaderTable.Find(name));
            Assert.Equal(id, HeaderTable.Find(name.ToUpperInvariant()));
        }
    }

    [Theory]
    [InlineData("Date")]
    [InlineData("Subject")]
    [InlineData("User-Agent")]
    [InlineData("Authorization")]
    [InlineData("Privacy")]
    [InlineData("Replaces")]
    [InlineData("Call-ID")]
    public void A_comma_parts_nothing_where_the_grammar_has_no_list(string name) => Assert.False(HeaderTable.IsList(HeaderTable.Find(name)));

    [Fact]
    public void A_second_one_of_what_may_be_there_once_is_refused()
    {
        foreach (var field in new[] { "Refer-To: <sip:a@b>", "Replaces: a;to-tag=1;from-tag=2", "Event: x", "Target-Dialog: a;local-tag=1;remote-tag=2", "Refer-Sub: true" })
        {
            Assert.False(SipRequest.TryParse(TestMessages.Bytes(TestMessages.Invite(more: $"{field}\n{field}\n")), out _, out var error));
            Assert.StartsWith("More than one ", error.Reason, StringComparison.Ordinal);
        }
    }
}
