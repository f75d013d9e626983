using static Telephony.Sip.ReplaceableStatus;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Referrals;

/// <summary>RFC 3891 §3.</summary>
public class ReplacesRulesTests
{
    private static Replaceable Known(ReplaceableStatus status, bool isOurs = true, string remoteTag = "r1") =>
        new(new("c1", "l1", remoteTag, "<sip:us@h>", "<sip:them@h>", "sip:them@h", 1, null, []), status, isOurs);

    [Theory]
    [InlineData("c1;to-tag=l1;from-tag=r1", Confirmed, true, 200)]
    [InlineData("c1;to-tag=l1;from-tag=r1", Confirmed, false, 200)]
    [InlineData("c1;to-tag=l1;from-tag=r1", Early, true, 200)]
    [InlineData("c1;to-tag=l1;from-tag=r1;early-only", Early, true, 200)]
    [InlineData("c1;to-tag=l1;from-tag=r1", Early, false, 481)]
    [InlineData("c1;to-tag=l1;from-tag=r1;early-only", Confirmed, true, 486)]
    [InlineData("c1;to-tag=l1;from-tag=r1", Ended, true, 603)]
    [InlineData("c1;to-tag=r1;from-tag=l1", Confirmed, true, 481)]
    [InlineData("C1;to-tag=l1;from-tag=r1", Confirmed, true, 481)]
    [InlineData("c1;to-tag=l1;from-tag=0", Confirmed, true, 481)]
    [InlineData("c1;to-tag=l1", Confirmed, true, 400)]
    public void A_dialog_is_replaced_only_by_both_its_tags_and_in_the_right_state(string replaces, ReplaceableStatus status, bool isOurs, int expected)
    {
        var match = ReplacesRules.Match(Request(Invite(more: $"Replaces: {replaces}\n")), [Known(status, isOurs)])!;

        Assert.Equal((expected, expected == 200), (match.Status, match.Dialog is not null));
    }

    [Fact]
    public void A_peer_without_a_tag_is_named_0() =>
        Assert.Equal(200, ReplacesRules.Match(new Replaces("c1", "l1", "0"), [Known(Confirmed, remoteTag: "")]).Status);

    [Fact]
    public void Several_matches_are_as_good_as_none() =>
        Assert.Equal(481, ReplacesRules.Match(new Replaces("c1", "l1", "r1"), [Known(Confirmed), Known(Early)]).Status);

    [Fact]
    public void Only_an_invite_replaces()
    {
        Assert.Null(ReplacesRules.Match(Request(Invite()), []));
        Assert.Equal(400, ReplacesRules.Match(Request(Invite(method: "OPTIONS", more: "Replaces: c1;to-tag=l1;from-tag=r1\n")), [Known(Confirmed)])!.Status);
        Assert.Equal(400, ReplacesRules.Match(Request(Invite(more: "Replaces: c1;to-tag=l1;from-tag=r1\nJoin: c1;to-tag=l1;from-tag=r1\n")), [Known(Confirmed)])!.Status);
    }
}
