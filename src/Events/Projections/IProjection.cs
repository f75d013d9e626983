using Npgsql;

namespace Telephony.Events;

/// <summary>
/// Rows made of events and of nothing else, so that they can be thrown away and made again. Its tables live in a schema of their own choice and are named
/// without it: <see cref="ProjectionRunner"/> sets the search path, to another schema while it rebuilds them.
/// </summary>
public interface IProjection
{
    /// <summary>Unique, in snake_case.</summary>
    string Name { get; }

    /// <summary>Raise it when the tables or their contents change: the rows are then made again at the next start.</summary>
    int Version { get; }

    string Schema { get; }

    /// <summary>All its tables.</summary>
    IReadOnlyList<string> Tables { get; }

    /// <summary>Creates the tables and their indexes, by plain name, where they do not exist yet.</summary>
    string TablesSql { get; }

    /// <summary>
    /// Applies events, in number order and each exactly once, within the transaction that is open on <paramref name="connection"/> and that also records the
    /// progress. A failure is retried until it succeeds. The rows must not depend on how the events were cut into batches.
    /// </summary>
    /// <returns>What to do once that is committed, or null. Left out while rebuilding.</returns>
    Task<Func<Task>?> Apply(NpgsqlConnection connection, IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken);
}
