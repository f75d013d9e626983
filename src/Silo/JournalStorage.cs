using System.Text.Json;
using Telephony.Events;
using Telephony.Grains.Tenants;

namespace Telephony.Silo;

/// <summary>A grain's persistent state as keyed state of the journal, in JSON: durable when the record has reached the kernel, whatever PostgreSQL does.</summary>
internal sealed class JournalStorage(IJournal journal)
{
    public async ValueTask<(bool Exists, T? Value)> Read<T>(string kind, string grainKey) =>
        await journal.ReadState(Key(kind, grainKey)) is { } data ? (true, JsonSerializer.Deserialize<T>(data.Span)) : (false, default);

    public ValueTask Write<T>(string kind, string grainKey, T value) => Put(new StateRecord(Key(kind, grainKey), JsonSerializer.SerializeToUtf8Bytes(value)));

    public ValueTask Clear(string kind, string grainKey) => Put(new StateRecord(Key(kind, grainKey), null));

    private ValueTask Put(StateRecord state) => journal.Append(new JournalEntry(state.Key.Tenant, "", 0, [], [state]));

    private static StateKey Key(string kind, string grainKey)
    {
        var (tenant, id) = Keys.Split(grainKey);
        return new StateKey(kind, string.Intern(tenant), id); // many states share few tenants
    }
}
