using Npgsql;
using NpgsqlTypes;

namespace Telephony.Events;

/// <summary>States in PostgreSQL's table <c>grain_state</c>. Reading a kind and shipping take turns, so that neither sees half of the other.</summary>
internal sealed class StateStore(EventsDatabase database) : IDisposable
{
    private const string Upsert = """
        insert into events.grain_state (kind, tenant_id, id, data)
        select * from unnest($1, $2, $3, $4)
        on conflict (kind, tenant_id, id) do update set data = excluded.data, updated = now()
        """;

    private const string Delete = """
        delete from events.grain_state s using unnest($1, $2, $3) as d (kind, tenant_id, id)
        where s.kind = d.kind and s.tenant_id = d.tenant_id and s.id = d.id
        """;

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Adds all that is stored of a kind to the table, once.</summary>
    public async Task Load(StateTable states, string kind, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (states.IsLoaded(kind)) return;

            var stored = new List<StateRecord>();
            await using var connection = await database.Open(cancellationToken);
            await using var command = new NpgsqlCommand("select tenant_id, id, data from events.grain_state where kind = $1", connection) { Parameters = { new() { Value = kind } } };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                stored.Add(new(new(kind, reader.GetString(0), reader.GetString(1)), reader.GetFieldValue<byte[]>(2)));
            }

            states.Load(kind, stored);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ships what changed since the last time.</summary>
    public async Task Ship(StateTable states, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var changed = states.TakeDirty();
            if (changed.Count == 0) return;

            try
            {
                await using var connection = await database.Open(cancellationToken);
                await using var batch = new NpgsqlBatch(connection);
                foreach (var chunk in changed.Chunk(5000))
                {
                    if (chunk.Where(s => s.Data is not null).ToArray() is { Length: > 0 } puts) batch.BatchCommands.Add(Command(Upsert, puts, withData: true));
                    if (chunk.Where(s => s.Data is null).ToArray() is { Length: > 0 } deletes) batch.BatchCommands.Add(Command(Delete, deletes, withData: false));
                }

                await batch.ExecuteNonQueryAsync(cancellationToken);
            }
            catch
            {
                states.NotShipped(changed);
                throw;
            }

            states.Shipped(changed);
            EventsMetrics.StatesShipped.Add(changed.Count);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static NpgsqlBatchCommand Command(string sql, StateRecord[] states, bool withData)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(Varchars(states, s => s.Key.Kind));
        command.Parameters.Add(Varchars(states, s => s.Key.Tenant));
        command.Parameters.Add(Varchars(states, s => s.Key.Id));
        if (withData) command.Parameters.Add(new() { Value = Array.ConvertAll(states, s => s.Data!.Value.ToArray()), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        return command;
    }

    private static NpgsqlParameter Varchars(StateRecord[] states, Converter<StateRecord, string> value) =>
        new() { Value = Array.ConvertAll(states, value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };
}
