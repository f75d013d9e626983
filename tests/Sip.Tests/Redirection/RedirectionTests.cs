using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Redirections;

/// <summary>RFC 3261 §8.1.3.4, §16.5, §19.1.5.</summary>
public class RedirectionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SipRequest Original = Request(Invite());

    private static SipResponse Moved(string contacts, int status = 302, string more = "")
    {
        var response = SipResponse.For(Original, status, toTag: "b1").Add("Contact", contacts);
        if (more.Length > 0) response.Add(more.Split(": ")[0], more.Split(": ")[1]);
        return response.Build();
    }

    private static Redirection After(string contacts, int status = 302, string more = "", RedirectLimits? limits = null) =>
        Redirection.Of("sip:bob@127.0.0.1").Redirected(Original, Moved(contacts, status, more), null, limits ?? RedirectLimits.Default, Now);

    private static List<string> All(Redirection set)
    {
        var uris = new List<string>();
        while (set.Take(Now, out set) is { } target) uris.Add(target.Uri);
        return uris;
    }

    [Fact]
    public void Targets_are_tried_best_liked_first_and_in_their_order() => Assert.Equal(
        ["sip:c@h", "sip:d@h", "sip:b@h", "sip:a@h"],
        All(After("<sip:a@h>;q=0.1, <sip:b@h>;q=0.5, <sip:c@h>, <sip:d@h>;q=1.0")));

    [Fact]
    public void No_target_is_tried_twice_also_by_way_of_another()
    {
        var set = After("<sip:a@h>, <sip:A@H>, <sip:a@H;x=1>, <sip:bob@127.0.0.1>");
        Assert.Equal(["sip:a@h", "sip:A@H"], All(set)); // a user's case counts, a host's does not

        var a = set.Take(Now, out set)!;
        var back = Redirection.Request(Original, a).Build();
        set = set.Redirected(back, Moved("<sip:bob@127.0.0.1>, <sip:a@h>, <sip:new@h>"), a, RedirectLimits.Default, Now);
        Assert.Equal(["sip:A@H", "sip:new@h"], All(set));
    }

    [Fact]
    public void It_is_bounded_in_number_and_depth()
    {
        var limits = new RedirectLimits(MaxTargets: 4, MaxDepth: 2, TimeSpan.FromMinutes(1));
        Assert.Equal(3, All(After(string.Join(", ", Enumerable.Range(0, 50).Select(i => $"<sip:u{i}@h>")), limits: limits)).Count);

        var set = After("<sip:a@h>", limits: limits);
        var first = set.Take(Now, out set)!;
        set = set.Redirected(Redirection.Request(Original, first).Build(), Moved("<sip:b@h>"), first, limits, Now);
        var second = set.Take(Now, out set)!;
        Assert.Equal(2, second.Depth);
        Assert.Empty(set.Redirected(Redirection.Request(Original, second).Build(), Moved("<sip:c@h>"), second, limits, Now).Left);
    }

    [Fact]
    public void What_would_not_fit_into_a_request_is_left_out()
    {
        Assert.Empty(After($"<sip:a@h?X={new string('x', 60_000)}>").Left);

        var told = Original.ToBuilder().Add("History-Info", string.Join(", ", Enumerable.Range(1, 400).Select(i => $"<sip:u{i}@h>;index=1.{i}"))).Build();
        Assert.Equal(401, Redirection.Request(told, After("<sip:b@h>").Left[0]).Build().Headers("History-Info").Count);
    }

    [Theory]
    [InlineData("<sip:a@h>;expires=10", "", 10)]
    [InlineData("<sip:a@h>", "Expires: 20", 20)]
    [InlineData("<sip:a@h>", "", 600)]
    [InlineData("<sip:a@h>;expires=99999", "", 600)]
    [InlineData("<sip:a@h>;expires=soon", "", 600)]
    [InlineData("<sip:a@h>;expires=0", "", null)]
    public void A_target_is_good_for_its_time(string contact, string more, int? seconds)
    {
        var set = After(contact, more: more);

        Assert.Equal(seconds is { } time ? Now.AddSeconds(time) : (DateTimeOffset?)null, set.Left.FirstOrDefault()?.ExpiresAt);
        if (seconds is { } until) Assert.Null(set.Take(Now.AddSeconds(until), out _));
    }

    [Theory]
    [InlineData(300, 1)]
    [InlineData(301, 1)]
    [InlineData(302, 1)]
    [InlineData(305, 0)]
    [InlineData(380, 0)]
    [InlineData(486, 0)]
    public void Only_what_says_where_else_is_followed(int status, int count) => Assert.Equal(count, After("<sip:a@h>", status).Left.Length);

    [Fact]
    public void A_secure_call_stays_secure()
    {
        var secure = Original.ToBuilder().RequestUri("sips:bob@127.0.0.1").Build();

        Assert.Equal(["sips:b@h"], All(Redirection.Of("sips:bob@127.0.0.1").Redirected(secure, Moved("<sip:a@h>, <sips:b@h>, <tel:+1>"), null, RedirectLimits.Default, Now)));
        Assert.Equal(["sip:a@h", "tel:+1"], All(After("<sip:a@h>, <tel:+1>, <mailto:x@h>, <http://h/>")));
    }

    [Fact]
    public void The_headers_of_the_uri_are_set_except_those_that_would_forge()
    {
        var set = After("<sip:a@h;method=BYE;x=1?Subject=hi&X-Trace=1&From=%3Csip:boss@h%3E&Via=x&Route=%3Csip:evil%3E&Call-ID=z&P-Asserted-Identity=%3Csip:boss@h%3E&Answer-Mode=Auto&Replaces=a&P-Auto-Answer=normal&body=x&i=c>");
        var request = Redirection.Request(Original, set.Left[0]).Build();

        Assert.Equal("sip:a@h;x=1", request.RequestUri.ToString());
        Assert.Equal(("hi", "1", "INVITE"), (request.Header("Subject"), request.Header("X-Trace"), request.Method.Name));
        Assert.Equal((Original.From.ToString(), Original.To.ToString(), Original.CallId), (request.From.ToString(), request.To.ToString(), request.CallId));
        foreach (var field in new[] { "Route", "P-Asserted-Identity", "Answer-Mode", "Replaces", "P-Auto-Answer", "body", "Diversion", "History-Info" }) Assert.Null(request.Header(field));
    }

    [Fact]
    public void Who_redirected_is_added_to_what_the_request_says_of_its_way()
    {
        var target = After("<sip:carol@h;x=1?Subject=x>").Left[0];
        var told = Original.ToBuilder().Add("Diversion", "<sip:first@h>;reason=no-answer").Add("History-Info", "<sip:first@h>;index=1, <sip:bob@127.0.0.1>;index=1.1;rc=1").Build();
        var request = Redirection.Request(told, target).Build();

        Assert.Equal(["<sip:bob@127.0.0.1>;reason=deflection;counter=1", "<sip:first@h>;reason=no-answer"], request.Headers("Diversion"));
        Assert.Equal(
            ["<sip:first@h>;index=1", "<sip:bob@127.0.0.1?Reason=SIP%3Bcause%3D302>;index=1.1;rc=1", "<sip:carol@h;x=1>;index=1.1.1;mp=1.1"],
            request.Headers("History-Info"));
        Assert.Equal("<sip:bob@127.0.0.1>;reason=deflection;counter=1", Redirection.Request(Original, target, addDiversion: true).Build().Header("Diversion"));
        Assert.Equal(2, Redirection.Request(Original.ToBuilder().Add("Supported", "histinfo").Build(), target).Build().Headers("History-Info").Count);
    }
}
