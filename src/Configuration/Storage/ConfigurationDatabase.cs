using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Telephony.Configuration.Storage;

/// <summary>Brings the schema <c>config</c> up to date: applies the numbered SQL files that it lacks, in order, each in a transaction, one silo at a time.</summary>
internal sealed class ConfigurationDatabase(NpgsqlDataSource postgres, TimeProvider clock, ConfigurationReader reader, ILogger<ConfigurationDatabase> log) : IHostedLifecycleService
{
    private const long ApplyLock = 0x54656C6570686F6E; // "Telephon"

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await Apply(cancellationToken);
        await reader.Prime(cancellationToken);
    }

    public async Task Apply(CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await Execute(connection, $"select pg_advisory_lock({ApplyLock})", cancellationToken);
        try
        {
            await Execute(connection, """
                create schema if not exists config;
                create table if not exists config.applied_sql (name text primary key, applied_at timestamptz not null)
                """, cancellationToken);
            var applied = new HashSet<string>(StringComparer.Ordinal);
            await using (var query = new NpgsqlCommand("select name from config.applied_sql", connection))
            await using (var rows = await query.ExecuteReaderAsync(cancellationToken))
            {
                while (await rows.ReadAsync(cancellationToken)) applied.Add(rows.GetString(0));
            }

            foreach (var (name, sql) in Files().Where(file => !applied.Contains(file.Name)))
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await Execute(connection, sql, cancellationToken);
                await using var note = new NpgsqlCommand("insert into config.applied_sql (name, applied_at) values ($1, $2)", connection)
                {
                    Parameters = { new() { Value = name }, new() { Value = clock.GetUtcNow() } },
                };
                await note.ExecuteNonQueryAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                Log.AppliedSql(log, name);
            }
        }
        finally
        {
            await Execute(connection, $"select pg_advisory_unlock({ApplyLock})", CancellationToken.None);
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static IEnumerable<(string Name, string Sql)> Files()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("Sql/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (name["Sql/".Length..], text.ReadToEnd());
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
