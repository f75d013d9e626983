using System.Collections.Concurrent;
using Telephony.Media.Relay;

namespace Telephony.Media.Dtls;

/// <summary>
/// Threads for DTLS, apart from those that move packets: a handshake takes 0.7 ms of a core, as long as a hundred packets. There are few, so that thousands of browsers that
/// come back at once take no more than their share, and each association is worked on by one of them at a time. They start with the first association.
/// </summary>
internal sealed class Handshakes : IDisposable
{
    private static readonly TimeSpan TimerEvery = TimeSpan.FromMilliseconds(100); // OpenSSL's first retransmission comes after a second

    private readonly BlockingCollection<DtlsTransport> _waiting = [];
    private readonly ConcurrentDictionary<DtlsTransport, bool> _open = new();
    private readonly Lock _lock = new();
    private readonly Action<string, MediaEventKind, string?> _tell;
    private readonly ITimer _timer;
    private Thread[]? _threads;

    /// <param name="tell">Takes what happened to which leg, and why; on one of the threads, with no lock held.</param>
    public Handshakes(DtlsContext context, TimeProvider time, Action<string, MediaEventKind, string?> tell)
    {
        Context = context;
        Time = time;
        _tell = tell;
        _timer = time.CreateTimer(static self => ((Handshakes)self!).OnTimer(), this, TimerEvery, TimerEvery);
    }

    public DtlsContext Context { get; }

    public TimeProvider Time { get; }

    /// <summary>A leg's transport with DTLS, which the leg disposes of.</summary>
    public DtlsTransport Open(string leg, LegTransport transport) => new(leg, transport, this);

    /// <summary>There is something to do for it. From any thread; it never waits.</summary>
    public void Post(DtlsTransport transport)
    {
        if (_threads is null) Start();
        if (!_waiting.IsAddingCompleted) _waiting.TryAdd(transport);
    }

    /// <summary>Its retransmissions are to be looked after, or no more.</summary>
    public void SetOpen(DtlsTransport transport, bool isOpen)
    {
        if (isOpen) _open[transport] = true;
        else _open.TryRemove(transport, out _);
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _waiting.CompleteAdding();
            foreach (var thread in _threads ?? []) thread.Join();
        }

        _waiting.Dispose();
    }

    private void OnTimer()
    {
        foreach (var (transport, _) in _open) transport.PostTimer();
    }

    private void Start()
    {
        lock (_lock)
        {
            if (_threads is not null || _waiting.IsAddingCompleted) return;
            _threads = [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 4)).Select(i => new Thread(Run) { Name = $"dtls {i}", IsBackground = true })];
            foreach (var thread in _threads) thread.Start();
        }
    }

    private void Run()
    {
        foreach (var transport in _waiting.GetConsumingEnumerable())
        {
            if (transport.Work() is var (kind, why)) _tell(transport.Leg, kind, why);
        }
    }
}
