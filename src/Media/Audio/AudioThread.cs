using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Telephony.Media.Relay;

namespace Telephony.Media.Audio;

/// <summary>
/// A thread that works on its groups each 20 ms, on the absolute grid of a <see cref="TickClock"/>, and sleeps between; it wakes up in between only for who asks it to pass by.
/// </summary>
internal sealed unsafe class AudioThread : IQuiescent
{
    private readonly TimeProvider _time;
    private readonly TickClock _clock;
    private readonly int _wake;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<Quiescence> _waiting = new();
    private readonly Lock _lock = new(); // over changes of the groups
    private AudioGroup[] _groups = [];
    private int _isWoken;
    private volatile bool _isStopping, _hasEnded;
    private long _busy;

    public AudioThread(int number, TimeProvider time)
    {
        _time = time;
        _clock = new TickClock(time.TimestampFrequency, time.GetTimestamp());
        _wake = Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
        if (_wake < 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        _thread = new Thread(Run) { Name = $"audio {number}", IsBackground = true, Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    public Traffic Traffic { get; } = new();

    /// <summary>Ticks that came a whole period late or more, and those that were left out.</summary>
    public (long Late, long Skipped) Ticks => (_clock.Late, _clock.Skipped);

    /// <summary>Time in which it worked.</summary>
    public TimeSpan Busy => _time.GetElapsedTime(0, Volatile.Read(ref _busy));

    public int Groups => Volatile.Read(ref _groups).Length;

    public void Add(AudioGroup group)
    {
        lock (_lock) Volatile.Write(ref _groups, [.. _groups, group]);
        Wake(); // it may be asleep for long
    }

    private void Remove(AudioGroup group)
    {
        lock (_lock) Volatile.Write(ref _groups, [.. _groups.Where(g => g != group)]);
    }

    public void Post(Quiescence quiescence)
    {
        _waiting.Enqueue(quiescence);
        if (_hasEnded) Pass();
        else Wake();
    }

    public void Stop()
    {
        _isStopping = true;
        Wake();
        _thread.Join();
        _ = Libc.close(_wake);
    }

    private void Run()
    {
        while (!_isStopping)
        {
            Sleep(Volatile.Read(ref _groups).Length == 0);
            if (Interlocked.Exchange(ref _isWoken, 0) != 0) Pass();
            var now = _time.GetTimestamp();
            var due = _clock.Take(now, out var ticks);
            var groups = Volatile.Read(ref _groups);
            for (; due > 0; due--, ticks = 1)
            {
                foreach (var group in groups)
                {
                    group.Tick(ticks, now, Traffic);
                    if (group.HasEnded) Remove(group);
                }
            }

            Volatile.Write(ref _busy, _busy + (_time.GetTimestamp() - now));
        }

        _hasEnded = true;
        Interlocked.MemoryBarrier();
        Pass();
    }

    // until the next tick is due or somebody wakes us; without groups nothing is due
    private void Sleep(bool isIdle)
    {
        var wait = isIdle ? TimeSpan.FromSeconds(1) : _time.GetElapsedTime(_time.GetTimestamp(), _clock.Next);
        if (wait <= TimeSpan.Zero) return;
        Libc.PollDescriptor descriptor = new() { Descriptor = _wake, Events = Libc.POLLIN };
        Libc.TimeSpecification timeout = new() { Seconds = wait.Ticks / TimeSpan.TicksPerSecond, Nanoseconds = wait.Ticks % TimeSpan.TicksPerSecond * 100 };
        if (Libc.ppoll(&descriptor, 1, &timeout, null) <= 0) return;
        ulong count;
        _ = Libc.read(_wake, &count, sizeof(ulong));
    }

    private void Pass()
    {
        while (_waiting.TryDequeue(out var quiescence)) quiescence.Pass();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _isWoken, 1) != 0) return;
        var one = 1UL;
        _ = Libc.write(_wake, &one, sizeof(ulong));
    }
}
