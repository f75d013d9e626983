using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Telephony.Events;

/// <summary>Makes a projection's rows in a schema beside its own, and then swaps the tables.</summary>
internal sealed class ProjectionRebuild(EventsDatabase database, IProjection projection, TimeProvider time, ILogger log)
{
    private const int BatchSize = 10_000;

    private readonly string _beside = $"{projection.Schema}_{projection.Name}_rebuild";
    private readonly string _lock = $"hashtext('telephony rebuild {projection.Name}')";

    /// <returns>How many events were applied.</returns>
    /// <exception cref="InvalidOperationException">It is being rebuilt already, perhaps by another silo.</exception>
    public async Task<long> Run(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await using var connection = await database.Open(cancellationToken);
        await using (var command = new NpgsqlCommand($"select pg_try_advisory_lock({_lock})", connection))
        {
            if (await command.ExecuteScalarAsync(cancellationToken) is not true) throw new InvalidOperationException($"The projection {projection.Name} is being rebuilt already.");
        }

        try
        {
            await connection.Execute($"""
                drop schema if exists {_beside} cascade;
                create schema {_beside};
                set search_path to {_beside};
                {projection.TablesSql}
                """, cancellationToken);
            var (last, count) = await ApplyAll(connection, cancellationToken);
            count += await Swap(connection, last, cancellationToken);
            Log.Rebuilt(log, projection.Name, count, time.GetElapsedTime(started));
            return count;
        }
        finally
        {
            if (connection.FullState.HasFlag(ConnectionState.Open)) await connection.Execute($"reset search_path; select pg_advisory_unlock({_lock})", CancellationToken.None);
        }
    }

    // Up to the last event there is, a batch a transaction; the next batch is read while one is applied.
    private async Task<(long Last, long Count)> ApplyAll(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (last, count) = (0L, 0L);
        await using var source = await database.Open(cancellationToken);
        for (var reading = Read(source, last, cancellationToken); await reading is { Count: > 0 } events; count += events.Count)
        {
            last = events[^1].Number;
            reading = Read(source, last, cancellationToken);
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
                await connection.Execute("set local synchronous_commit to off", cancellationToken); // the swap's commit syncs it all
                await projection.Apply(connection, events, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
            catch
            {
                await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
        }

        return (last, count);
    }

    // The runner stands still from the lock to the commit. Readers wait for the swap alone.
    private async Task<long> Swap(NpgsqlConnection connection, long last, CancellationToken cancellationToken)
    {
        var count = 0L;
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await ProjectionTables.LockProgress(connection, projection, skipLocked: false, cancellationToken);
        await connection.Execute($"set local search_path to {_beside}", cancellationToken);
        while (await Read(connection, last, cancellationToken) is { Count: > 0 } events)
        {
            await projection.Apply(connection, events, cancellationToken);
            last = events[^1].Number;
            count += events.Count;
        }

        await connection.Execute($"create schema if not exists {projection.Schema}", cancellationToken);
        foreach (var table in projection.Tables)
        {
            await connection.Execute($"drop table if exists {projection.Schema}.{table}; alter table {_beside}.{table} set schema {projection.Schema}", cancellationToken);
        }

        await connection.Execute($"drop schema {_beside} cascade", cancellationToken);
        await ProjectionTables.SetProgress(connection, projection, last, cancellationToken);
        await ProjectionTables.ForgetOtherVersions(connection, projection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return count;
    }

    private static Task<IReadOnlyList<StoredEvent>> Read(NpgsqlConnection connection, long last, CancellationToken cancellationToken) =>
        EventStore.ReadPage(connection, new(last + 1, Limit: BatchSize), cancellationToken);
}
