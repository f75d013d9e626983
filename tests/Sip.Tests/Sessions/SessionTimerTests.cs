using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Sessions;

/// <summary>Session timers (RFC 4028).</summary>
public class SessionTimerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SessionTimerRules Rules = new(TimeSpan.FromSeconds(1800), TimeSpan.FromSeconds(120));

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    [Theory]
    [InlineData("", "1800;refresher=uas", true, false)] // knows nothing of timers: we refresh
    [InlineData("Session-Expires: 600\n", "600;refresher=uas", true, false)] // of a proxy
    [InlineData("Supported: timer\n", "1800;refresher=uas", true, true)]
    [InlineData("Supported: timer\nSession-Expires: 600\n", "600;refresher=uas", true, true)]
    [InlineData("Supported: timer\nSession-Expires: 3600;refresher=uac\n", "1800;refresher=uac", false, true)] // made shorter
    [InlineData("Supported: timer\nx: 600 ;refresher=uas\n", "600;refresher=uas", true, true)] // compact
    [InlineData("Supported: timer\nSession-Expires: 7200\nMin-SE: 3600\n", "3600;refresher=uas", true, true)] // not below Min-SE
    [InlineData("Session-Expires: 1\n", "90;refresher=uas", true, false)] // nobody is refreshed twice a second
    [Trait("RFC", "4028 §9, table 2")]
    public void The_called_side_answers(string fields, string expires, bool weRefresh, bool requires)
    {
        var timer = Rules.Accept(Request(Invite(more: fields)), Now, out var answered, out var required);

        Assert.Equal((expires, requires), (answered.ToString(), required));
        Assert.Equal((weRefresh, answered.Interval), (timer.WeRefresh, timer.Interval));
    }

    [Theory]
    [InlineData("Supported: timer\nSession-Expires: 119\n", true)]
    [InlineData("Supported: timer\nSession-Expires: 120\n", false)]
    [InlineData("Session-Expires: 60\n", false)] // would not understand a 422
    [InlineData("Supported: timer\n", false)]
    [Trait("RFC", "4028 §9")]
    public void Too_short_an_interval_is_422(string fields, bool isTooShort)
    {
        Assert.Equal(isTooShort, Rules.IsTooShort(Request(Invite(more: fields))));
        Assert.Equal("120", Rules.MinSe.ToString());
    }

    [Theory]
    [InlineData("", 1800, true)]
    [InlineData("Session-Expires: 600;refresher=uas\n", 600, false)]
    [InlineData("Session-Expires: 600;refresher=uac\n", 600, true)]
    [InlineData("Session-Expires: 9999;refresher=uas\n", 1800, false)]
    [Trait("RFC", "4028 §7.2")]
    public void The_calling_side_takes_what_the_2xx_says(string fields, int interval, bool weRefresh)
    {
        var asked = Rules.Ask();
        var answer = Response(SipResponse.For(Request(Invite()), 200).Build().ToString().Replace("Content-Length", fields + "Content-Length", StringComparison.Ordinal));

        Assert.Equal(new SessionTimer(Seconds(interval), weRefresh, Now), SessionTimerRules.Agreed(asked, answer, Now));
        Assert.Equal("1800;refresher=uac", asked.ToString());
    }

    [Fact]
    [Trait("RFC", "4028 §7.3, §7.4")]
    public void After_a_422_more_is_asked_for_and_roles_stay()
    {
        Assert.Equal("3600;refresher=uac", Rules.Ask(minimum: Seconds(3600)).ToString());
        Assert.Equal("600;refresher=uas", Rules.Ask(new SessionTimer(Seconds(600), WeRefresh: false, Now)).ToString());
    }

    [Theory]
    [InlineData(1800, 900, 1768)]
    [InlineData(90, 45, 60)]
    [Trait("RFC", "4028 §10")]
    public void A_refresh_is_due_at_half_time_and_the_end_a_third_or_32_seconds_early(int interval, int refresh, int end)
    {
        var timer = new SessionTimer(Seconds(interval), WeRefresh: true, Now);

        Assert.Equal((Now + Seconds(refresh), Now + Seconds(end)), (timer.RefreshAt, timer.EndsAt));
        Assert.Equal(timer.EndsAt, (timer with { WeRefresh = false }).NextAt);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-5")]
    [InlineData("99999999999")]
    [InlineData(";refresher=uac")]
    public void What_is_no_interval_is_not_read(string value) => Assert.False(SessionExpires.TryParse(value, out _));

    [Fact]
    [Trait("RFC", "3261 §14.1")]
    public void The_back_off_depends_on_who_made_the_CallId()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            Assert.InRange(Glare.BackOff(ownsCallId: true, random), TimeSpan.FromSeconds(2.1), TimeSpan.FromSeconds(4));
            Assert.InRange(Glare.BackOff(ownsCallId: false, random), TimeSpan.Zero, TimeSpan.FromSeconds(2));
            Assert.Equal(0, Glare.BackOff(true, random).Ticks % TimeSpan.FromMilliseconds(10).Ticks);
            Assert.InRange(Glare.RetryAfter(random), 0, 10);
        }
    }
}
