using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;

namespace Telephony.Events;

internal sealed class EventStore(EventsDatabase database, EventTypes types, TimeProvider time) : IEventStore
{
    private const string Columns = "seq_id, tenant_id, stream_id, version, type, timestamp, data, id, correlation_id";
    private const int Page = 5000;

    public async Task<long> Append(
        string tenant, string stream, long? expectedVersion, IReadOnlyList<object> events, string? correlationId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentException.ThrowIfNullOrEmpty(stream);
        ArgumentOutOfRangeException.ThrowIfZero(events.Count);

        await using var connection = await database.Open(cancellationToken);
        try
        {
            var (last, version) = await EventTable.Begin(connection, tenant, stream, cancellationToken);
            if (expectedVersion is { } expected && expected != version) throw new StreamVersionException(stream, expected, version);

            var rows = new JournaledEvent[events.Count];
            for (var i = 0; i < rows.Length; i++) rows[i] = Row(tenant, stream, ++version, events[i], correlationId);
            await EventTable.SetStreams(connection, rows, cancellationToken);
            await EventTable.Insert(connection, last, rows, types, cancellationToken);
            await EventTable.Commit(connection, last + rows.Length, also: null, cancellationToken);
            database.Committed.Set();
            return version;
        }
        catch
        {
            await EventTable.Rollback(connection);
            throw;
        }
    }

    public async Task<IReadOnlyList<StoredEvent>> ReadStream(string tenant, string stream, long fromVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"select {Columns} from events.mt_events where tenant_id = $1 and stream_id = $2 and version >= $3 order by version", connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = stream }, new() { Value = fromVersion } },
        };
        return await Read(command, cancellationToken);
    }

    public async IAsyncEnumerable<StoredEvent> ReadAll(EventQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = query.Limit;
        for (var from = query.FromNumber; left > 0;)
        {
            IReadOnlyList<StoredEvent> page;
            var wanted = Math.Min(Page, left);
            await using (var connection = await database.Open(cancellationToken))
            {
                page = await ReadPage(connection, query with { FromNumber = from, Limit = wanted }, cancellationToken);
            }

            foreach (var e in page) yield return e;

            if (page.Count < wanted) yield break;

            left -= page.Count;
            from = page[^1].Number + 1;
        }
    }

    public async Task<long> Head(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var command = new NpgsqlCommand("select coalesce(max(seq_id), 0) from events.mt_events", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>One page of events on a connection of the caller's, within its transaction.</summary>
    public static async Task<IReadOnlyList<StoredEvent>> ReadPage(NpgsqlConnection connection, EventQuery query, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        var where = $"seq_id >= {Parameter(query.FromNumber)}";
        if (query.Tenant is { } tenant) where += $" and tenant_id = {Parameter(tenant)}";
        if (query.Stream is { } stream) where += $" and stream_id = {Parameter(stream)}";
        if (query.From is { } since) where += $" and timestamp >= {Parameter(since.UtcDateTime)}";
        if (query.To is { } until) where += $" and timestamp < {Parameter(until.UtcDateTime)}";

        command.CommandText = $"select {Columns} from events.mt_events where {where} order by seq_id limit {Parameter(query.Limit)}";
        return await Read(command, cancellationToken);

        string Parameter(object value)
        {
            command.Parameters.Add(new() { Value = value });
            return $"${command.Parameters.Count}";
        }
    }

    private static async Task<IReadOnlyList<StoredEvent>> Read(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var events = new List<StoredEvent>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(new(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetString(4),
                reader.GetDateTime(5), reader.GetFieldValue<byte[]>(6), reader.GetGuid(7), reader.IsDBNull(8) ? null : reader.GetString(8)));
        }

        return events;
    }

    private JournaledEvent Row(string tenant, string stream, long version, object e, string? correlationId)
    {
        var type = types.Of(e);
        var now = time.GetUtcNow();
        var data = JsonSerializer.SerializeToUtf8Bytes(e, type.Json);
        JournalRecord.ReplaceNul(data);
        return new(tenant, stream, version, type.Alias, Guid.CreateVersion7(now), (type.At?.Invoke(e) ?? now).UtcDateTime, data, JournalRecord.WithoutNul(correlationId));
    }
}
