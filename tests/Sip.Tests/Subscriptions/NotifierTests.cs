using System.Text.Json;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Subscriptions;

/// <summary>The notifier's side (RFC 6665 §4.2).</summary>
public class NotifierTests
{
    private const string Contact = "<sip:pbx@192.0.2.9>";
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly NotifierRules Rules = NotifierRules.For(
        new NotifierPackage("dialog", ["application/dialog-info+xml"]), new NotifierPackage("presence", ["application/pidf+xml", "text/plain"])) with
    { MaxPerDialog = 2 };

    private static SipRequest Subscribe(string headers, int cseq = 1, string toTag = "") =>
        Request(Invite(method: "SUBSCRIBE", cseq: cseq, toTag: toTag, more: headers.Length == 0 ? "" : headers + "\n"));

    private static NotifierDialogStep Begin(string headers, bool isPending = false) => NotifierDialog.Begin(Subscribe(headers), "n1", Contact, Rules, Now, isPending);

    private static SipResponse Response(NotifyOut notify, int status, string? header = null, string? value = null)
    {
        var response = SipResponse.For(notify.Request.Build(), status);
        if (header is not null) response.Add(header, value!);
        return response.Build();
    }

    private static string State(NotifyOut notify) => notify.Request.Build().Header("Subscription-State")!;

    [Fact]
    public void A_subscription_is_answered_200_and_notified_at_once()
    {
        var step = Begin("Event: dialog;id=7;x=1\nExpires: 600");

        Assert.Equal((200, "600", Contact), (step.Answer!.Status, step.Answer["Expires"], step.Answer["Contact"]));
        var notify = Assert.Single(step.Notifies);
        var sent = notify.Request.Body("<x/>", notify.ContentType).Build();
        Assert.Equal(("NOTIFY", "sip:alice@192.0.2.1:5060", 1u), (sent.Method.Name, sent.RequestUri.ToString(), sent.CSeq.Number));
        Assert.Equal(("n1", "a1", "dialog;id=7", "active;expires=600"), (sent.From.Tag, sent.To.Tag, sent.Header("Event"), sent.Header("Subscription-State")));
        Assert.Equal((0u, "application/dialog-info+xml", true), (notify.Version, notify.ContentType, notify.ShowsState));
        Assert.Equal(Now.AddSeconds(600), step.Next!.WakeAt);
        Assert.Equal(200, step.Answer.Respond(Subscribe("Event: dialog"), "n1").Build().Status);
    }

    [Theory]
    [InlineData("Event: dialog", 3600)]
    [InlineData("Event: dialog\nExpires: 60", 60)]
    [InlineData("Event: dialog\nExpires: 4294967295", 86400)]
    public void The_time_is_what_is_asked_for_within_bounds(string headers, int seconds) =>
        Assert.Equal(Now.AddSeconds(seconds), Assert.Single(Begin(headers).Next!.Subscriptions).ExpiresAt);

    [Theory]
    [InlineData("Event: conference", 489, "Allow-Events", "dialog, presence")]
    [InlineData("X: y", 489, "Allow-Events", "dialog, presence")]
    [InlineData("Event: a b", 400, null, null)]
    [InlineData("Event: dialog\nExpires: 59", 423, "Min-Expires", "60")]
    [InlineData("Event: dialog\nAccept: application/sdp", 406, "Accept", "application/dialog-info+xml")]
    [InlineData("Event: dialog\nContact: <sip:a@h>, <sip:b@h>", 400, null, null)]
    public void What_can_not_be_is_refused_with_what_can(string headers, int status, string? header, string? value)
    {
        var step = Begin(headers);

        Assert.Null(step.Next);
        Assert.Empty(step.Notifies);
        Assert.Equal((status, value), (step.Answer!.Status, header is null ? null : step.Answer[header]));
    }

    [Fact]
    public void One_that_would_be_long_to_keep_is_refused() => Assert.Equal(513, Begin($"Event: dialog;id={new string('x', 16_384)}").Answer!.Status);

    [Fact]
    public void The_body_is_of_the_type_that_is_liked_best() =>
        Assert.Equal("text/plain", Begin("Event: presence\nAccept: application/pidf+xml;q=0.1, text/plain").Notifies[0].ContentType);

    /// <summary>§4.4.3.</summary>
    [Fact]
    public void Asking_once_gets_one_notify_and_leaves_nothing()
    {
        var step = Begin("Event: dialog\nExpires: 0");

        Assert.Equal((200, "0"), (step.Answer!.Status, step.Answer["Expires"]));
        Assert.Equal("terminated;reason=timeout", State(Assert.Single(step.Notifies)));
        Assert.True(step.Notifies[0].ShowsState);
        Assert.Null(step.Next);
    }

    [Fact]
    public void Changes_while_a_notify_is_on_its_way_go_together_with_the_next()
    {
        var step = Begin("Event: dialog");
        var first = step.Notifies[0];
        step = step.Next!.Changed("dialog", Now.AddSeconds(1));
        Assert.Empty(step.Notifies);
        step = step.Next!.Changed("dialog", Now.AddSeconds(2));
        Assert.Empty(step.Notifies);

        step = step.Next!.Answered(first.Event, Response(first, 200), Now.AddSeconds(3));
        Assert.Equal((1u, 2u), (Assert.Single(step.Notifies).Version, step.Notifies[0].Request.Build().CSeq.Number));
        step = step.Next!.Answered(first.Event, Response(step.Notifies[0], 200), Now.AddSeconds(4));
        Assert.Empty(step.Notifies);
    }

    [Fact]
    public void Notifies_keep_their_distance()
    {
        var step = Begin("Event: dialog;max-rate=0.5"); // RFC 6446: one in two seconds
        var first = step.Notifies[0];
        step = step.Next!.Answered(first.Event, Response(first, 200), Now);
        step = step.Next!.Changed("dialog", Now.AddSeconds(1));
        Assert.Empty(step.Notifies);
        Assert.Equal(Now.AddSeconds(2), step.Next!.WakeAt);
        Assert.Empty(step.Next.Elapsed(Now.AddSeconds(1.9)).Notifies);
        Assert.Single(step.Next.Elapsed(Now.AddSeconds(2)).Notifies);
    }

    [Fact]
    public void Changes_of_another_package_say_nothing() => Assert.Empty(Idle("Event: dialog").Changed("presence", Now.AddMinutes(1)).Notifies);

    [Fact]
    public void A_refresh_prolongs_it_and_is_notified()
    {
        var step = Idle("Event: dialog\nExpires: 60").Receive(Subscribe("Event: dialog\nExpires: 90", cseq: 2, toTag: "n1"), Contact, Rules, Now.AddSeconds(30));

        Assert.Equal("90", step.Answer!["Expires"]);
        Assert.Equal("active;expires=90", State(Assert.Single(step.Notifies)));
        Assert.Equal(Now.AddSeconds(120), Assert.Single(step.Next!.Subscriptions).ExpiresAt);
    }

    [Fact]
    public void A_refresh_that_is_too_short_changes_nothing()
    {
        var step = Idle("Event: dialog\nExpires: 60").Receive(Subscribe("Event: dialog\nExpires: 5", cseq: 2, toTag: "n1"), Contact, Rules, Now.AddSeconds(30));

        Assert.Equal((423, "60"), (step.Answer!.Status, step.Answer["Min-Expires"]));
        Assert.Equal(Now.AddSeconds(60), Assert.Single(step.Next!.Subscriptions).ExpiresAt);
    }

    [Fact]
    public void Expires_0_ends_it_with_a_last_notify()
    {
        var step = Idle("Event: dialog").Receive(Subscribe("Event: dialog\nExpires: 0", cseq: 2, toTag: "n1"), Contact, Rules, Now.AddSeconds(30));

        Assert.Equal(200, step.Answer!.Status);
        Assert.Equal("terminated;reason=timeout", State(Assert.Single(step.Notifies)));
        Assert.Null(step.Next);
    }

    [Fact]
    public void One_that_is_not_refreshed_ends_in_its_time_even_when_a_notify_is_on_its_way()
    {
        var step = Begin("Event: dialog\nExpires: 60");
        var first = step.Notifies[0];
        step = step.Next!.Elapsed(Now.AddSeconds(60));
        Assert.Empty(step.Notifies);
        Assert.Equal(DateTimeOffset.MaxValue, step.Next!.WakeAt);
        Assert.Equal(481, step.Next.Receive(Subscribe("Event: dialog", cseq: 2, toTag: "n1"), Contact, Rules, Now.AddSeconds(60)).Answer!.Status);

        step = step.Next!.Answered(first.Event, Response(first, 200), Now.AddSeconds(61));
        Assert.Equal("terminated;reason=timeout", State(Assert.Single(step.Notifies)));
        Assert.Null(step.Next);
    }

    /// <summary>§4.2.2: what an answer to a NOTIFY means.</summary>
    [Theory]
    [InlineData(481, null, false)]
    [InlineData(481, "5", false)]
    [InlineData(408, null, false)]
    [InlineData(404, null, false)]
    [InlineData(500, null, false)]
    [InlineData(503, "5", true)]
    [InlineData(180, null, true)]
    [InlineData(202, null, true)]
    public void A_notify_that_fails_ends_it_unless_it_may_come_later(int status, string? retryAfter, bool lives)
    {
        var step = Begin("Event: dialog");
        var answer = Response(step.Notifies[0], status, retryAfter is null ? null : "Retry-After", retryAfter);

        Assert.Equal(lives, step.Next!.Answered(step.Notifies[0].Event, answer, Now).Next is not null);
    }

    [Fact]
    public void A_notify_that_was_put_off_is_made_up_for()
    {
        var step = Begin("Event: dialog");
        step = step.Next!.Answered(step.Notifies[0].Event, Response(step.Notifies[0], 480, "Retry-After", "5"), Now);

        Assert.Equal(Now.AddSeconds(5), step.Next!.WakeAt);
        Assert.Single(step.Next.Elapsed(Now.AddSeconds(5)).Notifies);
    }

    [Fact]
    public void A_pending_one_shows_nothing_until_it_is_allowed()
    {
        var step = Begin("Event: presence\nExpires: 60", isPending: true);
        Assert.Equal(("pending;expires=60", false), (State(step.Notifies[0]), step.Notifies[0].ShowsState));

        step = step.Next!.Answered(step.Notifies[0].Event, Response(step.Notifies[0], 200), Now);
        step = step.Next!.Approve("presence", Now.AddSeconds(1));
        Assert.Equal(("active;expires=59", true), (State(Assert.Single(step.Notifies)), step.Notifies[0].ShowsState));
        Assert.False(Begin("Event: presence\nExpires: 0", isPending: true).Notifies[0].ShowsState);
    }

    [Theory]
    [InlineData("rejected", null, "terminated;reason=rejected", false)]
    [InlineData("deactivated", null, "terminated;reason=deactivated", true)]
    [InlineData("probation", 30, "terminated;reason=probation;retry-after=30", false)]
    [InlineData("noresource", null, "terminated;reason=noresource", true)]
    public void We_end_it_with_a_reason(string reason, int? retryAfter, string expected, bool shows)
    {
        var step = Idle("Event: dialog").End(reason, Now.AddSeconds(1), retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

        Assert.Equal((expected, shows), (State(Assert.Single(step.Notifies)), step.Notifies[0].ShowsState));
        Assert.Null(step.Next);
    }

    [Fact]
    public void Several_in_a_dialog_are_told_apart_by_id_share_its_cseq_and_are_bounded()
    {
        var one = Idle("Event: dialog;id=1");
        var two = one.Receive(Subscribe("Event: dialog;id=2\nExpires: 60", cseq: 2, toTag: "n1"), Contact, Rules, Now);
        Assert.Equal((200, "dialog;id=2", 2u), (two.Answer!.Status, two.Notifies[0].Event.ToString(), two.Notifies[0].Request.Build().CSeq.Number));
        Assert.Equal(403, two.Next!.Receive(Subscribe("Event: dialog;id=3", cseq: 3, toTag: "n1"), Contact, Rules, Now).Answer!.Status);

        var idle = two.Next.Answered(two.Notifies[0].Event, Response(two.Notifies[0], 200), Now).Next!;
        Assert.Equal([3u, 4u], idle.Changed("dialog", Now.AddSeconds(1)).Notifies.Select(notify => notify.Request.Build().CSeq.Number));
        var left = idle.Receive(Subscribe("Event: dialog;id=1\nExpires: 0", cseq: 3, toTag: "n1"), Contact, Rules, Now.AddSeconds(1)).Next!;
        Assert.Equal("2", Assert.Single(left.Subscriptions).Event.Id);
    }

    [Fact]
    public void A_subscribe_out_of_order_or_of_another_dialog_changes_nothing()
    {
        var dialog = Idle("Event: dialog");

        Assert.Equal(500, dialog.Receive(Subscribe("Event: dialog", cseq: 1, toTag: "n1"), Contact, Rules, Now).Answer!.Status);
        Assert.Equal(481, dialog.Receive(Subscribe("Event: dialog", cseq: 2, toTag: "n2"), Contact, Rules, Now).Answer!.Status);
    }

    [Fact]
    public void After_a_stop_the_newest_state_is_sent_again()
    {
        var stopped = Begin("Event: dialog\nExpires: 60").Next!;

        Assert.Equal((1u, "active;expires=30"), (Assert.Single(stopped.Restored(Now.AddSeconds(30)).Notifies).Version, State(stopped.Restored(Now.AddSeconds(30)).Notifies[0])));
        Assert.Equal("terminated;reason=timeout", State(Assert.Single(stopped.Restored(Now.AddHours(1)).Notifies)));
    }

    [Fact]
    public void It_survives_json()
    {
        var dialog = Begin("Event: dialog;id=1").Next!;
        var copy = JsonSerializer.Deserialize<NotifierDialog>(JsonSerializer.Serialize(dialog))!;

        Assert.Equal(dialog.Subscriptions, copy.Subscriptions.AsEnumerable());
    }

    // one whose first NOTIFY was answered
    private static NotifierDialog Idle(string headers)
    {
        var step = Begin(headers);
        return step.Next!.Answered(step.Notifies[0].Event, Response(step.Notifies[0], 200), Now).Next!;
    }
}
