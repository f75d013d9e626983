using System.Collections.Immutable;

namespace Telephony.Events;

/// <summary>
/// The silo's write-ahead journal: what is appended is acknowledged. An append completes when its record has reached the kernel, so <c>kill -9</c> loses nothing; it
/// is synced to disk in groups a few milliseconds later. One writer ships it to PostgreSQL in order. Bounded: a full journal refuses (<see cref="JournalFullException"/>).
/// </summary>
public interface IJournal
{
    /// <summary>Appends the entry as one record: all of it or nothing.</summary>
    ValueTask Append(JournalEntry entry);

    /// <summary>The state last put under this key, shipped or not; null when there is none.</summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadState(StateKey key);

    /// <summary>Every state of a kind, shipped or not, of one tenant or (null) of all.</summary>
    IAsyncEnumerable<StateRecord> ReadStates(string kind, string? tenant = null);
}

/// <summary>Facts of one stream together with technical state, written atomically.</summary>
/// <param name="Stream">The stream that <paramref name="Events"/> belong to; ignored when there are none.</param>
/// <param name="FirstVersion">The version of the first event: 1 begins a stream. Versions have no gaps.</param>
public sealed record JournalEntry(
    string Tenant, string Stream, long FirstVersion, ImmutableArray<object> Events, ImmutableArray<StateRecord> States, string? CorrelationId = null);

/// <summary>Names a piece of technical state, such as kind <c>call</c> and a call's id.</summary>
public readonly record struct StateKey(string Kind, string Tenant, string Id);

/// <summary>State to keep under a key; data that is null or empty removes it (C# makes an empty one of <c>x ? null : memory</c>).</summary>
public sealed record StateRecord(StateKey Key, ReadOnlyMemory<byte>? Data);

/// <summary>PostgreSQL was away for so long that the journal reached its bound.</summary>
public sealed class JournalFullException(string message) : Exception(message);

/// <summary>The explicit, unique, never-changing name that an event type is stored under, in snake_case.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EventTypeAttribute(string alias) : Attribute
{
    public string Alias { get; } = alias;
}
