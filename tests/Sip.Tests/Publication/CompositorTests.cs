using System.Collections.Immutable;
using System.Text;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Publications;

/// <summary>RFC 3903 §6.</summary>
public class CompositorTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly PublicationRules Rules = PublicationRules.For("presence", "application/pidf+xml") with { MaxPublications = 2, MaxBytes = 100 };

    private static PublishResult Apply(ImmutableArray<Publication> current, string headers, string body = "", string tag = "t1", DateTimeOffset? at = null, string type = "application/pidf+xml")
    {
        var publish = Request(Invite(method: "PUBLISH", more: headers.Length == 0 ? "" : headers + "\n")).ToBuilder();
        if (body.Length > 0) publish.Body(body, type);
        return Compositor.Apply(current, publish.Build(), tag, Rules, at ?? Now);
    }

    private static ImmutableArray<Publication> One() => Apply([], "Event: presence\nExpires: 3600", "<open/>", "dx200xyz").Publications;

    /// <summary>RFC 3903 §9, messages M5 and M6.</summary>
    [Fact]
    public void What_is_published_first_gets_a_tag()
    {
        var result = Apply([], "Event: presence\nExpires: 3600", "<open/>", "dx200xyz");

        Assert.Equal((200, "dx200xyz", "3600"), (result.Answer.Status, result.Answer["SIP-ETag"], result.Answer["Expires"]));
        var publication = Assert.Single(result.Publications);
        Assert.Equal(("dx200xyz", "<open/>", Now.AddHours(1), true), (publication.Tag, Encoding.UTF8.GetString(publication.Content.AsSpan()), publication.ExpiresAt, result.IsChanged));
    }

    /// <summary>M9 and M10: refreshed, with a new tag, and no change to tell.</summary>
    [Fact]
    public void A_refresh_keeps_what_is_there_and_changes_its_tag()
    {
        var result = Apply(One(), "Event: presence\nSIP-If-Match: dx200xyz\nExpires: 1800", tag: "kwj449x", at: Now.AddMinutes(30));

        Assert.Equal(("kwj449x", false), (result.Answer["SIP-ETag"], result.IsChanged));
        var publication = Assert.Single(result.Publications);
        Assert.Equal(("kwj449x", "<open/>", Now.AddHours(1)), (publication.Tag, Encoding.UTF8.GetString(publication.Content.AsSpan()), publication.ExpiresAt));
    }

    /// <summary>M11 and M12.</summary>
    [Fact]
    public void A_change_takes_the_place_of_what_its_tag_names()
    {
        var result = Apply(One(), "Event: presence\nSIP-If-Match: dx200xyz", "<closed/>", "qwi982ks");

        Assert.Equal(("<closed/>", true), (Encoding.UTF8.GetString(Assert.Single(result.Publications).Content.AsSpan()), result.IsChanged));
        Assert.Equal(412, Apply(result.Publications, "Event: presence\nSIP-If-Match: dx200xyz", "<x/>", "t9").Answer.Status);
    }

    [Fact]
    public void Expires_0_takes_it_away()
    {
        var result = Apply(One(), "Event: presence\nSIP-If-Match: dx200xyz\nExpires: 0");

        Assert.Equal((200, "0", true), (result.Answer.Status, result.Answer["Expires"], result.IsChanged));
        Assert.Empty(result.Publications);
    }

    [Fact]
    public void Asking_to_keep_nothing_keeps_nothing() =>
        Assert.Equal((200, 1, false), (Apply(One(), "Event: presence\nExpires: 0", "<x/>") is var result ? result.Answer.Status : 0, result.Publications.Length, result.IsChanged));

    [Theory]
    [InlineData("Event: dialog", "<x/>", "application/pidf+xml", 489, "Allow-Events", "presence")]
    [InlineData("X: y", "<x/>", "application/pidf+xml", 489, "Allow-Events", "presence")]
    [InlineData("Event: presence\nSIP-If-Match: nobody", "<x/>", "application/pidf+xml", 412, null, null)]
    [InlineData("Event: presence\nSIP-If-Match: nobody\nExpires: 0", "", "", 412, null, null)]
    [InlineData("Event: presence\nExpires: 59", "<x/>", "application/pidf+xml", 423, "Min-Expires", "60")]
    [InlineData("Event: presence", "", "", 400, null, null)]
    [InlineData("Event: presence", "<x/>", "text/plain", 415, "Accept", "application/pidf+xml")]
    [InlineData("Event: presence", "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789+", "application/pidf+xml;charset=utf-8", 413, null, null)]
    public void What_can_not_be_published_changes_nothing(string headers, string body, string type, int status, string? header, string? value)
    {
        var result = Apply(One(), headers, body, type: type);

        Assert.Equal((status, value, false), (result.Answer.Status, header is null ? null : result.Answer[header], result.IsChanged));
        Assert.Equal(One()[0].Tag, Assert.Single(result.Publications).Tag);
    }

    [Fact]
    public void One_more_than_allowed_is_refused_until_another_has_expired()
    {
        var two = Apply(One(), "Event: presence\nExpires: 60", "<b/>", "t2").Publications;
        Assert.Equal(403, Apply(two, "Event: presence", "<c/>", "t3").Answer.Status);

        var later = Apply(two, "Event: presence", "<c/>", "t3", Now.AddSeconds(60));
        Assert.Equal((200, true), (later.Answer.Status, later.IsChanged));
        Assert.Equal(["dx200xyz", "t3"], later.Publications.Select(publication => publication.Tag));
        Assert.Equal(412, Apply(two, "Event: presence\nSIP-If-Match: t2", "", "t3", Now.AddSeconds(60)).Answer.Status);
    }
}
