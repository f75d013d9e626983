using System.Collections.Concurrent;
using System.Globalization;
using Telephony.Runtime.Copying;

namespace Telephony.Runtime.Storage;

/// <summary>State that lasts as long as this object: for tests. It keeps copies, and takes serializable types alone.</summary>
public sealed class MemoryGrainStorage : IGrainStorage
{
    private readonly DeepCopier _copier = new(trustsImmutable: false);
    private readonly ConcurrentDictionary<(string State, string Grain), (object State, long Version)> _states = [];

    /// <summary>How many states there are.</summary>
    public int Count => _states.Count;

    public ValueTask<StoredState<T>?> Read<T>(string stateName, string grainKey, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_states.TryGetValue((stateName, grainKey), out var stored) ? new StoredState<T>(_copier.Copy((T)stored.State), Text(stored.Version)) : null);

    public ValueTask<string> Write<T>(string stateName, string grainKey, T state, string? etag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        var copy = (object)_copier.Copy(state)!;
        var written = _states.AddOrUpdate(
            (stateName, grainKey),
            _ => Check(null, etag, (copy, 1)),
            (_, old) => Check(Text(old.Version), etag, (copy, old.Version + 1)));
        return new(Text(written.Version));
    }

    public ValueTask Clear<T>(string stateName, string grainKey, string? etag, CancellationToken cancellationToken)
    {
        if (!_states.TryGetValue((stateName, grainKey), out var stored)) return default;

        Check(Text(stored.Version), etag, stored);
        _states.TryRemove((stateName, grainKey), out _);
        return default;
    }

    private static (object, long) Check(string? stored, string? read, (object, long) next) =>
        stored == read ? next : throw new InconsistentStateException($"The state has etag {stored ?? "none"}, not {read ?? "none"}.");

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
