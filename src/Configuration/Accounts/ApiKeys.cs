using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using Telephony.Configuration.Storage;

namespace Telephony.Configuration;

/// <summary>Keys of programs: <c>prefix_secret</c>, the secret 256 random bits. The database has the prefix and a SHA-256, so a key is seen once: when it is issued.</summary>
public sealed class ApiKeys
{
    private const int MaxCached = 1000;
    private static readonly TimeSpan CachedFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NoteUseEvery = TimeSpan.FromMinutes(1);

    private readonly IDbContextFactory<ConfigurationContext> _contexts;
    private readonly TimeProvider _clock;
    private readonly ILogger<ApiKeys> _log;
    private readonly ConcurrentDictionary<string, Cached> _cache = new(StringComparer.Ordinal);

    internal ApiKeys(IDbContextFactory<ConfigurationContext> contexts, TimeProvider clock, ILogger<ApiKeys> log)
    {
        _contexts = contexts;
        _clock = clock;
        _log = log;
    }

    /// <summary>Makes a key. Older keys of the same name and tenant stop working.</summary>
    /// <param name="tenant">Null: for the whole platform.</param>
    /// <returns>The key itself, which cannot be had again.</returns>
    /// <exception cref="ArgumentException">A role that does not exist, or is not for a tenant's key.</exception>
    public async Task<string> Issue(string? tenant, string name, IReadOnlyList<string> roles, string actor, CancellationToken cancellationToken = default)
    {
        if (roles.Count == 0 || !roles.All((tenant is null ? Roles.All : Roles.OfTenant).Contains)) throw new ArgumentException("Not a role for such a key.", nameof(roles));
        var prefix = RandomText.KeyPrefix();
        var key = $"{prefix}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        var now = _clock.GetUtcNow();

        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.ApiKeys.Where(row => row.Tenant == tenant && row.Name == name && row.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, now), cancellationToken);
        context.ApiKeys.Add(new() { Prefix = prefix, Hash = Hash(key), Name = name, Tenant = tenant, Roles = [.. roles], CreatedAt = now });
        context.Audit.Add(new() { At = now, Actor = actor, Tenant = tenant, Action = "api_key.issued", Target = prefix, After = JsonSerializer.Serialize(new { name, roles }) });
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Log.ApiKeyIssued(_log, actor, prefix, name);
        return key;
    }

    /// <summary>Whose key it is, or null. A key that was right is remembered for some seconds, also while PostgreSQL is away.</summary>
    public async ValueTask<ApiKeyRecord?> Verify(string key, CancellationToken cancellationToken = default)
    {
        if (key.Length is < 20 or > 200 || key.IndexOf('_') is var end && end is < 1 or > 20) return null;
        var prefix = key[..end];
        var hash = Hash(key);
        var now = _clock.GetUtcNow();
        if (_cache.TryGetValue(prefix, out var cached) && now < cached.Until) return cached.Is(hash) ? cached.Record : null;

        try
        {
            await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
            var row = await context.ApiKeys.AsNoTracking().FirstOrDefaultAsync(row => row.Prefix == prefix && row.RevokedAt == null, cancellationToken);
            if (row is null)
            {
                _cache.TryRemove(prefix, out _);
                return null;
            }

            var found = new Cached(row.Hash, new ApiKeyRecord(row.Prefix, row.Name, row.Tenant, row.Roles), now + CachedFor);
            if (!found.Is(hash)) return null;
            if (_cache.Count >= MaxCached) _cache.Clear();
            _cache[prefix] = found;
            if (row.LastUsedAt is not { } last || now - last >= NoteUseEvery)
            {
                await context.ApiKeys.Where(other => other.Prefix == prefix).ExecuteUpdateAsync(set => set.SetProperty(other => other.LastUsedAt, now), cancellationToken);
            }

            return found.Record;
        }
        catch (Exception exception) when (cached is not null && exception is NpgsqlException or InvalidOperationException { InnerException: NpgsqlException })
        {
            return cached!.Is(hash) ? cached.Record : null;
        }
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private sealed record Cached(byte[] Hash, ApiKeyRecord Record, DateTimeOffset Until)
    {
        public bool Is(byte[] hash) => CryptographicOperations.FixedTimeEquals(Hash, hash);
    }
}

/// <param name="Prefix">Names the key in logs and in the audit log.</param>
/// <param name="Tenant">Null: the whole platform.</param>
public sealed record ApiKeyRecord(string Prefix, string Name, string? Tenant, IReadOnlyList<string> Roles);
