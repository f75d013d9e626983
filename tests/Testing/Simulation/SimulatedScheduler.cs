using Telephony.Runtime.Scheduling;

namespace Telephony.Testing;

/// <summary>
/// Runs every turn of every grain on one thread at a time. Without a seed: in the order in which they became ready, and answers to a test only when no grain has
/// anything left to do. With a seed: one of all that are ready, chosen by it, so that the same seed takes the same turns.
/// </summary>
public sealed class SimulatedScheduler(int? seed) : TurnScheduler, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Random? _random = seed is { } s ? new(s) : null;
    private readonly List<IThreadPoolWorkItem> _ready = [];
    private readonly List<IThreadPoolWorkItem> _outside = [];
    private readonly List<TaskCompletionSource> _idle = [];
    private bool _isRunning, _isPaused;

    public override int TurnsAtOnce => 1;
    public override bool RunsCallsHere => false;
    public override bool OrdersOutside => true;

    /// <summary>How many turns there have been.</summary>
    public long Turns { get; private set; }

    /// <summary>A hash of which grain had which turn: two runs that did the same have the same.</summary>
    public ulong Fingerprint { get; private set; } = 14695981039346656037; // FNV-1a

    public override void Schedule(IThreadPoolWorkItem activation) => Add(_ready, activation);

    public override void ScheduleOutside(IThreadPoolWorkItem answer) => Add(_outside, answer);

    /// <summary>Whether nothing is ready.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate) return !_isRunning && _ready.Count + _outside.Count == 0;
        }
    }

    /// <summary>Completes when nothing is ready.</summary>
    public Task WhenIdle()
    {
        lock (_gate)
        {
            if (!_isRunning) return Task.CompletedTask;

            var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _idle.Add(idle);
            return idle.Task;
        }
    }

    /// <summary>From now on items are collected and none runs, so that it does not matter in what time they come. While nothing runs.</summary>
    internal void Pause()
    {
        lock (_gate) _isPaused = true;
    }

    internal void Resume()
    {
        lock (_gate)
        {
            _isPaused = false;
            if (_isRunning || _ready.Count + _outside.Count == 0) return;

            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (Take() is { } item) item.Execute();
    }

    private void Add(List<IThreadPoolWorkItem> list, IThreadPoolWorkItem item)
    {
        lock (_gate)
        {
            list.Add(item);
            if (_isRunning || _isPaused) return;

            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private IThreadPoolWorkItem? Take()
    {
        TaskCompletionSource[] idle;
        lock (_gate)
        {
            var count = _ready.Count + _outside.Count;
            if (count > 0)
            {
                var index = _random?.Next(count) ?? 0;
                var list = index < _ready.Count ? _ready : _outside;
                if (list == _outside) index -= _ready.Count;
                var item = list[index];
                list.RemoveAt(index);
                Turns++;
                foreach (var c in item.ToString() ?? "") Fingerprint = (Fingerprint ^ c) * 1099511628211;
                return item;
            }

            _isRunning = false;
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var waiter in idle) waiter.SetResult();
        return null;
    }
}
