using Npgsql;

namespace Telephony.Events;

/// <summary>The tables of a projection and its row in <c>mt_event_progression</c>, named as Marten names those of a versioned projection.</summary>
internal static class ProjectionTables
{
    public static string ProgressName(IProjection projection) => projection.Version == 1 ? $"{projection.Name}:All" : $"{projection.Name}:V{projection.Version}:All";

    /// <summary>Whether this version's rows are there.</summary>
    public static async Task<bool> Exist(NpgsqlConnection connection, IProjection projection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select 1 from events.mt_event_progression where name = $1", connection) { Parameters = { new() { Value = ProgressName(projection) } } };
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    /// <summary>Locks the progress until the transaction ends, and sets the search path for it.</summary>
    /// <returns>Null when another has the lock and <paramref name="skipLocked"/> is set.</returns>
    public static async Task<long?> LockProgress(NpgsqlConnection connection, IProjection projection, bool skipLocked, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new($"set local search_path to {projection.Schema}"),
                new($"select last_seq_id from events.mt_event_progression where name = $1 for update{(skipLocked ? " skip locked" : "")}")
                {
                    Parameters = { new() { Value = ProgressName(projection) } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.GetInt64(0) : null;
    }

    public static async Task SetProgress(NpgsqlConnection connection, IProjection projection, long number, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into events.mt_event_progression (name, last_seq_id) values ($1, $2)
            on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = transaction_timestamp()
            """, connection)
        {
            Parameters = { new() { Value = ProgressName(projection) }, new() { Value = number } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task ForgetOtherVersions(NpgsqlConnection connection, IProjection projection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("delete from events.mt_event_progression where starts_with(name, $1) and name <> $2", connection)
        {
            Parameters = { new() { Value = projection.Name + ":" }, new() { Value = ProgressName(projection) } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
