using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using Telephony.Configuration.Import;
using Telephony.Configuration.Storage;

namespace Telephony.Configuration;

/// <summary>
/// The one way to change the configuration: checks a change, writes it together with its line in the audit log, and has every silo's reader
/// read it again; this process's reader knows it when the call returns. Needs PostgreSQL. <c>actor</c> is who did it, for the audit log.
/// </summary>
public sealed class ConfigurationWriter
{
    private readonly IDbContextFactory<ConfigurationContext> _contexts;
    private readonly ExtensionImport _import;
    private readonly ConfigurationReader _reader;
    private readonly TimeProvider _clock;
    private readonly ILogger<ConfigurationWriter> _log;

    internal ConfigurationWriter(
        IDbContextFactory<ConfigurationContext> contexts, ExtensionImport import, ConfigurationReader reader, TimeProvider clock, ILogger<ConfigurationWriter> log)
    {
        _contexts = contexts;
        _import = import;
        _reader = reader;
        _clock = clock;
        _log = log;
    }

    /// <summary>Adds a tenant with its main domain. Refused when the domain is malformed or taken.</summary>
    /// <param name="name">What people call it; null or empty: like the domain.</param>
    public async Task<AddTenantResult> AddTenant(string domain, string? name, string actor, CancellationToken cancellationToken = default)
    {
        domain = domain.Trim().ToLowerInvariant();
        name = string.IsNullOrWhiteSpace(name) ? domain : name.Trim();
        if ((Rules.Domain(domain) ?? Rules.TenantName(name)) is { } wrong) return new(null, wrong, IsTaken: false);

        var tenant = new TenantRecord(RandomText.TenantId(), name, [domain]);
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        context.Tenants.Add(new() { Id = tenant.Id, Name = name, CreatedAt = _clock.GetUtcNow() });
        context.Domains.Add(new() { Name = domain, Tenant = tenant.Id, IsMain = true });
        context.Audit.Add(new()
        {
            At = _clock.GetUtcNow(),
            Actor = actor,
            Tenant = tenant.Id,
            Action = "tenant.added",
            Target = tenant.Id,
            After = JsonSerializer.Serialize(new { name, domain }),
        });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new(null, $"The domain {domain} belongs to a tenant already.", IsTaken: true);
        }

        await context.Database.ExecuteSqlAsync($"select pg_notify({ChangeListener.Channel}, {_reader.Instance + " " + tenant.Id})", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await _reader.Refresh(tenant.Id, CancellationToken.None);
        Log.TenantAdded(_log, actor, tenant.Id, domain);
        return new(tenant, null, IsTaken: false);
    }

    /// <summary>Says whether a device's sound is encrypted.</summary>
    /// <returns>The device as it is now; null: there is no such one.</returns>
    public async Task<DeviceRecord?> SetMediaSecurity(string tenant, string username, MediaSecurityPolicy policy, string actor, CancellationToken cancellationToken = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await context.Devices.FindAsync([tenant, username], cancellationToken) is not { } device) return null;

        if (device.MediaSecurity != policy)
        {
            context.Audit.Add(new()
            {
                At = _clock.GetUtcNow(),
                Actor = actor,
                Tenant = tenant,
                Action = "device.updated",
                Target = username,
                Before = JsonSerializer.Serialize(new { mediaSecurity = device.MediaSecurity.ToString().ToLowerInvariant() }),
                After = JsonSerializer.Serialize(new { mediaSecurity = policy.ToString().ToLowerInvariant() }),
            });
            device.MediaSecurity = policy;
            await context.SaveChangesAsync(cancellationToken);
            await context.Database.ExecuteSqlAsync($"select pg_notify({ChangeListener.Channel}, {_reader.Instance + " " + tenant})", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            await _reader.Refresh(tenant, CancellationToken.None);
        }

        return await _reader.FindDevice(tenant, username);
    }

    /// <summary>
    /// Imports people from CSV with the header <c>extension,display_name,department,email,sip_password,web_password,role</c>, and after it <c>media_security</c> if that is wanted: all rows, or none when one is wrong.
    /// A number that exists is updated: its name, department, e-mail and role become the row's, and a password that is left empty stays as it is. A new number gets one
    /// device with the number as its SIP username; an empty <c>web_password</c> leaves its web sign-in off.
    /// </summary>
    /// <param name="progress">Called from any thread, one call at a time; must not block.</param>
    /// <exception cref="ArgumentException">There is no such tenant.</exception>
    public async Task<ImportResult> ImportExtensions(
        string tenant, Stream csv, string actor, Action<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var record = await _reader.GetTenant(tenant) ?? throw new ArgumentException("There is no such tenant.", nameof(tenant));
        var errors = new ImportErrors();
        var rows = await ExtensionFile.Read(csv, errors, cancellationToken);
        if (errors.IsEmpty) await _import.Check(tenant, rows, errors, cancellationToken);
        if (!errors.IsEmpty) return errors.ToResult();

        await _import.Write(record, rows, actor, progress, cancellationToken);
        await _reader.Refresh(tenant, CancellationToken.None);
        Log.Imported(_log, actor, rows.Count, tenant);
        return new ImportResult(rows.Count, new Dictionary<string, string[]>());
    }
}

/// <param name="Tenant">The new tenant, or null.</param>
/// <param name="Error">Why there is none.</param>
/// <param name="IsTaken">The domain is another tenant's (or this one exists already).</param>
public sealed record AddTenantResult(TenantRecord? Tenant, string? Error, bool IsTaken);
