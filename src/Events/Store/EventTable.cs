using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Telephony.Events;

/// <summary>
/// The writing side of <c>mt_streams</c> and <c>mt_events</c>. Numbers are taken under one advisory lock that is held until the commit, so that number order is commit
/// order; a transaction that fails leaves no gap unless the commit itself fails.
/// </summary>
internal static class EventTable
{
    private const string Lock = "select pg_advisory_xact_lock(88240317110135)"; // any number of our own
    private const string LastNumber = "select last_value - (not is_called)::int from events.mt_events_sequence";

    private const string UpsertStreams = """
        insert into events.mt_streams (tenant_id, id, type, version) select * from unnest($1, $2, $3, $4)
        on conflict (tenant_id, id) do update set version = greatest(mt_streams.version, excluded.version), timestamp = now()
        """;

    private const string Copy = """
        copy events.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id)
        from stdin (format binary)
        """;

    /// <summary>Begins a transaction and takes the lock.</summary>
    /// <returns>The number of the last event, and the stream's version (0: there is no such stream).</returns>
    public static async Task<(long Last, long Version)> Begin(NpgsqlConnection connection, string tenant, string stream, CancellationToken cancellationToken)
    {
        await using var batch = Batch(connection, "begin", Lock, LastNumber);
        batch.BatchCommands.Add(new("select version from events.mt_streams where tenant_id = $1 and id = $2") { Parameters = { new() { Value = tenant }, new() { Value = stream } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var last = await LastOf(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return (last, await reader.ReadAsync(cancellationToken) ? reader.GetInt64(0) : 0);
    }

    /// <summary>Begins a transaction, takes the lock and records where the streams of the events then are.</summary>
    /// <returns>The number of the last event.</returns>
    public static async Task<long> Begin(NpgsqlConnection connection, IReadOnlyList<JournaledEvent> events, CancellationToken cancellationToken)
    {
        await using var batch = Batch(connection, "begin", Lock);
        if (events.Count > 0) batch.BatchCommands.Add(Streams(events));
        batch.BatchCommands.Add(new(LastNumber));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await LastOf(reader, cancellationToken);
    }

    public static async Task SetStreams(NpgsqlConnection connection, IReadOnlyList<JournaledEvent> events, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Streams(events) } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Inserts the events under the numbers that follow <paramref name="last"/>.</summary>
    public static async Task Insert(NpgsqlConnection connection, long last, IReadOnlyList<JournaledEvent> events, EventTypes types, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(Copy, cancellationToken);
        using var rows = new CopyBuffer();
        foreach (var e in events)
        {
            rows.BeginRow(columns: 10);
            rows.Write(++last);
            rows.Write(e.Id);
            rows.Write(e.Stream);
            rows.Write(e.Version);
            rows.WriteJson(e.Data.Span);
            rows.Write(e.Alias);
            rows.Write(e.At);
            rows.Write(e.Tenant);
            rows.Write(types.Registered(e.Alias)?.DotnetType);
            rows.Write(e.CorrelationId);
            if (rows.IsFull) await copy.WriteAsync(rows.Take(), cancellationToken);
        }

        rows.End();
        await copy.WriteAsync(rows.Take(), cancellationToken);
        // Disposing ends the copy, and throws what the server has against it.
    }

    /// <summary>Makes <paramref name="last"/> the last number and commits, after whatever <paramref name="also"/> does.</summary>
    public static async Task Commit(NpgsqlConnection connection, long last, NpgsqlBatchCommand? also, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (also is not null) batch.BatchCommands.Add(also);
        if (last > 0) batch.BatchCommands.Add(new("select setval('events.mt_events_sequence', $1)") { Parameters = { new() { Value = last } } });
        batch.BatchCommands.Add(new("commit"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Leaves the connection without a transaction, whatever happened on it; a broken one is closed.</summary>
    public static async Task Rollback(NpgsqlConnection connection)
    {
        try
        {
            if (connection.FullState.HasFlag(ConnectionState.Open)) await connection.Execute("rollback", default);
        }
        catch (NpgsqlException)
        {
            await connection.CloseAsync(); // the pool sees that it is broken
        }
    }

    private static NpgsqlBatch Batch(NpgsqlConnection connection, params ReadOnlySpan<string> commands)
    {
        var batch = new NpgsqlBatch(connection);
        foreach (var command in commands) batch.BatchCommands.Add(new(command));
        return batch;
    }

    // The lock's result comes first, then that of LastNumber.
    private static async Task<long> LastOf(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt64(0);
    }

    private static NpgsqlBatchCommand Streams(IReadOnlyList<JournaledEvent> events)
    {
        var versions = new Dictionary<(string Tenant, string Stream), long>();
        foreach (var e in events) versions[(e.Tenant, e.Stream)] = Math.Max(e.Version, versions.GetValueOrDefault((e.Tenant, e.Stream)));

        var keys = versions.Keys.ToArray();
        return new(UpsertStreams)
        {
            Parameters =
            {
                Varchars(keys, k => k.Tenant),
                Varchars(keys, k => k.Stream),
                Varchars(keys, k => TypeOf(k.Stream)),
                new() { Value = versions.Values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            },
        };
    }

    /// <summary>The kind of a stream: what stands before the first hyphen of its name.</summary>
    private static string? TypeOf(string stream) => stream.IndexOf('-') is > 0 and var hyphen ? stream[..hyphen] : null;

    private static NpgsqlParameter Varchars<T>(T[] items, Converter<T, string?> value) =>
        new() { Value = Array.ConvertAll(items, value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };
}
