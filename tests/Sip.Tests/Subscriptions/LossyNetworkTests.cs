using System.Globalization;
using System.Text;

namespace Telephony.Sip.Tests.Subscriptions;

/// <summary>A notifier and a subscriber with a bad network between them, hours of it, in simulated time: a seed repeats what happened.</summary>
public class LossyNetworkTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void In_the_end_the_subscriber_knows_the_newest_state(int seed)
    {
        var run = new Run(seed);
        run.Until(run.Now.AddHours(3), isChanging: true);
        run.Until(run.Now.AddMinutes(30), isChanging: false);

        Assert.Equal(run.State, run.Seen);
        Assert.True(run.Notified > 100);
        Assert.InRange(run.Sent, run.Notified, 20_000);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void When_the_subscriber_leaves_nothing_is_left(int seed)
    {
        var run = new Run(seed);
        run.Until(run.Now.AddMinutes(20), isChanging: true);
        run.Leave();
        run.Until(run.Now.AddMinutes(30), isChanging: false);

        Assert.True(run.IsOver);
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 20)];

    private sealed class Run
    {
        private static readonly NotifierRules Rules = NotifierRules.For(new NotifierPackage("state", ["text/plain"]));

        private readonly PriorityQueue<Action, (DateTimeOffset At, int Order)> _later = new();
        private readonly Random _random;
        private NotifierDialog? _notifier;
        private SubscriberSubscription _subscriber;
        private bool _isInFlight, _isLeaving;
        private int _order, _number;
        private uint _lastNotify;

        public Run(int seed)
        {
            _random = new(seed);
            _subscriber = null!;
            Begin();
        }

        public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

        public int State { get; private set; }

        public int Seen { get; private set; } = -1;

        public int Notified { get; private set; }

        public int Sent { get; private set; }

        public bool IsOver => _notifier is null && _subscriber.Status == SubscriberStatus.Ended;

        public void Until(DateTimeOffset end, bool isChanging)
        {
            while (Now < end)
            {
                while (_later.TryPeek(out _, out var due) && due.At <= Now) _later.Dequeue()();
                if (isChanging && _random.Next(10) == 0)
                {
                    State++;
                    if (_notifier is { } changed) Take(changed.Changed("state", Now));
                }

                if (_notifier is { } notifier && notifier.WakeAt <= Now) Take(notifier.Elapsed(Now));
                if (_subscriber.WakeAt <= Now) Take(Subscriber.Elapsed(_subscriber, Now));
                Now += TimeSpan.FromMilliseconds(500);
            }
        }

        public void Leave()
        {
            _isLeaving = true;
            Take(Subscriber.Unsubscribe(_subscriber, Now));
        }

        private void Begin()
        {
            var id = "c" + (++_number).ToString(CultureInfo.InvariantCulture);
            Take(Subscriber.Begin(new(id, "s" + id, "", "<sip:s@h>", "<sip:n@h>", "sip:n@h", 0, null, []), new("state", "7"), "<sip:s@192.0.2.1>", "text/plain", 120, Now));
        }

        private void Take(SubscriberStep step)
        {
            _subscriber = step.Next;
            if (step.Subscribe?.Build() is { } subscribe) Send(() => AtNotifier(subscribe), subscribe, response => AtSubscriber(subscribe, response));
            if (step.End?.RetryAfter is { } wait) After(wait, () =>
            {
                if (!_isLeaving) Begin();
            });
        }

        private void Take(NotifierDialogStep step)
        {
            _notifier = step.Next;
            foreach (var notify in step.Notifies)
            {
                var request = notify.Request.Body(State.ToString(CultureInfo.InvariantCulture), notify.ContentType).Build();
                if (step.Next is not null || request.Header<SubscriptionState>() is { IsTerminated: false }) Assert.False(_isInFlight); // one at most
                Assert.True(request.CSeq.Number > _lastNotify || request.CSeq.Number == 1);
                (_isInFlight, _lastNotify) = (true, request.CSeq.Number);
                Notified++;
                Send(() => AtSubscriber(request), request, response =>
                {
                    _isInFlight = false;
                    if (_notifier is { } waiting && waiting.Dialog.CallId == request.CallId) Take(waiting.Answered(notify.Event, response, Now));
                });
            }
        }

        // a new subscription takes the place of one that its subscriber gave up
        private SipResponse AtNotifier(SipRequest subscribe)
        {
            var isNew = subscribe.To.Tag is null;
            if (!isNew && (_notifier is null || _notifier.Dialog.CallId != subscribe.CallId)) return SipResponse.For(subscribe, 481).Build();
            if (isNew) _isInFlight = false;

            var step = isNew ? NotifierDialog.Begin(subscribe, "n", "<sip:n@192.0.2.9>", Rules, Now) : _notifier!.Receive(subscribe, "<sip:n@192.0.2.9>", Rules, Now);
            Take(step);
            return step.Answer!.Respond(subscribe, "n").Build();
        }

        private SipResponse AtSubscriber(SipRequest notify)
        {
            if (notify.CallId != _subscriber.Dialog.CallId) return SipResponse.For(notify, 481).Build();

            var step = Subscriber.Notified(_subscriber, notify, Now);
            if (step.HasState) Seen = int.Parse(Encoding.ASCII.GetString(notify.Body.Span), CultureInfo.InvariantCulture);
            Take(step);
            return step.Answer!.Respond(notify).Build();
        }

        private void AtSubscriber(SipRequest subscribe, SipResponse response)
        {
            if (subscribe.CallId == _subscriber.Dialog.CallId) Take(Subscriber.Answered(_subscriber, response, Now));
        }

        // one in twenty requests or answers is lost for good: its sender hears 408 after 32 s
        private void Send(Func<SipResponse> deliver, SipRequest request, Action<SipResponse> answered)
        {
            Sent++;
            var fate = _random.Next(40);
            var lost = () => answered(SipResponse.For(request, 408).Build());
            if (fate != 0) After(Delay(), () =>
            {
                var response = deliver();
                if (fate != 1) After(Delay(), () => answered(response));
            });
            if (fate < 2) After(TimeSpan.FromSeconds(32), lost);
        }

        private TimeSpan Delay() => TimeSpan.FromMilliseconds(_random.Next(3000));

        private void After(TimeSpan time, Action action) => _later.Enqueue(action, (Now + time, _order++));
    }
}
