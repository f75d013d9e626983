namespace Telephony.Sip;

/// <summary>
/// A hashed timing wheel (Varghese and Lauck, 1987): starting and stopping a timer costs the same however many there are, and allocates nothing. Timers fire
/// up to one tick late, never early. While there are none, nothing runs.
/// </summary>
internal sealed class TimerWheel : IDisposable
{
    private const int Slots = 4096;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _clock;
    private readonly Action<Exception> _failed;
    private readonly ITimer _timer;
    private readonly long _start;
    private readonly Lock _lock = new();
    private readonly TimerNode?[] _slots = new TimerNode?[Slots];
    private readonly List<(TimerNode Node, int Generation)> _due = [];
    private long _tick; // the last tick that was worked off
    private int _count;
    private bool _isTurning;

    /// <param name="failed">Hears of a timer whose owner threw. The others fire all the same.</param>
    public TimerWheel(TimeProvider clock, Action<Exception> failed)
    {
        (_clock, _failed) = (clock, failed);
        _start = clock.GetTimestamp();
        _timer = clock.CreateTimer(static wheel => ((TimerWheel)wheel!).Turn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Timers that are running.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Starts a timer, or starts it anew.</summary>
    public void Start(TimerNode node, TimeSpan due)
    {
        lock (_lock)
        {
            Unlink(node);
            node.Generation++;
            if (_count == 0 && !_isTurning)
            {
                _tick = Now();
                _timer.Change(Tick, Tick);
            }

            node.DueTick = Math.Max(Now() + 1 + (due.Ticks + Tick.Ticks - 1) / Tick.Ticks, _tick + 1);
            ref var first = ref _slots[node.DueTick % Slots];
            node.After = first;
            node.Before = null;
            if (first is not null) first.Before = node;
            first = node;
            node.IsLinked = true;
            _count++;
        }
    }

    public void Stop(TimerNode node)
    {
        lock (_lock)
        {
            node.Generation++;
            Unlink(node);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Turn()
    {
        (TimerNode Node, int Generation)[] due;
        lock (_lock)
        {
            if (_isTurning) return; // the last turn takes long: it or the next one catches up
            var now = Now();
            for (var behind = Math.Min(now - _tick, Slots); behind > 0; behind--)
            {
                for (var node = _slots[(now - behind + 1) % Slots]; node is not null;)
                {
                    var next = node.After;
                    if (node.DueTick <= now)
                    {
                        Unlink(node);
                        _due.Add((node, node.Generation));
                    }

                    node = next;
                }
            }

            _tick = now;
            if (_due.Count == 0)
            {
                StopWhenEmpty();
                return;
            }

            due = [.. _due];
            _due.Clear();
            _isTurning = true;
        }

        try
        {
            foreach (var (node, generation) in due) Fire(node, generation);
        }
        finally
        {
            lock (_lock)
            {
                _isTurning = false;
                StopWhenEmpty();
            }
        }
    }

    private void Fire(TimerNode node, int generation)
    {
        try
        {
            node.Fire(generation);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failed(e); // or it would end the process
        }
    }

    private void StopWhenEmpty()
    {
        if (_count == 0) _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private long Now() => _clock.GetElapsedTime(_start).Ticks / Tick.Ticks;

    private void Unlink(TimerNode node)
    {
        if (!node.IsLinked) return;

        if (node.Before is null) _slots[node.DueTick % Slots] = node.After;
        else node.Before.After = node.After;
        if (node.After is not null) node.After.Before = node.Before;
        node.Before = node.After = null;
        node.IsLinked = false;
        _count--;
    }
}
