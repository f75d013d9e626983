using Microsoft.Extensions.Logging;

namespace Telephony.Sip;

/// <summary>
/// Messages whose way is being looked up. Nobody waits in a thread for it; those for one target leave in the order that they came in, and one look-up serves all that have
/// gathered.
/// </summary>
/// <param name="max">How many may wait.</param>
internal sealed class LookupQueue(Locator locator, DnsOptions options, TimeProvider clock, ILogger log, int max)
{
    /// <summary>For requests, which are our owners'.</summary>
    public const int MaxRequests = 4096;

    /// <summary>For responses, whose Vias strangers wrote: few, so that names of theirs that take long leave the <see cref="DnsResolver"/> to others.</summary>
    public const int MaxResponses = 4;

    private readonly Dictionary<SipTarget, Queue<Waiting>> _queues = [];
    private readonly Dictionary<string, Waiting> _byTransaction = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _count;

    public bool IsWaiting(string transaction)
    {
        if (Volatile.Read(ref _count) == 0) return false;
        lock (_lock) return _byTransaction.ContainsKey(transaction);
    }

    /// <summary>Calls back with the destinations: before this returns when they are known, else on a pool thread. False, and never, when too many wait.</summary>
    /// <param name="transaction">Whose request it is; null for an ACK. A second one for the same is ignored.</param>
    /// <param name="go">Gets them, best first; none when there are none.</param>
    /// <param name="cancel">What a CANCEL does meanwhile: true when the message needs to go no more.</param>
    public bool TryAdd(SipTarget target, string? transaction, Action<IReadOnlyList<Destination>> go, Func<bool>? cancel = null)
    {
        Queue<Waiting>? mine = null;
        lock (_lock)
        {
            if (_count >= max) return false;
            var waiting = new Waiting(transaction, go, cancel);
            if (transaction is not null && !_byTransaction.TryAdd(transaction, waiting)) return true;

            _count++;
            if (!_queues.TryGetValue(target, out var queue)) _queues[target] = mine = queue = new();
            queue.Enqueue(waiting);
        }

        if (mine is not null) _ = Run(target, mine);
        return true;
    }

    /// <returns>False when no such transaction waits (any more).</returns>
    public bool TryCancel(string transaction)
    {
        if (Volatile.Read(ref _count) == 0) return false;
        Waiting? waiting;
        lock (_lock)
        {
            if (!_byTransaction.TryGetValue(transaction, out waiting)) return false;
        }

        return waiting.TryCancel();
    }

    private async Task Run(SipTarget target, Queue<Waiting> queue)
    {
        IReadOnlyList<Destination> ways = [];
        try
        {
            using var patience = new CancellationTokenSource(options.Patience, clock);
            ways = await locator.Locate(target, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // too late to be of use
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.LookupFailed(log, target.Host, e); // a fault of ours; those who wait are told all the same
        }

        while (true)
        {
            Waiting? next;
            lock (_lock)
            {
                if (!queue.TryPeek(out next))
                {
                    _queues.Remove(target);
                    return;
                }
            }

            Release(next, ways);
            lock (_lock)
            {
                queue.Dequeue();
                _count--;
                if (next.Transaction is { } transaction) _byTransaction.Remove(transaction);
            }
        }
    }

    private void Release(Waiting waiting, IReadOnlyList<Destination> ways)
    {
        try
        {
            waiting.Go(ways);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.NotSent(log, waiting.Transaction ?? "", e); // a fault of ours or of who hears the events; those behind it go all the same
        }
    }

    private sealed class Waiting(string? transaction, Action<IReadOnlyList<Destination>> go, Func<bool>? cancel)
    {
        private readonly Lock _lock = new();
        private bool _isGone;

        public string? Transaction => transaction;

        public void Go(IReadOnlyList<Destination> ways)
        {
            lock (_lock)
            {
                if (_isGone) return;
                _isGone = true;
                go(ways);
            }
        }

        public bool TryCancel()
        {
            lock (_lock)
            {
                if (_isGone) return false;
                _isGone = cancel?.Invoke() ?? false;
                return true;
            }
        }
    }
}
