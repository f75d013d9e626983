using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Telephony.Configuration;
using Telephony.Events;
using Telephony.Grains.Devices;
using Telephony.Grains.Tenants;
using Telephony.Sip;

namespace Telephony.Grains.Directory;

/// <inheritdoc cref="IDirectoryGrain"/>
internal sealed class DirectoryGrain(IConfigurationReader configuration, IJournal journal, TimeProvider clock, ILogger<DirectoryGrain> log) : Grain, IDirectoryGrain
{
    private static readonly TimeSpan Coalescing = TimeSpan.FromMilliseconds(5);
    private const int Burst = 8;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, DirectoryEntry> _entries = [];
    private readonly Dictionary<(bool IsDevice, string Id), long> _reports = [];       // the last report of each device and extension
    private readonly PriorityQueue<(string Device, string Extension), DateTimeOffset> _expiries = new();
    private readonly Dictionary<string, DateTimeOffset> _nextLook = [];               // when each device is in the queue for
    private readonly HashSet<string> _changed = [];
    private readonly HashSet<string> _removed = [];
    private IAsyncStream<PresenceChange> _stream = null!;
    private DateTimeOffset _refilled = DateTimeOffset.MinValue;
    private int _atOnce = Burst; // publications that need not wait
    private bool _flushIsDue;
    private long _epoch;
    private long _version;

    private string Tenant => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _epoch = clock.GetUtcNow().ToUnixTimeMilliseconds();
        _stream = this.GetStreamProvider(Streams.Live).GetStream<PresenceChange>(StreamId.Create(Streams.Presence, Tenant));
        foreach (var extension in await configuration.ListExtensions(Tenant)) _entries[extension.Number] = new(extension);
        await foreach (var state in journal.ReadStates(DeviceState.Kind, Tenant).WithCancellation(cancellationToken))
        {
            if (!DeviceState.TryRead(state, out var device)) continue;

            SetOnline(device.Username, device.Extension, device.OnlineUntil(clock.GetUtcNow()));
            if (device.Bindings.Any(FlowChoice.NeedsFlow)) _ = GrainFactory.GetGrain<IDeviceGrain>(Keys.Device(Tenant, device.Username)).CheckFlows(); // a restart ended connections
        }

        // What was so before this start has no known beginning.
        foreach (var (number, entry) in _entries) _entries[number] = entry with { Status = entry.Derived, Since = null };
        _changed.Clear();
        this.RegisterGrainTimer(_ => Expire(), new() { DueTime = Sweep, Period = Sweep, KeepAlive = true });
        Log.DirectoryLoaded(log, Tenant, _entries.Count);
    }

    public ValueTask<PresenceSnapshot> GetPresence() =>
        new(new PresenceSnapshot(_epoch, _version, [.. _entries.Values.OrderBy(entry => entry.Extension.Number, StringComparer.Ordinal).Select(entry => entry.ToPresence())]));

    public async Task DeviceReported(string device, string extension, DateTimeOffset? onlineUntil, long report)
    {
        if (!IsNews((true, device), report)) return;

        SetOnline(device, extension, onlineUntil);
        await Publish();
    }

    public async Task ExtensionReported(string extension, bool isRinging, bool isOnCall, long report)
    {
        if (!IsNews((false, extension), report) || !_entries.TryGetValue(extension, out var entry)) return;

        Set(entry with { IsRinging = isRinging, IsOnCall = isOnCall });
        await Publish();
    }

    public async Task ConfigurationChanged()
    {
        var extensions = await configuration.ListExtensions(Tenant);
        foreach (var gone in _entries.Keys.Except(extensions.Select(extension => extension.Number)).ToList())
        {
            _entries.Remove(gone);
            _changed.Remove(gone);
            _removed.Add(gone);
        }

        foreach (var extension in extensions)
        {
            _removed.Remove(extension.Number);
            var known = _entries.GetValueOrDefault(extension.Number);
            if (known is not null && Same(known.Extension, extension)) continue;

            _entries[extension.Number] = known is null
                ? new(extension)
                : known with { Extension = extension, OnlineUntil = known.OnlineUntil.RemoveRange(known.OnlineUntil.Keys.Except(extension.Devices)) };
            _changed.Add(extension.Number);
        }

        await Publish();
    }

    private static bool Same(ExtensionRecord one, ExtensionRecord other) =>
        one.DisplayName == other.DisplayName && one.Department == other.Department && one.Email == other.Email && one.Devices.SequenceEqual(other.Devices);

    private bool IsNews((bool IsDevice, string Id) source, long report)
    {
        if (_reports.TryGetValue(source, out var last) && report <= last) return false;

        _reports[source] = report;
        return true;
    }

    private void SetOnline(string device, string extension, DateTimeOffset? until)
    {
        if (!_entries.TryGetValue(extension, out var entry)) return;

        if (until is { } time)
        {
            LookAt(device, extension, time);
            Set(entry with { OnlineUntil = entry.OnlineUntil.SetItem(device, time) });
        }
        else
        {
            Set(entry with { OnlineUntil = entry.OnlineUntil.Remove(device) });
        }
    }

    private void Set(DirectoryEntry entry)
    {
        var number = entry.Extension.Number;
        var before = _entries[number].ToPresence();
        var next = entry.At(clock.GetUtcNow());
        _entries[number] = next;
        if (next.ToPresence() != before) _changed.Add(number);
    }

    /// <summary>One place in the queue per device, however often it renews: when its turn comes early, it queues again.</summary>
    private void LookAt(string device, string extension, DateTimeOffset time)
    {
        if (_nextLook.TryGetValue(device, out var known) && known <= time) return;

        _nextLook[device] = time;
        _expiries.Enqueue((device, extension), time);
    }

    /// <summary>Devices whose registration ran out.</summary>
    private Task Expire()
    {
        var now = clock.GetUtcNow();
        while (_expiries.TryPeek(out var next, out var due) && due <= now)
        {
            _expiries.Dequeue();
            if (_nextLook.GetValueOrDefault(next.Device) != due) continue; // an earlier look took its place

            _nextLook.Remove(next.Device);
            if (!_entries.TryGetValue(next.Extension, out var entry) || !entry.OnlineUntil.TryGetValue(next.Device, out var until)) continue;

            if (until > now) LookAt(next.Device, next.Extension, until);
            else SetOnline(next.Device, next.Extension, null);
        }

        return Publish();
    }

    /// <summary>A change goes out at once, as long as there are few: beyond a burst, those of a few milliseconds go together.</summary>
    private async Task Publish()
    {
        if ((_changed.Count == 0 && _removed.Count == 0) || _flushIsDue) return;

        var now = clock.GetUtcNow();
        var refill = (int)Math.Clamp((now - _refilled) / Coalescing, 0, Burst);
        if (refill > 0) (_atOnce, _refilled) = (Math.Min(Burst, _atOnce + refill), now);
        if (_atOnce == 0)
        {
            _flushIsDue = true;
            this.RegisterGrainTimer(
                _ =>
                {
                    _flushIsDue = false;
                    return Publish();
                },
                new() { DueTime = _refilled + Coalescing - now, Period = Timeout.InfiniteTimeSpan });
            return;
        }

        _atOnce--;
        var change = new PresenceChange(
            _epoch, _version, ++_version, [.. _changed.Select(number => _entries[number].ToPresence())], [.. _removed]);
        _changed.Clear();
        _removed.Clear();
        await _stream.OnNextAsync(change);
    }
}
