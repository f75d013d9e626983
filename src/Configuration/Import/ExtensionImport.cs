using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using NpgsqlTypes;
using Telephony.Configuration.Storage;

namespace Telephony.Configuration.Import;

/// <summary>Carries a checked file into the database: passwords are hashed first, on all cores and without holding anything; then one transaction copies all rows.</summary>
internal sealed class ExtensionImport(NpgsqlDataSource postgres, IPasswordHasher<UserRow> hasher, ServerSecrets secrets, ConfigurationReader reader, TimeProvider clock)
{
    private sealed record Prepared(ImportRow Row, string? Ha1Md5, string? Ha1Sha256, byte[]? SipPassword, string? PasswordHash);

    /// <summary>Checks the rows against what the tenant has: a new extension needs a SIP password, and its username must be free.</summary>
    public async Task Check(string tenant, List<ImportRow> rows, ImportErrors errors, CancellationToken cancellationToken)
    {
        var extensionOf = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = postgres.CreateCommand("select username, extension from config.devices where tenant = $1");
        command.Parameters.Add(new() { Value = tenant });
        await using (var devices = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await devices.ReadAsync(cancellationToken)) extensionOf.Add(devices.GetString(0), devices.GetString(1));
        }

        foreach (var row in rows)
        {
            var owner = extensionOf.GetValueOrDefault(row.Number);
            if (owner is null && row.SipPassword.Length == 0) errors.Add(row.Line, "sip_password must be given for a new extension.");
            if (owner is not null && owner != row.Number) errors.Add(row.Line, $"The SIP username {row.Number} belongs to extension {owner}.");
        }
    }

    /// <returns>How many extensions are new.</returns>
    public async Task<int> Write(TenantRecord tenant, List<ImportRow> rows, string actor, Action<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var prepared = await Prepare(tenant, rows, progress, cancellationToken);

        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Execute(connection, """
            create temp table import_rows (
                number text not null, display_name text not null, department text, email text, ha1_md5 text, ha1_sha256 text, sip_password bytea,
                password_hash text, role text not null, media_security text, user_id uuid not null, stamp text not null) on commit drop
            """, [], cancellationToken);
        await Copy(connection, prepared, cancellationToken);

        await Execute(connection, """
            select pg_advisory_xact_lock(hashtextextended('config import ' || $1, 0))
            """, [tenant.Id], cancellationToken);
        await Execute(connection, """
            insert into config.audit (at, actor, tenant, action, target, before, after)
            select $2, $3, $1, 'extension.updated', r.number,
                jsonb_build_object('displayName', e.display_name, 'department', e.department, 'email', e.email, 'roles', u.roles, 'mediaSecurity', d.media_security),
                jsonb_build_object('displayName', r.display_name, 'department', r.department, 'email', r.email, 'roles', array[r.role],
                    'sipPasswordChanged', r.sip_password is not null, 'webPasswordChanged', r.password_hash is not null,
                    'mediaSecurity', coalesce(r.media_security, d.media_security))
            from import_rows r
            join config.extensions e on e.tenant = $1 and e.number = r.number
            join config.users u on u.tenant = $1 and u.extension = r.number
            left join config.devices d on d.tenant = $1 and d.username = r.number
            order by r.number
            """, [tenant.Id, clock.GetUtcNow(), actor], cancellationToken);
        var all = await Execute(connection, """
            insert into config.extensions as e (tenant, number, display_name, department, email)
            select $1, number, display_name, department, email from import_rows order by number
            on conflict (tenant, number) do update set display_name = excluded.display_name, department = excluded.department, email = excluded.email
            """, [tenant.Id], cancellationToken);
        await Execute(connection, """
            insert into config.devices as d (tenant, username, extension, digest, ha1_md5, ha1_sha256, sip_password)
            select $1, number, number, 'md5', ha1_md5, ha1_sha256, sip_password from import_rows where sip_password is not null order by number
            on conflict (tenant, username) do update
            set ha1_md5 = excluded.ha1_md5, ha1_sha256 = excluded.ha1_sha256, sip_password = excluded.sip_password where d.extension = excluded.extension
            """, [tenant.Id], cancellationToken);
        await Execute(connection, """
            update config.devices d set media_security = r.media_security from import_rows r
            where r.media_security is not null and d.tenant = $1 and d.username = r.number and d.extension = r.number
            """, [tenant.Id], cancellationToken);
        await Execute(connection, """
            insert into config.users as u (id, tenant, extension, roles, user_name, normalized_user_name, email, normalized_email, password_hash, security_stamp, concurrency_stamp)
            select user_id, $1, number, array[role], number || '@' || $1, upper(number || '@' || $1), email, upper(email), password_hash, stamp, stamp
            from import_rows order by number
            on conflict (tenant, extension) do update set
                roles = excluded.roles, email = excluded.email, normalized_email = excluded.normalized_email,
                password_hash = coalesce(excluded.password_hash, u.password_hash),
                security_stamp = case when excluded.password_hash is not null or excluded.roles <> u.roles then excluded.security_stamp else u.security_stamp end,
                concurrency_stamp = excluded.concurrency_stamp
            """, [tenant.Id], cancellationToken);
        var added = all - await Count(connection, tenant.Id, cancellationToken);
        await Execute(connection, """
            insert into config.audit (at, actor, tenant, action, target, after)
            values ($2, $3, $1, 'extensions.imported', $1, jsonb_build_object('rows', $4::int, 'added', $5::int))
            """, [tenant.Id, clock.GetUtcNow(), actor, all, added], cancellationToken);
        await Execute(connection, "select pg_notify($1, $2)", [ChangeListener.Channel, $"{reader.Instance} {tenant.Id}"], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return added;
    }

    private async Task<Prepared[]> Prepare(TenantRecord tenant, List<ImportRow> rows, Action<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var key = secrets.Get("sip-passwords");
        var realm = tenant.Domains[0];
        var prepared = new Prepared[rows.Count];
        var done = 0;
        var step = Math.Max(1, Math.Min(100, rows.Count / 100));
        var report = new Lock();
        await Task.Run(() => Parallel.For(0, rows.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, i =>
        {
            var row = rows[i];
            var hasSip = row.SipPassword.Length > 0;
            prepared[i] = new Prepared(
                row,
                hasSip ? SipCredentials.Ha1Md5(row.Number, realm, row.SipPassword) : null,
                hasSip ? SipCredentials.Ha1Sha256(row.Number, realm, row.SipPassword) : null,
                hasSip ? SipCredentials.Encrypt(key, tenant.Id, row.Number, row.SipPassword) : null,
                row.WebPassword.Length > 0 ? hasher.HashPassword(null!, row.WebPassword) : null);
            lock (report)
            {
                if (++done % step == 0 || done == rows.Count) progress?.Invoke(new ImportProgress(done, rows.Count));
            }
        }), cancellationToken);
        return prepared;
    }

    private static async Task Copy(NpgsqlConnection connection, Prepared[] rows, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync("copy import_rows from stdin (format binary)", cancellationToken);
        foreach (var (row, ha1Md5, ha1Sha256, sipPassword, passwordHash) in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            await Text(row.Number);
            await Text(row.DisplayName);
            await Text(row.Department);
            await Text(row.Email);
            await Text(ha1Md5);
            await Text(ha1Sha256);
            await (sipPassword is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(sipPassword, NpgsqlDbType.Bytea, cancellationToken));
            await Text(passwordHash);
            await Text(row.Role);
            await Text(row.MediaSecurity);
            await copy.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid, cancellationToken);
            await Text(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        }

        await copy.CompleteAsync(cancellationToken);

        Task Text(string? value) => value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, NpgsqlDbType.Text, cancellationToken);
    }

    private static async Task<int> Count(NpgsqlConnection connection, string tenant, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select count(*)::int from config.users u join import_rows r on r.number = u.extension where u.tenant = $1 and u.id <> r.user_id
            """, connection) { Parameters = { new() { Value = tenant } } };
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<int> Execute(NpgsqlConnection connection, string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
