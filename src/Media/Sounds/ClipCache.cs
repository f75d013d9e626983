namespace Telephony.Media.Sounds;

/// <summary>Sounds by name, each loaded once by whoever comes first; the others wait for it. Above its limit in bytes, what was not asked for the longest goes.</summary>
internal sealed class ClipCache(TimeProvider time, long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    /// <param name="keep">How long it is good for; what was not found, too.</param>
    public async Task<AudioClip?> Get(string name, TimeSpan keep, Func<Task<AudioClip?>> load)
    {
        Entry entry;
        lock (_lock)
        {
            if (_entries.TryGetValue(name, out var node) && time.GetElapsedTime(node.Value.Since) < node.Value.Keep)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                entry = node.Value;
            }
            else
            {
                if (node is not null) Remove(node);
                entry = new Entry(name, time.GetTimestamp(), keep, Task.Run(load));
                _entries[name] = _byUse.AddFirst(entry);
            }
        }

        try
        {
            var clip = await entry.Load.ConfigureAwait(false);
            Count(entry, (clip?.Bytes ?? 0) + 200);
            return clip;
        }
        catch
        {
            lock (_lock)
            {
                if (_entries.TryGetValue(name, out var node) && node.Value == entry) Remove(node); // the next one tries again
            }

            throw;
        }
    }

    private void Count(Entry entry, long bytes)
    {
        lock (_lock)
        {
            if (entry.Bytes > 0 || !_entries.TryGetValue(entry.Name, out var node) || node.Value != entry) return;
            entry.Bytes = bytes;
            _bytes += bytes;
            while (_bytes > maxBytes && _byUse.Last is { } last && last.Value != entry) Remove(last);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _bytes -= node.Value.Bytes;
        _entries.Remove(node.Value.Name);
        _byUse.Remove(node);
    }

    private sealed class Entry(string name, long since, TimeSpan keep, Task<AudioClip?> load)
    {
        public string Name => name;

        public long Since => since;

        public TimeSpan Keep => keep;

        public Task<AudioClip?> Load => load;

        public long Bytes { get; set; }
    }
}
