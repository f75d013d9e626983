using System.Text.Json;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Headers;

/// <summary>Typed header values: what the RFCs' own examples say, written again without loss, and what is no value.</summary>
public class TypedHeaderTests
{
    /// <summary>Values that are written as they were read.</summary>
    [Theory]
    [InlineData("Event", "dialog")]
    [InlineData("Session-Expires", "1800;refresher=uas;x=y")]
    [InlineData("Min-SE", "90")]
    [InlineData("Min-SE", "90;x")]
    [InlineData("RAck", "776656 1 INVITE")]
    [InlineData("Event", "refer;id=93809824")]
    [InlineData("Event", "presence;id=a;adaptive-min-rate=0.5;x=\"a;b\"")]
    [InlineData("Subscription-State", "active;expires=3600")]
    [InlineData("Subscription-State", "terminated;reason=probation;retry-after=60;x=y")]
    [InlineData("Subscription-State", "held-back;x")]
    [InlineData("Refer-To", "<sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994>")]
    [InlineData("Refer-To", "\"Dave, D\" <sip:dave@denver.example.org;method=SUBSCRIBE?Event=x>;unknown=1")]
    [InlineData("Referred-By", "<sip:referrer@referrer.example>;cid=\"20398823.2UWQFN309shb3@referrer.example\"")]
    [InlineData("Replaces", "98732@sip.example.com;to-tag=ff87ff;from-tag=r33th4x0r")]
    [InlineData("Replaces", "12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only;x=1")]
    [InlineData("Target-Dialog", "fa77as7dad8-sd98ajzz@host.example.com;local-tag=kkaz-;remote-tag=6544")]
    [InlineData("Reason", "SIP;cause=200;text=\"Call completed elsewhere\"")]
    [InlineData("Reason", "Q.850;cause=16;text=\"Terminated\"")]
    [InlineData("Privacy", "header;user;critical")]
    [InlineData("Privacy", "id;history;foo")]
    [InlineData("History-Info", "<sip:UserA@ims.example.com?Reason=SIP%3Bcause%3D302>;index=1.1;np=1")]
    [InlineData("Diversion", "\"Bob\" <sip:UserB@there.example>;reason=user-busy;counter=1;privacy=off;screen=yes")]
    [InlineData("Remote-Party-ID", "\"John Doe\" <sip:jdoe@foo.example>;party=calling;privacy=full;screen=yes;id-type=user")]
    [InlineData("Alert-Info", "<http://wwww.example.com/alice/photo.jpg>")]
    [InlineData("Alert-Info", "<http://127.0.0.1/Bellcore-dr2>;info=alert-internal;x-line-id=0")]
    [InlineData("Alert-Info", "info=alert-autoanswer;delay=0")]
    [InlineData("Alert-Info", "Bellcore-dr3")]
    [InlineData("Call-Info", "<http://www.example.com/alice/photo.jpg>;purpose=icon")]
    [InlineData("Call-Info", "<sip:pbx.example.com>;answer-after=0;x=1")]
    [InlineData("Retry-After", "18000;duration=3600")]
    [InlineData("Retry-After", "120 (I'm in a meeting (long))")]
    [InlineData("Warning", "307 isi.edu \"Session parameter 'foo' not understood\"")]
    [InlineData("Warning", "301 192.0.2.1:5060 \"a \\\"b\\\" c\"")]
    [InlineData("Date", "Sat, 13 Nov 2010 23:29:00 GMT")]
    [InlineData("Content-Disposition", "session;handling=optional;x=y")]
    public void A_value_is_written_as_it_was_read(string field, string value) => Assert.Equal(value, Read(field, value)?.ToString());

    [Theory]
    [InlineData("Event", "")]
    [InlineData("Event", "a b")]
    [InlineData("Event", ";id=1")]
    [InlineData("Event", "dialog;id=\"x")]
    [InlineData("Subscription-State", "active;expires=soon")]
    [InlineData("Subscription-State", "active;expires=4294967296")]
    [InlineData("Refer-To", "<sip:a@b>, <sip:c@d>")]
    [InlineData("Refer-To", "dave")]
    [InlineData("Referred-By", "<sip:a@b")]
    [InlineData("Replaces", "98732@sip.example.com;to-tag=ff87ff")]
    [InlineData("Replaces", "98732@sip.example.com;from-tag=ff87ff;to-tag=")]
    [InlineData("Replaces", ";to-tag=1;from-tag=2")]
    [InlineData("Target-Dialog", "a;local-tag=1")]
    [InlineData("Reason", ";cause=1")]
    [InlineData("Reason", "SIP;cause=abc")]
    [InlineData("Privacy", "")]
    [InlineData("Privacy", "id;;user")]
    [InlineData("History-Info", "<sip:a@b>")]
    [InlineData("History-Info", "<sip:a@b>;index=1..2")]
    [InlineData("History-Info", "<sip:a@b>;index=a")]
    [InlineData("Diversion", "<sip:a@b>;counter=-1")]
    [InlineData("Alert-Info", "")]
    [InlineData("Alert-Info", "<http://x")]
    [InlineData("Call-Info", "<sip:h>;answer-after=now")]
    [InlineData("Call-Info", "")]
    [InlineData("Retry-After", "soon")]
    [InlineData("Retry-After", "120 (unclosed")]
    [InlineData("Retry-After", "120 s")]
    [InlineData("Warning", "307 isi.edu")]
    [InlineData("Warning", "307 isi.edu no quotes")]
    [InlineData("Warning", "30 isi.edu \"x\"")]
    [InlineData("Date", "yesterday")]
    [InlineData("Content-Disposition", ";handling=required")]
    public void What_is_no_value_is_refused(string field, string value) => Assert.Null(Read(field, value));

    [Fact]
    public void Fields_are_read_from_a_message_by_their_type_also_in_compact_form()
    {
        var request = Request(Invite(method: "NOTIFY", more: "o: dialog;id=7\nSubscription-State: Active;Expires=60\nReason: SIP;cause=486, Q.850;cause=17\nReason: x;cause=y\nb: <sip:boss@h>\n"));

        Assert.Equal(new EventPackage("dialog", "7"), request.Header<EventPackage>());
        Assert.Equal(new SubscriptionState("active", Expires: 60), request.Header<SubscriptionState>());
        Assert.Equal([486u, 17u], request.Headers<Reason>().Select(reason => reason.Cause));
        Assert.Equal((17u, null), (Reason.CauseOf(request, "q.850"), Reason.CauseOf(request, "x")));
        Assert.Equal("sip:boss@h", request.Header<ReferredBy>()?.Uri);
        Assert.Null(request.Header<Replaces>());
    }

    [Fact]
    public void A_typed_field_is_added_and_replaced()
    {
        var request = Request(Invite()).ToBuilder().Add(Reason.Q850(16)).Add(Reason.Sip(486)).Set(new EventPackage("dialog")).Set(new EventPackage("presence")).Build();

        Assert.Equal(["Q.850;cause=16", "SIP;cause=486;text=\"Busy Here\""], request.Headers("Reason"));
        Assert.Equal(["presence"], request.Headers("Event"));
    }

    /// <summary>RFC 6665 §8.2.1.</summary>
    [Theory]
    [InlineData("dialog", "dialog;x=1", true)]
    [InlineData("dialog;id=1", "dialog;id=1", true)]
    [InlineData("dialog;id=1", "dialog", false)]
    [InlineData("dialog", "Dialog", false)]
    public void Event_and_id_alone_tell_subscriptions_apart(string one, string other, bool isSame)
    {
        Assert.True(EventPackage.TryParse(one, out var left) && EventPackage.TryParse(other, out var right) && left.IsSameAs(right) == isSame);
    }

    /// <summary>RFC 5589 §7.1's Refer-To.</summary>
    [Fact]
    public void An_attended_transfer_says_what_it_replaces()
    {
        var text = "<sips:482n4z24kdg@gateway.example.com?Replaces=592435881734450904%3Bto-tag%3D9m2n3wq%3Bfrom-tag%3D763231>";
        Assert.True(ReferTo.TryParse(text, out var refer));

        Assert.True(refer.IsAttended);
        Assert.Equal(new Replaces("592435881734450904", "9m2n3wq", "763231"), refer.Replaces);
        Assert.Equal(SipMethod.Invite, refer.Method);
        Assert.Equal(refer, ReferTo.Attended("sips:482n4z24kdg@gateway.example.com", refer.Replaces!));
        Assert.False(new ReferTo("sip:b@h").IsAttended);
        Assert.Null(new ReferTo("sip:b@h?Replaces=broken").Replaces);
        Assert.True(new ReferTo("sip:b@h?Replaces=broken").IsAttended);
    }

    [Fact]
    public void Headers_of_a_uri_are_unescaped_and_none_brings_a_line_break()
    {
        var uri = SipUri.Parse("sip:a@b?Subject=two%20words&X=1%0D%0AVia:x&=3&i=c%40h&Y");

        Assert.Equal(["Subject: two words", "i: c@h", "Y: "], UriHeaders.Of(uri).Select(header => $"{header.Key}: {header.Value}"));
        Assert.Equal("c@h", UriHeaders.Find(uri, "Call-ID"));
        Assert.Equal("sip:a@b?S=a%3Bb%26c&T=%22", UriHeaders.Add(UriHeaders.Add("sip:a@b", "S", "a;b&c"), "T", "\""));
    }

    /// <summary>RFC 3325 §9.1: at most one sip or sips URI, and one tel URI.</summary>
    [Theory]
    [InlineData("\"Cullen Jennings\" <sip:fluffy@cisco.com>", "\"Cullen Jennings\" <sip:fluffy@cisco.com>")]
    [InlineData("<tel:+14085264000>, <sip:fluffy@cisco.com>", "<sip:fluffy@cisco.com>, <tel:+14085264000>")]
    [InlineData("<sip:a@h>, <sips:b@h>, <tel:+1>, <tel:+2>", "<sip:a@h>, <tel:+1>")]
    [InlineData("<mailto:a@h>, broken", "")]
    public void An_asserted_identity_has_one_of_each_kind(string value, string expected) =>
        Assert.Equal(expected, string.Join(", ", PartyIdentity.Asserted(Request(Invite(more: $"P-Asserted-Identity: {value}\n")))));

    /// <summary>RFC 7462 §9 and what is no such urn.</summary>
    [Theory]
    [InlineData("<urn:alert:service:call-waiting@example>", "service:call-waiting@example")]
    [InlineData("<URN:alert:source:external>;x", "source:external")]
    [InlineData("<urn:alert:>", null)]
    [InlineData("<http://h>", null)]
    public void An_alert_urn_gives_its_indication(string value, string? expected) =>
        Assert.Equal(expected, Request(Invite(more: $"Alert-Info: {value}\n")).Header<AlertInfo>()?.Alert);

    [Theory]
    [InlineData("Accept: application/sdp, application/pidf+xml;q=0.5, text/*;q=0.3, */*;q=0.1", "text/plain,application/pidf+xml", "application/pidf+xml")]
    [InlineData("Accept: application/x;q=0, */*;q=0.2", "application/x,text/html", "text/html")]
    [InlineData("Accept: application/x", "application/y", null)]
    [InlineData("Accept:", "application/y", null)]
    [InlineData("Accept: application/y;q=7", "application/y", null)]
    [InlineData("X: y", "application/y,application/x", "application/y")]
    public void The_best_liked_type_is_chosen(string header, string types, string? expected) =>
        Assert.Equal(expected, AcceptRange.Choose(Request(Invite(more: header + "\n")), types.Split(',')));

    [Fact]
    public void Languages_come_best_liked_first() =>
        Assert.Equal(["da", "en-gb;q=0.8", "en;q=0.7"], AcceptRange.Of(Request(Invite(more: "Accept-Language: en;q=0.7, da, en-gb;q=0.8\n")), "Accept-Language").Select(range => range.ToString()));

    [Theory]
    [InlineData("Call-Info: <sip:pbx>;answer-after=0", 0)]
    [InlineData("Call-Info: ;answer-after=2", 2)]
    [InlineData("Call-Info: <sip:pbx>;info=alert-autoanswer;delay=3", 3)]
    [InlineData("Alert-Info: <http://h>;info=alert-autoanswer;delay=0", 0)]
    [InlineData("Alert-Info: info=alert-autoanswer", 0)]
    [InlineData("Alert-Info: Ring Answer", 0)]
    [InlineData("Alert-Info: Auto Answer", 0)]
    [InlineData("Alert-Info: <sip:h>;answer-after=1", 1)]
    [InlineData("Answer-Mode: Auto;require", 0)]
    [InlineData("P-Auto-Answer: normal", 0)]
    [InlineData("Answer-Mode: Manual", null)]
    [InlineData("Alert-Info: <http://h>;info=alert-external", null)]
    [InlineData("Call-Info: <http://h/p.jpg>;purpose=icon", null)]
    public void A_wish_to_be_answered_at_once_is_read_in_every_form(string header, int? seconds) =>
        Assert.Equal(seconds, AutoAnswer.Read(Request(Invite(more: header + "\n")))?.TotalSeconds);

    [Fact]
    public void The_headers_that_make_phones_answer_are_all_there_and_mean_it()
    {
        var invite = AutoAnswer.Write(Request(Invite()).ToBuilder(), "pbx.example.com").Build();
        var later = AutoAnswer.Write(Request(Invite()).ToBuilder(), "pbx.example.com", TimeSpan.FromSeconds(3)).Build();

        Assert.Equal("<sip:pbx.example.com>;answer-after=0", invite.Header("Call-Info"));
        Assert.Equal("<http://pbx.example.com>;info=alert-autoanswer;delay=0", invite.Header("Alert-Info"));
        Assert.Equal(("Auto", "normal"), (invite.Header("Answer-Mode"), invite.Header("P-Auto-Answer")));
        Assert.Equal(TimeSpan.Zero, AutoAnswer.Read(invite));
        Assert.Equal(TimeSpan.FromSeconds(3), AutoAnswer.Read(later));
    }

    [Fact]
    public void Values_survive_json()
    {
        var reason = Reason.Sip(486);
        Assert.Equal(reason, JsonSerializer.Deserialize<Reason>(JsonSerializer.Serialize(reason)));
    }

    private static object? Read(string field, string value) => field switch
    {
        "Event" => Read<EventPackage>(value),
        "Session-Expires" => Read<SessionExpires>(value),
        "Min-SE" => Read<MinSe>(value),
        "RAck" => Read<RAck>(value),
        "Subscription-State" => Read<SubscriptionState>(value),
        "Refer-To" => Read<ReferTo>(value),
        "Referred-By" => Read<ReferredBy>(value),
        "Replaces" => Read<Replaces>(value),
        "Target-Dialog" => Read<TargetDialog>(value),
        "Reason" => Read<Reason>(value),
        "Privacy" => Read<Privacy>(value),
        "History-Info" => Read<HistoryInfo>(value),
        "Diversion" => Read<Diversion>(value),
        "Remote-Party-ID" => Read<RemotePartyId>(value),
        "Alert-Info" => Read<AlertInfo>(value),
        "Call-Info" => Read<CallInfo>(value),
        "Retry-After" => Read<RetryAfter>(value),
        "Warning" => Read<SipWarning>(value),
        "Date" => Read<SipDate>(value),
        "Content-Disposition" => Read<ContentDisposition>(value),
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    private static T? Read<T>(string value)
        where T : class, ISipHeader<T> => T.TryParse(value, out var read) ? read : null;
}
