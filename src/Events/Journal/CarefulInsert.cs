using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Telephony.Events;

/// <summary>
/// Inserts events of which PostgreSQL refused some: leaves out those that it has, and puts those that it will never take into <c>events.rejected</c>, so that
/// they hold nothing up and are not lost.
/// </summary>
internal static class CarefulInsert
{
    /// <summary>It is the data that was refused: trying again would not help (SQLSTATE classes 22, 23 and 54).</summary>
    public static bool IsOfData(PostgresException e) => e.SqlState[..2] is "22" or "23" or "54";

    /// <summary>Begins a transaction and inserts what can be; the caller commits.</summary>
    /// <returns>The last number taken.</returns>
    public static async Task<long> Run(
        NpgsqlConnection connection, IReadOnlyList<JournaledEvent> events, EventTypes types, ILogger log, CancellationToken cancellationToken)
    {
        var last = await EventTable.Begin(connection, [], cancellationToken);
        var known = await ReadIds(connection, events, cancellationToken);
        var added = new List<JournaledEvent>();
        foreach (var e in events)
        {
            if (known.TryAdd((e.Tenant, e.Stream, e.Version), e.Id)) added.Add(e);
            else if (known[(e.Tenant, e.Stream, e.Version)] != e.Id) await Reject(connection, e, "the stream has another event of this version", log, cancellationToken);
        }

        if (added.Count == 0) return last;
        if (await TryInsert(connection, last, added, types, cancellationToken) is null) return last + added.Count;

        foreach (var e in added)
        {
            if (await TryInsert(connection, last, [e], types, cancellationToken) is { } reason) await Reject(connection, e, reason, log, cancellationToken);
            else last++;
        }

        return last;
    }

    /// <summary>Null, or why nothing was inserted.</summary>
    private static async Task<string?> TryInsert(
        NpgsqlConnection connection, long last, IReadOnlyList<JournaledEvent> events, EventTypes types, CancellationToken cancellationToken)
    {
        await connection.Execute("savepoint attempt", cancellationToken);
        try
        {
            await EventTable.SetStreams(connection, events, cancellationToken);
            await EventTable.Insert(connection, last, events, types, cancellationToken);
            await connection.Execute("release attempt", cancellationToken);
            return null;
        }
        catch (PostgresException e) when (IsOfData(e))
        {
            await connection.Execute("rollback to attempt", cancellationToken);
            return e.MessageText;
        }
    }

    private static async Task<Dictionary<(string Tenant, string Stream, long Version), Guid>> ReadIds(
        NpgsqlConnection connection, IReadOnlyList<JournaledEvent> events, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select e.tenant_id, e.stream_id, e.version, e.id from unnest($1, $2, $3) as u (tenant, stream, version)
            join events.mt_events e on e.tenant_id = u.tenant and e.stream_id = u.stream and e.version = u.version
            """, connection)
        {
            Parameters =
            {
                new() { Value = events.Select(e => e.Tenant).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new() { Value = events.Select(e => e.Stream).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new() { Value = events.Select(e => e.Version).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            },
        };
        var ids = new Dictionary<(string, string, long), Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) ids[(reader.GetString(0), reader.GetString(1), reader.GetInt64(2))] = reader.GetGuid(3);

        return ids;
    }

    private static async Task Reject(NpgsqlConnection connection, JournaledEvent e, string reason, ILogger log, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into events.rejected (id, tenant_id, stream_id, version, type, timestamp, data, reason) values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (id) do nothing
            """, connection)
        {
            Parameters =
            {
                new() { Value = e.Id }, new() { Value = e.Tenant }, new() { Value = e.Stream }, new() { Value = e.Version }, new() { Value = e.Alias },
                new() { Value = e.At }, new() { Value = e.Data, NpgsqlDbType = NpgsqlDbType.Bytea }, new() { Value = reason },
            },
        };
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return;

        EventsMetrics.Rejected.Add(1);
        Log.Rejected(log, e.Alias, e.Id, e.Version, e.Stream, e.Tenant, reason);
    }
}
