namespace Telephony.Events;

/// <summary>The technical states of this silo: what is in PostgreSQL of the kinds that were read, under what was put since. Thread-safe.</summary>
internal sealed class StateTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StateKey, Slot> _slots = [];
    private readonly HashSet<StateKey> _dirty = [];
    private readonly HashSet<string> _loaded = [];

    /// <summary>States held: the live ones, and removals that PostgreSQL has not heard of.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _slots.Count;
        }
    }

    public void Put(StateRecord state)
    {
        var data = state.Data is { IsEmpty: false } bytes ? bytes.ToArray() : default(ReadOnlyMemory<byte>?); // the caller's may be used again
        lock (_gate)
        {
            var stored = _slots.TryGetValue(state.Key, out var slot) ? slot.MayBeStored : !_loaded.Contains(state.Key.Kind);
            if (data is null && !stored)
            {
                _slots.Remove(state.Key); // put and removed before it was shipped: PostgreSQL never sees it
                _dirty.Remove(state.Key);
                return;
            }

            _slots[state.Key] = new(data, stored);
            _dirty.Add(state.Key);
        }
    }

    /// <summary>True when the answer is known without PostgreSQL.</summary>
    public bool TryGet(StateKey key, out ReadOnlyMemory<byte>? data)
    {
        lock (_gate)
        {
            var found = _slots.TryGetValue(key, out var slot);
            data = slot.Data;
            return found || _loaded.Contains(key.Kind);
        }
    }

    public bool IsLoaded(string kind)
    {
        lock (_gate) return _loaded.Contains(kind);
    }

    public List<StateRecord> List(string kind, string? tenant)
    {
        lock (_gate)
        {
            return [.. _slots.Where(s => s.Value.Data is not null && s.Key.Kind == kind && (tenant is null || s.Key.Tenant == tenant)).Select(s => new StateRecord(s.Key, s.Value.Data))];
        }
    }

    /// <summary>Adds what PostgreSQL has of a kind. Nothing of it may be shipped between the reading and this.</summary>
    public void Load(string kind, IEnumerable<StateRecord> stored)
    {
        lock (_gate)
        {
            if (!_loaded.Add(kind)) return;

            foreach (var state in stored) _slots.TryAdd(state.Key, new(state.Data, MayBeStored: true));
        }
    }

    /// <summary>Everything that PostgreSQL does not have yet. Follow it with <see cref="Shipped"/> or <see cref="NotShipped"/>.</summary>
    public List<StateRecord> TakeDirty()
    {
        lock (_gate)
        {
            var taken = new List<StateRecord>(_dirty.Count);
            foreach (var key in _dirty)
            {
                var slot = _slots[key];
                taken.Add(new(key, slot.Data));
                _slots[key] = slot with { MayBeStored = true };
            }

            _dirty.Clear();
            return taken;
        }
    }

    public void Shipped(List<StateRecord> taken)
    {
        lock (_gate)
        {
            foreach (var (key, data) in taken) if (data is null && !_dirty.Contains(key)) _slots.Remove(key);
        }
    }

    public void NotShipped(List<StateRecord> taken)
    {
        lock (_gate)
        {
            foreach (var (key, _) in taken) if (_slots.ContainsKey(key)) _dirty.Add(key);
        }
    }

    private readonly record struct Slot(ReadOnlyMemory<byte>? Data, bool MayBeStored);
}
