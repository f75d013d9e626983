using System.Collections.Concurrent;
using System.ComponentModel;

namespace Telephony.Media.Relay;

/// <summary>
/// A thread that waits for its sockets and moves their packets. Nothing on its way takes a lock or allocates. What others change while it runs (routes,
/// addresses) it reads as whole objects; what they take away they may only free after it has been <see cref="Post">asked to pass by</see>.
/// </summary>
internal sealed class MediaThread : IQuiescent
{
    /// <summary>The longest datagram that is relayed, and what a packet may grow by on its way (SRTP's tag, RFC 3711 §3.1).</summary>
    public const int MaxDatagram = 2048, Slack = 64;

    /// <summary>A second has so many ticks; in each a part of the legs has its turn.</summary>
    public const int TicksPerSecond = 10;

    private readonly TimeProvider _time;
    private readonly byte[] _copy = GC.AllocateUninitializedArray<byte>(MaxDatagram + Slack);
    private readonly Thread _thread;
    private readonly DatagramReceiver _receiver; // made on the thread: an io_uring is for who made it
    private readonly ConcurrentQueue<Quiescence> _waiting = new();
    private readonly ConcurrentQueue<(MediaLeg Leg, bool Joins)> _changes = new();
    private readonly List<MediaLeg>[] _slices = [.. Enumerable.Range(0, TicksPerSecond).Select(_ => new List<MediaLeg>())];
    private int _nextSlice, _tick, _ticksDue;
    private int _isWoken;
    private volatile bool _isStopping;
    private volatile bool _hasEnded;

    /// <param name="isUringWanted">Receive by io_uring where the system allows it.</param>
    public MediaThread(int number, TimeProvider time, bool isUringWanted = true)
    {
        _time = time;
        var begun = new TaskCompletionSource<DatagramReceiver>();
        _thread = new Thread(() => Run(isUringWanted, begun)) { Name = $"media {number}", IsBackground = true };
        _thread.Start();
        _receiver = begun.Task.GetAwaiter().GetResult();
    }

    public Traffic Traffic { get; } = new();

    /// <summary>The time provider's timestamp of when the thread last looked: of the packet that it is working on. On this thread.</summary>
    public long Now { get; private set; }

    /// <summary>A packet once more, for a second listener, with <see cref="Slack"/> behind it; until the next one is asked for. On this thread.</summary>
    public Span<byte> Copy(ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(_copy);
        return _copy;
    }

    /// <summary>Whether it receives by io_uring.</summary>
    public bool IsUring => _receiver is UringReceiver;

    /// <inheritdoc cref="DatagramReceiver.Add"/>
    public void Add(MediaChannel channel) => _receiver.Add(channel);

    /// <inheritdoc cref="DatagramReceiver.Remove"/>
    public void Remove(MediaChannel channel) => _receiver.Remove(channel);

    /// <inheritdoc cref="DatagramReceiver.Free"/>
    public void Free(MediaChannel channel) => _receiver.Free(channel);

    /// <summary>Takes the time of what has come now. On this thread.</summary>
    public void Look() => Now = _time.GetTimestamp();

    /// <summary>From now on the leg has its turn each second (<see cref="MediaLeg.EachSecond"/>).</summary>
    public void Join(MediaLeg leg) => _changes.Enqueue((leg, true));

    /// <summary>When the thread has passed by, the leg has no turn any more.</summary>
    public void Leave(MediaLeg leg) => _changes.Enqueue((leg, false));

    /// <summary>A tenth of a second is over. Callable from any thread.</summary>
    public void Tick()
    {
        Interlocked.Increment(ref _ticksDue);
        if (Interlocked.Exchange(ref _isWoken, 1) == 0) _receiver.Wake();
    }

    public void Post(Quiescence quiescence)
    {
        _waiting.Enqueue(quiescence);
        if (_hasEnded) Pass();
        else if (Interlocked.Exchange(ref _isWoken, 1) == 0) _receiver.Wake();
    }

    public void Stop()
    {
        _isStopping = true;
        _receiver.Wake();
        _thread.Join();
    }

    private void Run(bool isUringWanted, TaskCompletionSource<DatagramReceiver> begun)
    {
        DatagramReceiver receiver;
        try
        {
            receiver = DatagramReceiver.Create(isUringWanted);
        }
        catch (Win32Exception e)
        {
            begun.SetException(e);
            return;
        }

        begun.SetResult(receiver);
        while (!_isStopping)
        {
            receiver.Receive(this);
            while (Volatile.Read(ref _isWoken) != 0) // while settling it may take note of the next call
            {
                Interlocked.Exchange(ref _isWoken, 0);
                TakeTurns();
                receiver.Settle(this);
                Pass();
            }
        }

        _hasEnded = true;
        Interlocked.MemoryBarrier();
        Pass();
        receiver.Dispose();
    }

    private void TakeTurns()
    {
        while (_changes.TryDequeue(out var change))
        {
            if (change.Joins) (change.Leg.Slice = _slices[_nextSlice++ % TicksPerSecond]).Add(change.Leg);
            else change.Leg.Slice!.Remove(change.Leg);
        }

        for (var due = Interlocked.Exchange(ref _ticksDue, 0); due > 0; due--)
        {
            foreach (var leg in _slices[_tick++ % TicksPerSecond]) leg.EachSecond(this);
        }
    }

    private void Pass()
    {
        while (_waiting.TryDequeue(out var quiescence)) quiescence.Pass();
    }
}
