using System.Collections.Concurrent;

namespace Telephony.Sip;

/// <summary>
/// The server transactions of an edge. Both kinds are bounded: those that wait for an answer (one more is refused), and those that are
/// answered and kept for copies of the request alone (the oldest gives way).
/// </summary>
internal sealed class ServerTransactions(int maxWaiting, int maxCompleted)
{
    private readonly ConcurrentDictionary<UInt128, ServerTransaction> _all = new();
    private readonly ConcurrentDictionary<UInt128, UInt128> _merges = new();
    private readonly ConcurrentDictionary<UInt128, ServerTransaction> _acks = new();
    private readonly ConcurrentDictionary<UInt128, ServerTransaction> _pracks = new();
    private readonly ConcurrentDictionary<string, ServerTransaction> _restored = new(StringComparer.Ordinal);
    private readonly Queue<ServerTransaction> _completed = new(); // in the order in which Timer J ends them
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool IsFull => Count - _completed.Count >= maxWaiting;

    public ServerTransaction? Find(UInt128 key) => _all.GetValueOrDefault(key);

    public ServerTransaction? FindByAck(UInt128 key) => _acks.GetValueOrDefault(key);

    public ServerTransaction? FindByPrack(UInt128 key) => _pracks.GetValueOrDefault(key);

    /// <summary>One of an earlier run, by the name that it had then.</summary>
    public ServerTransaction? FindRestored(string name) => _restored.GetValueOrDefault(name);

    /// <returns>False when there is one already.</returns>
    public bool TryRestore(ServerTransaction transaction) => TryAdd(transaction) && _restored.TryAdd(transaction.Name, transaction);

    /// <returns>False when there is one already.</returns>
    public bool TryAdd(ServerTransaction transaction)
    {
        if (!_all.TryAdd(transaction.Key, transaction)) return false;
        Interlocked.Increment(ref _count);
        return true;
    }

    /// <summary>Notes a request that may come by several ways. False when another copy is being worked on (§8.2.2.2).</summary>
    public bool TryMerge(UInt128 merge, UInt128 key) => _merges.GetOrAdd(merge, key) == key;

    public void AwaitAck(ServerTransaction transaction) => _acks.TryAdd(transaction.AckKey!.Value, transaction);

    public void AwaitPrack(ServerTransaction transaction, UInt128 key) => _pracks.TryAdd(key, transaction);

    public void StopAwaitingPrack(ServerTransaction transaction, UInt128 key) => _pracks.TryRemove(KeyValuePair.Create(key, transaction));

    public void Completed(ServerTransaction transaction)
    {
        lock (_completed)
        {
            _completed.Enqueue(transaction);
            if (_completed.Count <= maxCompleted) return;
            transaction = _completed.Dequeue();
        }

        transaction.Forget();
        Take(transaction);
    }

    public void Remove(ServerTransaction transaction)
    {
        Take(transaction);
        lock (_completed)
        {
            while (_completed.TryPeek(out var oldest) && oldest.IsTerminated) _completed.Dequeue();
        }
    }

    private void Take(ServerTransaction transaction)
    {
        if (!_all.TryRemove(KeyValuePair.Create(transaction.Key, transaction))) return;

        Interlocked.Decrement(ref _count);
        if (transaction.MergeKey is { } merge) _merges.TryRemove(KeyValuePair.Create(merge, transaction.Key));
        if (!_restored.IsEmpty) _restored.TryRemove(KeyValuePair.Create(transaction.Name, transaction));
        if (transaction.AckKey is { } ack) _acks.TryRemove(KeyValuePair.Create(ack, transaction));
    }
}
