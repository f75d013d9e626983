namespace Telephony.Events;

/// <summary>
/// Every event of every tenant, on PostgreSQL in tables that Marten can read. Events of calls come in through <see cref="IJournal"/>; reading sees them once they
/// are shipped, normally within 50 ms.
/// </summary>
public interface IEventStore
{
    /// <summary>Appends events in one transaction and waits for it. For streams that no journal writes.</summary>
    /// <param name="expectedVersion">The version of the stream's last event; 0 for a stream that must not exist; null: whatever it is.</param>
    /// <returns>The stream's version now.</returns>
    /// <exception cref="StreamVersionException">The stream is at another version; nothing was appended.</exception>
    Task<long> Append(
        string tenant, string stream, long? expectedVersion, IReadOnlyList<object> events, string? correlationId = null,
        CancellationToken cancellationToken = default);

    /// <summary>The events of one stream in version order; none when there is no such stream.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadStream(string tenant, string stream, long fromVersion = 1, CancellationToken cancellationToken = default);

    /// <summary>Events in number order, up to those committed while reading. No event ever appears later below a number that was read.</summary>
    IAsyncEnumerable<StoredEvent> ReadAll(EventQuery query, CancellationToken cancellationToken = default);

    /// <summary>The number of the last event, 0 when there is none.</summary>
    Task<long> Head(CancellationToken cancellationToken = default);
}
