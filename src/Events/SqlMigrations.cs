using System.Data;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Telephony.Events;

/// <summary>
/// Applies the numbered SQL files that an assembly has embedded (<c>…Sql.0001_name.sql</c>) to a schema of their own, each once and in order. What is applied
/// stands in the schema's table <c>migrations</c>; several processes may start at the same time.
/// </summary>
public sealed class SqlMigrations(string schema, Assembly assembly, string prefix)
{
    private const long Lock = 0x54454C_4D494752; // "TELMIGR"

    public string Schema { get; } = schema;

    public async Task Apply(NpgsqlConnection connection, ILogger log, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await connection.Execute($"select pg_advisory_xact_lock({Lock})", cancellationToken);
        await connection.Execute($"""
            create schema if not exists {Schema};
            set local search_path to {Schema};
            create table if not exists migrations (name varchar primary key, applied timestamptz not null default now())
            """, cancellationToken);

        var applied = new HashSet<string>();
        await using (var command = new NpgsqlCommand("select name from migrations", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken)) applied.Add(reader.GetString(0));
        }

        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var name = resource[prefix.Length..];
            if (applied.Contains(name)) continue;

            using var script = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            await connection.Execute(await script.ReadToEndAsync(cancellationToken), cancellationToken);
            await using var done = new NpgsqlCommand("insert into migrations (name) values ($1)", connection) { Parameters = { new() { Value = name } } };
            await done.ExecuteNonQueryAsync(cancellationToken);
            Log.Migrated(log, Schema, name);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}

internal static class NpgsqlConnectionExtensions
{
    public static async Task Execute(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
