namespace Telephony.Sip.Tests.Headers;

/// <summary>Diversion and History-Info say the same (RFC 7544).</summary>
public class DiversionHistoryTests
{
    [Fact]
    public void Two_diversions_become_three_entries_the_first_first()
    {
        Diversion[] diversions =
        [
            new("sip:diverting_user2@h", Reason: "user-busy", Counter: 1, Privacy: "full"),
            new("sip:diverting_user1@h", "One", Reason: "unconditional", Counter: 1, Privacy: "off"),
        ];

        Assert.Equal(
            [
                "\"One\" <sip:diverting_user1@h>;index=1",
                "<sip:diverting_user2@h;cause=302?Privacy=history>;index=1.1;mp=1",
                "<sip:last_target@h;cause=486>;index=1.1.1;mp=1.1",
            ],
            DiversionHistory.ToHistory(diversions, "sip:last_target@h").Select(entry => entry.ToString()));
    }

    [Fact]
    public void History_becomes_diversions_the_latest_first()
    {
        var history = Entries(
            "<sip:diverting_user1@h>;index=1",
            "<sip:diverting_user2@h;cause=302?Privacy=history&Reason=SIP%3Bcause%3D486>;index=1.1;mp=1",
            "<sip:192.0.2.7>;index=1.1.1;rc=1.1",
            "<sip:last_target@h;cause=486>;index=1.2;mp=1.1");

        Assert.Equal(
            ["<sip:diverting_user2@h>;reason=user-busy;counter=1;privacy=full", "<sip:diverting_user1@h>;reason=unconditional;counter=1"],
            DiversionHistory.ToDiversions(history).Select(diversion => diversion.ToString()));
        Assert.Equal(486u, Assert.Single(history[1].Reasons).Cause);
    }

    [Theory]
    [InlineData("unknown", 404)]
    [InlineData("unconditional", 302)]
    [InlineData("user-busy", 486)]
    [InlineData("no-answer", 408)]
    [InlineData("deflection", 480)]
    [InlineData("unavailable", 503)]
    public void A_reason_comes_back_as_it_was(string reason, uint cause)
    {
        var history = DiversionHistory.ToHistory([new("sip:a@h", Reason: reason)], "sip:b@h");

        Assert.Equal(cause, history[^1].Cause);
        Assert.Equal(reason, Assert.Single(DiversionHistory.ToDiversions(history)).Reason);
    }

    [Theory]
    [InlineData("do-not-disturb", "unknown")]
    [InlineData("something-else", "unknown")]
    [InlineData(null, "unknown")]
    public void A_reason_without_a_cause_of_its_own_is_unknown(string? reason, string back) =>
        Assert.Equal(back, Assert.Single(DiversionHistory.ToDiversions(DiversionHistory.ToHistory([new("sip:a@h", Reason: reason)], "sip:b@h"))).Reason);

    [Fact]
    public void A_number_becomes_a_uri_that_can_say_the_cause()
    {
        var history = DiversionHistory.ToHistory([new("tel:+32-2-555", Reason: "no-answer"), new("tel:+1", Reason: "user-busy")], "sip:b@trunk.example");

        Assert.Equal(
            ["<sip:+1@trunk.example;user=phone>;index=1", "<sip:+322555@trunk.example;user=phone;cause=486>;index=1.1;mp=1", "<sip:b@trunk.example;cause=408>;index=1.1.1;mp=1.1"],
            history.Select(entry => entry.ToString()));
        Assert.Equal(["no-answer", "user-busy"], DiversionHistory.ToDiversions(history).Select(diversion => diversion.Reason));
    }

    [Fact]
    public void A_counter_leaves_room_for_those_that_are_not_named()
    {
        var history = DiversionHistory.ToHistory([new("sip:a@h", Reason: "no-answer", Counter: 3)], "sip:b@h");

        Assert.Equal(["1", "1.1.1.1"], history.Select(entry => entry.Index));
        Assert.Equal(3u, Assert.Single(DiversionHistory.ToDiversions(history)).Counter);
    }

    [Fact]
    public void Nobody_diverted_is_nothing_said_and_nobody_makes_the_list_long()
    {
        Assert.Empty(DiversionHistory.ToHistory([], "sip:b@h"));
        Assert.Empty(DiversionHistory.ToDiversions(Entries("<sip:a@h>;index=1", "<sip:b@h>;index=1.1;rc=1")));
        Assert.Equal(21, DiversionHistory.ToHistory([.. Enumerable.Repeat(new Diversion("sip:a@h", Counter: uint.MaxValue), 100)], "sip:b@h").Length);
    }

    private static HistoryInfo[] Entries(params string[] texts) =>
        [.. texts.Select(text => HistoryInfo.TryParse(text, out var entry) ? entry : throw new FormatException(text))];
}
