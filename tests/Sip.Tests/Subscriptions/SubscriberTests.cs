using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Subscriptions;

/// <summary>The subscriber's side (RFC 6665 §4.1).</summary>
public class SubscriberTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Dialog Outside = new("c9", "s1", "", "<sip:us@h>", "<sip:them@h>", "sip:them@h", 0, null, []);

    private static SubscriberStep Begin(uint expires = 600) =>
        Subscriber.Begin(Outside, new("dialog", "5"), "<sip:us@192.0.2.9>", "application/dialog-info+xml", expires, Now);

    private static SipResponse Answer(SubscriberStep step, int status, string headers = "")
    {
        var response = SipResponse.For(step.Subscribe!.Build(), status, toTag: "t1").Add("Contact", "<sip:them@192.0.2.7>").Add("Record-Route", "<sip:p2;lr>, <sip:p1;lr>");
        foreach (var line in headers.Split('\n', StringSplitOptions.RemoveEmptyEntries)) response.Add(line.Split(": ")[0], line.Split(": ")[1]);
        return response.Build();
    }

    private static SipRequest Notify(string state, int cseq = 1, string fromTag = "t1", string toTag = "s1", string package = "dialog;id=5") => Request(
        $"""
        NOTIFY sip:us@192.0.2.9 SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKn
        Record-Route: <sip:p1;lr>, <sip:p2;lr>
        Max-Forwards: 70
        From: <sip:them@h>;tag={fromTag}
        To: <sip:us@h>;tag={toTag}
        Call-ID: c9
        CSeq: {cseq} NOTIFY
        Contact: <sip:them@192.0.2.7>
        {(package.Length == 0 ? "X: y" : "Event: " + package)}
        {(state.Length == 0 ? "Y: z" : "Subscription-State: " + state)}
        Content-Length: 0


        """);

    private static SubscriberSubscription Active()
    {
        var step = Begin();
        var next = Subscriber.Answered(step.Next, Answer(step, 200, "Expires: 600"), Now).Next;
        return Subscriber.Notified(next, Notify("active;expires=600"), Now).Next;
    }

    [Fact]
    public void It_asks_outside_of_a_dialog()
    {
        var sent = Begin().Subscribe!.Build();

        Assert.Equal(("SUBSCRIBE", "sip:them@h", "s1", null, 1u), (sent.Method.Name, sent.RequestUri.ToString(), sent.From.Tag, sent.To.Tag, sent.CSeq.Number));
        Assert.Equal(("dialog;id=5", "600", "application/dialog-info+xml"), (sent.Header("Event"), sent.Header("Expires"), sent.Header("Accept")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_2xx_or_the_notify_that_overtakes_it_makes_the_dialog(bool responseFirst)
    {
        var step = Begin();
        var next = step.Next;
        if (responseFirst) next = Subscriber.Answered(next, Answer(step, 200, "Expires: 600"), Now).Next;
        var notified = Subscriber.Notified(next, Notify("active;expires=500"), Now);
        next = notified.Next;
        if (!responseFirst) next = Subscriber.Answered(next, Answer(step, 200, "Expires: 600"), Now).Next;

        Assert.Equal((200, true), (notified.Answer!.Status, notified.HasState));
        Assert.Equal(SubscriberStatus.Active, next.Status);
        Assert.Equal(("t1", "sip:them@192.0.2.7"), (next.Dialog.RemoteTag, next.Dialog.RemoteTarget));
        Assert.Equal(["<sip:p1;lr>", "<sip:p2;lr>"], next.Dialog.RouteSet.AsEnumerable());
        Assert.Equal(Now.AddSeconds(responseFirst ? 500 : 600), next.ExpiresAt);
    }

    [Fact]
    public void It_is_refreshed_before_it_ends()
    {
        var active = Active();
        Assert.Equal(Now.AddSeconds(450), active.WakeAt);
        Assert.Null(Subscriber.Elapsed(active, Now.AddSeconds(449)).Subscribe);

        var step = Subscriber.Elapsed(active, Now.AddSeconds(450));
        var sent = step.Subscribe!.Build();
        Assert.Equal((2u, "t1", "sip:them@192.0.2.7"), (sent.CSeq.Number, sent.To.Tag, sent.RequestUri.ToString()));
        Assert.Null(Subscriber.Elapsed(step.Next, Now.AddSeconds(451)).Subscribe);
        Assert.Equal(Now.AddSeconds(1050), Subscriber.Answered(step.Next, Answer(step, 200, "Expires: 600"), Now.AddSeconds(450)).Next.ExpiresAt);
    }

    [Theory]
    [InlineData(500, "", 75)]
    [InlineData(500, "Retry-After: 20", 20)]
    [InlineData(408, "", 75)]
    public void A_refresh_that_fails_for_the_moment_is_tried_again(int status, string headers, int seconds)
    {
        var at = Now.AddSeconds(450);
        var step = Subscriber.Elapsed(Active(), at);
        var next = Subscriber.Answered(step.Next, Answer(step, status, headers), at);

        Assert.Null(next.End);
        Assert.Equal(at.AddSeconds(Math.Min(seconds, 60)), next.Next.RefreshAt);
    }

    [Theory]
    [InlineData(481, true, 0)]
    [InlineData(404, false, null)]
    [InlineData(489, false, null)]
    public void A_refresh_that_is_refused_ends_it(int status, bool again, int? seconds)
    {
        var step = Subscriber.Elapsed(Active(), Now.AddSeconds(450));
        var end = Subscriber.Answered(step.Next, Answer(step, status), Now.AddSeconds(450)).End!;

        Assert.Equal((status, again, (double?)seconds), (end.Status, end.RetryAfter is not null, end.RetryAfter?.TotalSeconds));
    }

    [Fact]
    public void An_interval_that_is_too_brief_is_asked_for_again_once()
    {
        var step = Begin(60);
        var again = Subscriber.Answered(step.Next, Answer(step, 423, "Min-Expires: 300"), Now);
        Assert.Equal(("300", 2u), (again.Subscribe!.Build().Header("Expires"), again.Next.Dialog.LocalSequence));

        Assert.Equal(423, Subscriber.Answered(again.Next, Answer(again, 423, "Min-Expires: 300"), Now).End!.Status);
        Assert.Equal(423, Subscriber.Answered(step.Next, Answer(step, 423, "Min-Expires: 4000000000"), Now).End!.Status);
        Assert.Equal(423, Subscriber.Answered(step.Next, Answer(step, 423), Now).End!.Status);
    }

    [Theory]
    [InlineData(489, null)]
    [InlineData(403, null)]
    [InlineData(503, 60)]
    public void One_that_is_refused_says_when_to_try_again(int status, int? seconds)
    {
        var step = Begin();
        var end = Subscriber.Answered(step.Next, Answer(step, status), Now);

        Assert.Equal(((double?)seconds, SubscriberStatus.Ended), (end.End!.RetryAfter?.TotalSeconds, end.Next.Status));
    }

    /// <summary>Timer N, §4.1.2.4.</summary>
    [Fact]
    public void Without_a_notify_it_is_over()
    {
        var step = Begin();
        var next = Subscriber.Answered(step.Next, Answer(step, 200, "Expires: 600"), Now.AddSeconds(1)).Next;

        Assert.Equal(Now.AddSeconds(32), next.WakeAt);
        Assert.Equal("silent", Subscriber.Elapsed(next, Now.AddSeconds(32)).End!.Reason);
    }

    /// <summary>§4.1.3.</summary>
    [Theory]
    [InlineData("terminated;reason=deactivated", 0)]
    [InlineData("terminated;reason=timeout", 0)]
    [InlineData("terminated;reason=probation;retry-after=30", 30)]
    [InlineData("terminated;reason=giveup", 60)]
    [InlineData("terminated;reason=rejected", null)]
    [InlineData("terminated;reason=noresource", null)]
    [InlineData("terminated;reason=invariant", null)]
    [InlineData("terminated", 60)]
    [InlineData("Terminated;reason=new-one;retry-after=5", 5)]
    public void The_notifier_ends_it_and_says_when_to_try_again(string state, int? seconds)
    {
        var step = Subscriber.Notified(Active(), Notify(state, cseq: 2), Now.AddSeconds(1));

        Assert.Equal((200, true, SubscriberStatus.Ended, (double?)seconds), (step.Answer!.Status, step.HasState, step.Next.Status, step.End!.RetryAfter?.TotalSeconds));
        Assert.Equal(481, Subscriber.Notified(step.Next, Notify("active", cseq: 3), Now.AddSeconds(2)).Answer!.Status);
    }

    [Theory]
    [InlineData("active", 1, "t1", "s1", "dialog;id=5", 500)]
    [InlineData("active", 2, "t2", "s1", "dialog;id=5", 481)]
    [InlineData("active", 2, "t1", "s2", "dialog;id=5", 481)]
    [InlineData("active", 2, "t1", "s1", "dialog", 481)]
    [InlineData("active", 2, "t1", "s1", "presence;id=5", 481)]
    [InlineData("active", 2, "t1", "s1", "", 489)]
    [InlineData("", 2, "t1", "s1", "dialog;id=5", 400)]
    [InlineData("active;expires=x", 2, "t1", "s1", "dialog;id=5", 400)]
    public void A_notify_that_is_not_ours_or_makes_no_sense_is_refused(string state, int cseq, string fromTag, string toTag, string package, int status)
    {
        var step = Subscriber.Notified(Active(), Notify(state, cseq, fromTag, toTag, package), Now);

        Assert.Equal((status, false, SubscriberStatus.Active), (step.Answer!.Status, step.HasState, step.Next.Status));
    }

    [Fact]
    public void A_state_that_nobody_knows_yet_counts_as_active_and_pending_is_said() // §4.1.3: unknown values are no error
    {
        Assert.Equal(SubscriberStatus.Active, Subscriber.Notified(Active(), Notify("held", cseq: 2), Now).Next.Status);
        Assert.Equal(SubscriberStatus.Pending, Subscriber.Notified(Active(), Notify("pending", cseq: 2), Now).Next.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_is_done_with_the_last_notify_or_without_it_after_a_while(bool isNotified)
    {
        var step = Subscriber.Unsubscribe(Active(), Now.AddSeconds(1));
        Assert.Equal("0", step.Subscribe!.Build().Header("Expires"));
        var next = Subscriber.Answered(step.Next, Answer(step, 200, "Expires: 0"), Now.AddSeconds(1)).Next;
        next = Subscriber.Notified(next, Notify("active;expires=5", cseq: 2), Now.AddSeconds(1)).Next; // crossed ours

        var end = isNotified ? Subscriber.Notified(next, Notify("terminated;reason=timeout", cseq: 3), Now.AddSeconds(2)) : Subscriber.Elapsed(next, Now.AddSeconds(33));
        Assert.Equal(("done", null), (end.End!.Reason, end.End.RetryAfter));
    }

    [Fact]
    public void Asking_once_ends_with_the_state()
    {
        var step = Begin(0);
        var end = Subscriber.Notified(step.Next, Notify("terminated;reason=timeout"), Now);

        Assert.Equal((true, "done"), (end.HasState, end.End!.Reason));
    }

    [Fact]
    public void After_a_stop_it_is_asked_again_when_an_answer_was_awaited()
    {
        Assert.Equal(2u, Subscriber.Restored(Begin().Next, Now).Subscribe!.Build().CSeq.Number);
        Assert.Null(Subscriber.Restored(Active(), Now.AddSeconds(1)).Subscribe);
        Assert.Equal("timeout", Subscriber.Restored(Active(), Now.AddHours(1)).End!.Reason);
    }

    [Fact]
    public void A_notifier_that_grants_nothing_is_not_asked_all_the_time()
    {
        var step = Begin();
        var next = Subscriber.Notified(Subscriber.Answered(step.Next, Answer(step, 200, "Expires: 0"), Now).Next, Notify("active"), Now).Next;

        Assert.Equal(TimeSpan.FromMinutes(1), Subscriber.Elapsed(next, Now).End!.RetryAfter);
    }
}
