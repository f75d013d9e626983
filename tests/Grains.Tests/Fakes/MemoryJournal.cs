using Telephony.Events;

namespace Telephony.Grains.Tests.Fakes;

/// <summary>A journal in memory that checks what every journal demands: versions without gaps.</summary>
internal sealed class MemoryJournal : IJournal
{
    public Dictionary<(string Tenant, string Stream), List<object>> Streams { get; } = [];
    public Dictionary<StateKey, ReadOnlyMemory<byte>> States { get; } = [];
    public bool IsFull { get; set; }

    public ValueTask Append(JournalEntry entry)
    {
        if (IsFull) throw new JournalFullException("full");

        if (!entry.Events.IsEmpty)
        {
            if (!Streams.TryGetValue((entry.Tenant, entry.Stream), out var stream)) Streams[(entry.Tenant, entry.Stream)] = stream = [];
            Assert.Equal(stream.Count + 1, entry.FirstVersion);
            stream.AddRange(entry.Events);
        }

        foreach (var state in entry.States)
        {
            if (state.Data is { } data) States[state.Key] = data;
            else States.Remove(state.Key);
        }

        return default;
    }

    public ValueTask<ReadOnlyMemory<byte>?> ReadState(StateKey key) => new(States.TryGetValue(key, out var data) ? data : default(ReadOnlyMemory<byte>?));

    public async IAsyncEnumerable<StateRecord> ReadStates(string kind, string? tenant = null)
    {
        await Task.CompletedTask;
        foreach (var (key, data) in States.ToList())
        {
            if (key.Kind == kind && (tenant is null || key.Tenant == tenant)) yield return new StateRecord(key, data);
        }
    }
}
