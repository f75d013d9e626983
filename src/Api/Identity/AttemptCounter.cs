namespace Telephony.Api.Identity;

/// <summary>
/// Counts attempts by key within a window that starts with the first one. An attempt is counted before it is made, so that many at once do
/// not get past the limit together. Bounded: when it is full of windows that still run, the oldest tenth is forgotten.
/// </summary>
internal sealed class AttemptCounter(int limit, TimeSpan window, TimeProvider clock, int capacity = 100_000)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Count, DateTimeOffset Until)> _windows = new(StringComparer.Ordinal);

    /// <returns>Null: go ahead. Else how long to wait.</returns>
    public TimeSpan? TryBegin(string key)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            if (!_windows.TryGetValue(key, out var running) || running.Until <= now)
            {
                if (_windows.Count >= capacity) MakeRoom(now);
                running = (0, now + window);
            }

            if (running.Count >= limit) return running.Until - now;
            _windows[key] = (running.Count + 1, running.Until);
            return null;
        }
    }

    /// <summary>The attempt was right, and those before it are forgiven.</summary>
    public void Reset(string key)
    {
        lock (_lock) _windows.Remove(key);
    }

    /// <summary>The attempt does not count.</summary>
    public void GiveBack(string key)
    {
        lock (_lock)
        {
            if (_windows.TryGetValue(key, out var running) && running.Count > 0) _windows[key] = (running.Count - 1, running.Until);
        }
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var key in _windows.Where(pair => pair.Value.Until <= now).Select(pair => pair.Key).ToList()) _windows.Remove(key);
        if (_windows.Count < capacity) return;
        foreach (var key in _windows.OrderBy(pair => pair.Value.Until).Take(Math.Max(1, capacity / 10)).Select(pair => pair.Key).ToList()) _windows.Remove(key);
    }
}
