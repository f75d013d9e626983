namespace Telephony.Sip.Tests.Transactions;

public sealed class TimerWheelTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly TimerWheel _wheel;
    private readonly List<(string Name, TimeSpan At)> _fired = [];
    private readonly List<Exception> _failed = [];
    private readonly DateTimeOffset _start;

    public TimerWheelTests()
    {
        _wheel = new(_time, _failed.Add);
        _start = _time.GetUtcNow();
    }

    private Node Start(string name, TimeSpan due)
    {
        var node = new Node(this, name);
        _wheel.Start(node, due);
        return node;
    }

    [Fact]
    public void Timers_fire_in_time_never_early_and_at_most_two_ticks_late()
    {
        var random = new Random(7);
        var due = Enumerable.Range(0, 500).ToDictionary(number => number.ToString(), _ => TimeSpan.FromMilliseconds(random.Next(0, 200_000)));
        foreach (var (name, time) in due) Start(name, time);

        _time.Advance(TimeSpan.FromSeconds(201));

        Assert.Equal(500, _fired.Count);
        Assert.All(_fired, fired => Assert.InRange(fired.At - due[fired.Name], TimeSpan.Zero, TimeSpan.FromMilliseconds(20)));
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void A_timer_whose_owner_throws_keeps_no_other_from_firing()
    {
        _wheel.Start(new Faulty(), TimeSpan.FromSeconds(1));
        Start("same", TimeSpan.FromSeconds(1));
        _wheel.Start(new Faulty(), TimeSpan.FromSeconds(1));
        Start("later", TimeSpan.FromSeconds(2));

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["same", "later"], _fired.Select(fired => fired.Name));
        Assert.Equal((2, 0), (_failed.Count, _wheel.Count));
    }

    private sealed class Faulty : TimerNode
    {
        public override void Fire(int generation) => throw new InvalidOperationException("fault");
    }

    [Fact]
    public void A_stopped_timer_does_not_fire_and_a_started_one_starts_anew()
    {
        var stopped = Start("stopped", TimeSpan.FromSeconds(1));
        var renewed = Start("renewed", TimeSpan.FromSeconds(1));
        _time.Advance(500);
        _wheel.Stop(stopped);
        _wheel.Stop(stopped);
        _wheel.Start(renewed, TimeSpan.FromSeconds(1));

        _time.Advance(900);
        Assert.Empty(_fired);
        _time.Advance(200);
        Assert.Equal(["renewed"], _fired.Select(fired => fired.Name));
    }

    [Fact]
    public void A_timer_may_start_itself_again_when_it_fires()
    {
        var node = Start("again", TimeSpan.FromSeconds(1));
        node.Again = 3;
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(4, _fired.Count);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void It_works_again_after_a_long_silence()
    {
        Start("first", TimeSpan.FromMilliseconds(10));
        _time.Advance(TimeSpan.FromHours(5));
        Start("second", TimeSpan.FromMilliseconds(500));
        _time.Advance(490);
        Assert.Single(_fired);
        _time.Advance(40);
        Assert.Equal(2, _fired.Count);
    }

    public void Dispose() => _wheel.Dispose();

    private sealed class Node(TimerWheelTests test, string name) : TimerNode
    {
        public int Again { get; set; }

        public override void Fire(int generation)
        {
            if (!IsCurrent(generation)) return;
            test._fired.Add((name, test._time.GetUtcNow() - test._start));
            if (Again-- > 0) test._wheel.Start(this, TimeSpan.FromSeconds(1));
        }
    }
}
