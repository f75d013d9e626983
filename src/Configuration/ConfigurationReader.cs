using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telephony.Configuration.Storage;

namespace Telephony.Configuration;

/// <summary>
/// Answers from memory: every tenant's name and domains, and all people and devices of the tenants that are in use. So a domain, username or number
/// that does not exist is known not to exist without asking PostgreSQL, and strangers who guess names cost no memory. A change
/// replaces what is kept of its tenant; until then, and while PostgreSQL is away, what was read before keeps answering.
/// </summary>
public sealed class ConfigurationReader : IConfigurationReader, IDisposable
{
    private readonly ConfigurationStore _store;
    private readonly TimeProvider _clock;
    private readonly ConfigurationReaderOptions _options;
    private readonly ILogger<ConfigurationReader> _log;
    private readonly ConcurrentDictionary<string, string> _tenantOfDomain = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Entry> _tenants = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _directory = new(1); // held while tenants and domains are read and replaced
    private volatile bool _isPrimed;

    internal ConfigurationReader(ConfigurationStore store, TimeProvider clock, IOptions<ConfigurationReaderOptions> options, ILogger<ConfigurationReader> log)
    {
        _store = store;
        _clock = clock;
        _options = options.Value;
        _log = log;
    }

    public event Action<ConfigurationChanged>? Changed;

    /// <summary>Names this silo in its own notifications.</summary>
    internal string Instance { get; } = Guid.NewGuid().ToString("n");

    public ValueTask<string?> FindTenant(string domain) => _isPrimed ? new(_tenantOfDomain.GetValueOrDefault(domain)) : FindTenantOnceRead(domain);

    public ValueTask<TenantRecord?> GetTenant(string tenant) => _isPrimed ? new(_tenants.GetValueOrDefault(tenant)?.Record) : GetTenantOnceRead(tenant);

    public ValueTask<DeviceRecord?> FindDevice(string tenant, string username) =>
        Known(tenant) is { } people ? new(people.Devices.GetValueOrDefault(username)) : FindDeviceOnceRead(tenant, username);

    public ValueTask<ExtensionRecord?> FindExtension(string tenant, string number) =>
        Known(tenant) is { } people ? new(people.ByNumber.GetValueOrDefault(number)) : FindExtensionOnceRead(tenant, number);

    /// <summary>The web user of an extension, or null.</summary>
    public ValueTask<UserRecord?> FindUser(string tenant, string extension) =>
        Known(tenant) is { } people ? new(people.Users.GetValueOrDefault(extension)) : FindUserOnceRead(tenant, extension);

    public async Task<IReadOnlyList<ExtensionRecord>> ListExtensions(string tenant) => (await People(tenant))?.Extensions ?? [];

    /// <summary>All tenants, by main domain.</summary>
    public async Task<IReadOnlyList<TenantRecord>> ListTenants()
    {
        if (!_isPrimed) await Prime(CancellationToken.None);
        return [.. _tenants.Values.Select(entry => entry.Record).OrderBy(record => record.Domains[0], StringComparer.Ordinal)];
    }

    /// <summary>Extensions and devices in memory.</summary>
    internal long Size => _tenants.Values.Sum(entry => (long)(entry.People?.Size ?? 0));

    /// <summary>Reads all tenants and their domains, once.</summary>
    internal async Task Prime(CancellationToken cancellationToken)
    {
        if (_isPrimed) return;
        await _directory.WaitAsync(cancellationToken);
        try
        {
            if (_isPrimed) return;
            foreach (var record in await _store.ReadTenants(null, cancellationToken)) Put(record);
            _isPrimed = true;
        }
        finally
        {
            _directory.Release();
        }
    }

    /// <summary>Reads a tenant again after a change, then tells those who listen. What was known keeps answering meanwhile.</summary>
    internal async Task Refresh(string tenant, CancellationToken cancellationToken)
    {
        await _directory.WaitAsync(cancellationToken);
        try
        {
            foreach (var record in await _store.ReadTenants(tenant, cancellationToken)) Put(record);
        }
        finally
        {
            _directory.Release();
        }

        if (_tenants.TryGetValue(tenant, out var entry) && entry.People is not null) await Read(tenant, entry, again: true, cancellationToken);
        Raise(tenant);
    }

    /// <summary>Reads everything that is known again: changes may have been missed.</summary>
    internal async Task RefreshAll(CancellationToken cancellationToken)
    {
        if (!_isPrimed)
        {
            await Prime(cancellationToken);
            return;
        }

        await _directory.WaitAsync(cancellationToken);
        try
        {
            foreach (var record in await _store.ReadTenants(null, cancellationToken)) Put(record);
        }
        finally
        {
            _directory.Release();
        }

        foreach (var (tenant, entry) in _tenants.Where(pair => pair.Value.People is not null))
        {
            await Read(tenant, entry, again: true, cancellationToken);
            Raise(tenant);
        }
    }

    public void Dispose() => _directory.Dispose();

    private void Put(TenantRecord record)
    {
        var before = _tenants.GetValueOrDefault(record.Id)?.Record;
        _tenants.AddOrUpdate(record.Id, static (_, record) => new Entry(record), static (_, entry, record) => entry.With(record), record);
        foreach (var domain in record.Domains) _tenantOfDomain[domain] = record.Id;
        foreach (var domain in before?.Domains.Except(record.Domains, StringComparer.OrdinalIgnoreCase) ?? [])
        {
            _tenantOfDomain.TryRemove(new(domain, record.Id)); // only if it is still this tenant's
        }
    }

    /// <summary>The tenant's people if they are in memory.</summary>
    private TenantPeople? Known(string tenant)
    {
        if (!_tenants.TryGetValue(tenant, out var entry)) return _isPrimed ? Nobody : null;
        entry.LastUsed = _clock.GetTimestamp();
        return entry.People;
    }

    private async ValueTask<TenantPeople?> People(string tenant)
    {
        if (!_isPrimed) await Prime(CancellationToken.None);
        if (!_tenants.TryGetValue(tenant, out var entry)) return null;
        entry.LastUsed = _clock.GetTimestamp();
        return entry.People ?? await Read(tenant, entry, again: false, CancellationToken.None);
    }

    private async Task<TenantPeople> Read(string tenant, Entry entry, bool again, CancellationToken cancellationToken)
    {
        await entry.Reading.WaitAsync(cancellationToken); // one after the other, so that the last to read is the newest
        try
        {
            if (!again && entry.People is { } known) return known;
            var people = await _store.ReadPeople(tenant, cancellationToken);
            entry.People = people;
            Trim(entry);
            return people;
        }
        finally
        {
            entry.Reading.Release();
        }
    }

    private void Trim(Entry keep)
    {
        var size = Size;
        if (size <= _options.CachedEntries) return;
        foreach (var entry in _tenants.Values.Where(entry => entry != keep && entry.People is not null).OrderBy(entry => entry.LastUsed).ToList())
        {
            size -= entry.People?.Size ?? 0;
            entry.People = null;
            if (size <= _options.CachedEntries) return;
        }
    }

    private void Raise(string tenant)
    {
        foreach (var handler in Changed?.GetInvocationList() ?? [])
        {
            try
            {
                ((Action<ConfigurationChanged>)handler)(new ConfigurationChanged(tenant));
            }
#pragma warning disable CA1031 // one listener's fault is not the next one's
            catch (Exception exception)
            {
                Log.HandlerFailed(_log, exception);
            }
#pragma warning restore CA1031
        }
    }

    private async ValueTask<string?> FindTenantOnceRead(string domain)
    {
        await Prime(CancellationToken.None);
        return _tenantOfDomain.GetValueOrDefault(domain);
    }

    private async ValueTask<TenantRecord?> GetTenantOnceRead(string tenant)
    {
        await Prime(CancellationToken.None);
        return _tenants.GetValueOrDefault(tenant)?.Record;
    }

    private async ValueTask<DeviceRecord?> FindDeviceOnceRead(string tenant, string username) => (await People(tenant))?.Devices.GetValueOrDefault(username);

    private async ValueTask<ExtensionRecord?> FindExtensionOnceRead(string tenant, string number) => (await People(tenant))?.ByNumber.GetValueOrDefault(number);

    private async ValueTask<UserRecord?> FindUserOnceRead(string tenant, string extension) => (await People(tenant))?.Users.GetValueOrDefault(extension);

    private static readonly TenantPeople Nobody = new(
        [], FrozenDictionary<string, ExtensionRecord>.Empty, FrozenDictionary<string, DeviceRecord>.Empty,
        FrozenDictionary<string, UserRecord>.Empty);

    private sealed class Entry(TenantRecord record)
    {
        private TenantRecord _record = record;
        private TenantPeople? _people;
        private long _lastUsed;

        public SemaphoreSlim Reading { get; } = new(1);
        public TenantRecord Record => Volatile.Read(ref _record);

        public TenantPeople? People
        {
            get => Volatile.Read(ref _people);
            set => Volatile.Write(ref _people, value);
        }

        public long LastUsed
        {
            get => Volatile.Read(ref _lastUsed);
            set => Volatile.Write(ref _lastUsed, value);
        }

        public Entry With(TenantRecord record)
        {
            Volatile.Write(ref _record, record);
            return this;
        }
    }
}
