using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Answers, each until it is too old even to be used for want of a better one. Bounded: what was used longest ago gives way.</summary>
internal sealed class DnsCache(int capacity, TimeProvider clock)
{
    private readonly Dictionary<DnsQuestion, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = []; // the latest first
    private readonly Lock _lock = new();

    public int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    /// <param name="isFresh">Whether its time is not over, so that nobody need be asked.</param>
    public bool TryGet(DnsQuestion question, [NotNullWhen(true)] out DnsAnswer? answer, out bool isFresh)
    {
        lock (_lock)
        {
            answer = null;
            isFresh = false;
            if (!_entries.TryGetValue(question, out var node)) return false;

            var now = clock.GetUtcNow();
            _byUse.Remove(node);
            if (now >= node.Value.StaleUntil)
            {
                _entries.Remove(question);
                return false;
            }

            _byUse.AddFirst(node);
            answer = node.Value.Answer;
            isFresh = now < node.Value.FreshUntil;
            return true;
        }
    }

    /// <param name="fresh">How long it is good.</param>
    /// <param name="stale">How much longer it may be used when no server is there.</param>
    public void Set(DnsQuestion question, DnsAnswer answer, TimeSpan fresh, TimeSpan stale)
    {
        var until = clock.GetUtcNow() + fresh;
        Set(question, new(question, answer, until, until + stale));
    }

    /// <summary>Nobody could give a better one: it is used for some time without asking (RFC 8767 §5).</summary>
    public void KeepStale(DnsQuestion question, TimeSpan time)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(question, out var node)) node.Value = node.Value with { FreshUntil = Earlier(clock.GetUtcNow() + time, node.Value.StaleUntil) };
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private void Set(DnsQuestion question, Entry entry)
    {
        lock (_lock)
        {
            if (_entries.Remove(question, out var old)) _byUse.Remove(old);
            while (_entries.Count >= capacity && _byUse.Last is { } last)
            {
                _byUse.RemoveLast();
                _entries.Remove(last.Value.Question);
            }

            _entries[question] = _byUse.AddFirst(entry);
        }
    }

    private sealed record Entry(DnsQuestion Question, DnsAnswer Answer, DateTimeOffset FreshUntil, DateTimeOffset StaleUntil);
}
