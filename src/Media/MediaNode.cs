using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using Telephony.Media.Relay;
using Telephony.Media.Sdp;

namespace Telephony.Media;

/// <summary>
/// A media node in this process. Commands may come from any thread; they work under locks that no packet waits for. A leg's ports are free again when
/// <see cref="Release"/> ends.
/// </summary>
public sealed class MediaNode : IMediaNode, IAsyncDisposable, IDisposable
{
    private const int MaxNameLength = 200;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1), ForgetOwnerAfter = TimeSpan.FromHours(1), LogEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new(); // over a leg's lock
    private readonly ConcurrentDictionary<string, MediaLeg> _legs = new(StringComparer.Ordinal); // written under _lock
    private readonly Dictionary<string, OwnerRecord> _owners = new(StringComparer.Ordinal);
    private readonly MediaOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<MediaNode> _log;
    private readonly LogLimit _noPortsLimit, _droppedLimit;
    private readonly IPAddress _address;
    private readonly MediaPorts _ports;
    private readonly MediaThread[] _threads;
    private readonly MediaMetrics _metrics;
    private readonly ITimer _sweep;
    private long _droppedSeen;
    private int _closing;
    private bool _isDisposed;

    /// <param name="options">Valid, as <see cref="MediaServiceCollectionExtensions.AddMedia"/> makes sure.</param>
    public MediaNode(MediaOptions options, TimeProvider time, ILogger<MediaNode> log, IMeterFactory? meters = null)
    {
        if (!PortRange.TryParse(options.PortRange, out var range)) throw new ArgumentException("The port range can't be read.", nameof(options));
        _options = options;
        _time = time;
        _log = log;
        _noPortsLimit = new LogLimit(time, LogEvery);
        _droppedLimit = new LogLimit(time, LogEvery);
        _address = IPAddress.Parse(options.Address);
        var bind = options.Bind.Length == 0 ? _address : IPAddress.Parse(options.Bind);
        _ports = new MediaPorts(bind, range);
        _threads = [.. Enumerable.Range(0, options.Threads).Select(i => new MediaThread(i))];
        _metrics = new MediaMetrics(meters, _threads, _ports, () => _legs.Count);
        _sweep = time.CreateTimer(static node => ((MediaNode)node!).Sweep(), this, SweepEvery, SweepEvery);
        Log.Started(log, options.Id, options.Address, bind.ToString(), options.PortRange, options.Threads);
    }

    public string Id => _options.Id;

    internal int FreePairs => _ports.Free;

    public ValueTask<MediaError> CreateLeg(string leg, MediaOwner owner, MediaProfile profile)
    {
        CheckName(leg);
        CheckName(owner.Name);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_legs.TryGetValue(leg, out var existing)) return new(Adopt(existing, owner));
        }

        if (_ports.TryTake(out var error) is not { } ports)
        {
            if (_noPortsLimit.TryPass(out var held)) Log.NoPorts(_log, owner.Call, _ports.Total - _ports.Free, _ports.Total, error, held);
            return new(MediaError.NoPorts);
        }

        lock (_lock)
        {
            if (_isDisposed || _legs.TryGetValue(leg, out var existing)) // another caller was faster
            {
                _ports.Return(ports);
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return new(Adopt(_legs[leg], owner));
            }

            var record = Record(owner);
            record.Legs++;
            _legs[leg] = new MediaLeg(leg, owner, _time.GetTimestamp(), ports, new LocalSession(_address, ports.Port), ThreadOf(owner.Call)) { Owner = record, Profile = profile };
            return new(MediaError.None);
        }
    }

    public ValueTask<MediaError> Adopt(string leg, MediaOwner owner)
    {
        CheckName(owner.Name);
        lock (_lock) return new(_legs.TryGetValue(leg, out var existing) ? Adopt(existing, owner) : MediaError.UnknownLeg);
    }

    public ValueTask<MediaError> SetRemote(string leg, long epoch, ReadOnlyMemory<byte> sdp) => new(Take(leg, epoch, sdp, static (found, remote) => found.Describe(remote)));

    public ValueTask<MediaError> SetOffer(string leg, long epoch, ReadOnlyMemory<byte> sdp) => new(Take(leg, epoch, sdp, static (found, remote) => found.Offered = remote));

    public ValueTask<MediaError> Rollback(string leg, long epoch)
    {
        if (!_legs.TryGetValue(leg, out var found)) return new(MediaError.UnknownLeg);
        lock (found.Lock)
        {
            if (!found.TryEnter(epoch)) return new(MediaError.StaleEpoch);
            found.Offered = null;
            found.Session.Rollback();
            return new(MediaError.None);
        }
    }

    private MediaError Take(string leg, long epoch, ReadOnlyMemory<byte> sdp, Action<MediaLeg, SessionDescription> take)
    {
        if (!_legs.TryGetValue(leg, out var found)) return MediaError.UnknownLeg;
        var isGood = SessionDescription.TryParse(sdp.Span, out var remote) && remote.Audio.Connection!.AddressFamily == _address.AddressFamily;
        lock (found.Lock)
        {
            if (!found.TryEnter(epoch)) return MediaError.StaleEpoch;
            if (isGood)
            {
                take(found, remote!);
                return MediaError.None;
            }
        }

        Log.BadDescription(_log, leg, found.Call);
        return MediaError.BadDescription;
    }

    public ValueTask<MediaDescription> CreateOffer(string leg, long epoch, string like) => new(Create(leg, epoch, like, isAnswer: false));

    public ValueTask<MediaDescription> CreateAnswer(string leg, long epoch, string like) => new(Create(leg, epoch, like, isAnswer: true));

    public ValueTask<MediaError> Connect(long epoch, ImmutableArray<MediaPath> paths)
    {
        lock (_lock)
        {
            var legs = new Dictionary<string, MediaLeg>(StringComparer.Ordinal);
            foreach (var (from, to) in paths)
            {
                if (!_legs.TryGetValue(from, out var source) || !_legs.TryGetValue(to, out var listener)) return new(MediaError.UnknownLeg);
                legs[from] = source;
                legs[to] = listener;
            }

            foreach (var leg in legs.Values)
            {
                lock (leg.Lock)
                {
                    if (epoch < leg.Epoch) return new(MediaError.StaleEpoch);
                }
            }

            foreach (var leg in legs.Values)
            {
                lock (leg.Lock) leg.TryEnter(epoch);
            }

            var wanted = paths.ToHashSet();
            foreach (var leg in legs.Values)
            {
                leg.KeepRoutes(to => wanted.Contains(new MediaPath(leg.Name, to.Name)));
                foreach (var heard in leg.Heard.Select(r => r.From).Where(f => !legs.ContainsKey(f.Name)).ToArray()) heard.KeepRoutes(to => to != leg);
            }

            foreach (var (from, to) in wanted)
            {
                if (legs[from].Routes.All(r => r.To != legs[to])) legs[from].AddRoute(legs[to]);
            }

            return new(MediaError.None);
        }
    }

    public async ValueTask<MediaLegStatistics?> Release(string leg, long epoch)
    {
        MediaLeg? found;
        lock (_lock)
        {
            if (!_legs.TryGetValue(leg, out found)) return null;
            lock (found.Lock)
            {
                if (!found.TryEnter(epoch)) return null;
            }

            Unlink(found);
        }

        await Quiesce().ConfigureAwait(false);
        return Free(found);
    }

    public ValueTask Renew(string owner, long epoch)
    {
        lock (_lock)
        {
            if (!_owners.TryGetValue(owner, out var record) || epoch < record.Epoch) return default;
            record.Epoch = epoch;
            record.RenewedAt = record.HeardAt = _time.GetTimestamp();
        }

        return default;
    }

    public ValueTask<ImmutableArray<MediaEvent>> ReadEvents(string owner, long from, int limit)
    {
        lock (_lock)
        {
            if (!_owners.TryGetValue(owner, out var record)) return new([]);
            record.HeardAt = _time.GetTimestamp();
            return new(record.Read(from, Math.Clamp(limit, 1, OwnerRecord.MaxEvents)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        MediaLeg[] legs;
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            legs = [.. _legs.Values];
            foreach (var leg in legs) Unlink(leg);
        }

        await _sweep.DisposeAsync().ConfigureAwait(false);
        await FreeAll(legs).ConfigureAwait(false);
        SpinWait wait = default;
        while (Volatile.Read(ref _closing) > 0) wait.SpinOnce(); // releases of others, on their last steps
        foreach (var thread in _threads) thread.Stop();
        _metrics.Dispose();
    }

    /// <summary>As <see cref="DisposeAsync"/>, for containers that can't wait.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private MediaDescription Create(string leg, long epoch, string like, bool isAnswer)
    {
        if (!_legs.TryGetValue(leg, out var found) || !_legs.TryGetValue(like, out var other)) return new(MediaError.UnknownLeg, default);

        SessionDescription? source;
        lock (other.Lock) source = other.Offered ?? other.Remote;
        lock (found.Lock)
        {
            if (!found.TryEnter(epoch)) return new(MediaError.StaleEpoch, default);
            var remote = found.Offered ?? found.Remote;
            if (source is null || (isAnswer && remote is null)) return new(MediaError.NoRemote, default);
            if (!isAnswer) return new(MediaError.None, found.Session.Offer(source, remote));

            var answer = found.Session.Answer(source, remote!);
            found.Describe(remote!);
            return new(MediaError.None, answer);
        }
    }

    // a leg that exists: the same command again, or a new owner
    private MediaError Adopt(MediaLeg leg, MediaOwner owner)
    {
        lock (leg.Lock)
        {
            if (!leg.TryEnter(owner.Epoch)) return MediaError.StaleEpoch;
        }

        var record = Record(owner);
        leg.Owner.Legs--;
        record.Legs++;
        leg.Owner = record;
        leg.Call = owner.Call;
        leg.CreatedAt = _time.GetTimestamp();
        return MediaError.None;
    }

    private OwnerRecord Record(MediaOwner owner)
    {
        if (!_owners.TryGetValue(owner.Name, out var record)) _owners[owner.Name] = record = new OwnerRecord(owner.Name) { RenewedAt = _time.GetTimestamp() };
        record.Epoch = Math.Max(record.Epoch, owner.Epoch);
        record.HeardAt = _time.GetTimestamp();
        return record;
    }

    // under the lock: nobody finds it any more, and no packet is sent to it once the threads have passed by
    private void Unlink(MediaLeg leg)
    {
        _legs.TryRemove(leg.Name, out _);
        leg.Owner.Legs--;
        foreach (var heard in leg.Heard.Select(r => r.From).Distinct().ToArray()) heard.KeepRoutes(to => to != leg);
        leg.KeepRoutes(_ => false);
        leg.StopReceiving();
        Interlocked.Increment(ref _closing);
    }

    // after this no thread uses what was unlinked before
    private Task Quiesce()
    {
        var quiescence = new Quiescence(_threads.Length);
        foreach (var thread in _threads) thread.Post(quiescence);
        return quiescence.Passed;
    }

    private MediaLegStatistics Free(MediaLeg leg)
    {
        leg.FreeHandles();
        _ports.Return(leg.Ports);
        Interlocked.Decrement(ref _closing);
        return leg.Statistics();
    }

    private async Task FreeAll(IReadOnlyCollection<MediaLeg> legs)
    {
        await Quiesce().ConfigureAwait(false);
        foreach (var leg in legs) Free(leg);
    }

    /// <summary>Each second: leases, silence, and news of the packet threads.</summary>
    private void Sweep()
    {
        var expired = new List<MediaLeg>();
        lock (_lock)
        {
            if (_isDisposed) return;
            foreach (var (_, leg) in _legs)
            {
                var renewed = Math.Max(leg.CreatedAt, leg.Owner.RenewedAt);
                if (_time.GetElapsedTime(renewed) >= _options.Lease)
                {
                    Log.LeaseExpired(_log, leg.Name, leg.Call, leg.Owner.Name);
                    leg.Owner.Add(leg, MediaEventKind.LeaseExpired, _time.GetUtcNow());
                    Unlink(leg);
                    expired.Add(leg);
                    continue;
                }

                if (Volatile.Read(ref leg.Rtp.Latches) is var latches && latches != leg.LatchesSeen)
                {
                    leg.LatchesSeen = latches;
                    leg.Owner.Add(leg, MediaEventKind.RemoteLatched, _time.GetUtcNow());
                }

                if (_options.SilentAfter > TimeSpan.Zero) ListenFor(leg);
            }

            foreach (var owner in _owners.Values.Where(o => o.Legs == 0 && _time.GetElapsedTime(o.HeardAt) >= ForgetOwnerAfter).ToArray()) _owners.Remove(owner.Name);
        }

        if (expired.Count > 0) _ = FreeAll(expired);
        var (malformed, strangers, unsent) = _metrics.Dropped();
        if (malformed + strangers + unsent is var dropped && dropped != _droppedSeen && _droppedLimit.TryPass(out _))
        {
            _droppedSeen = dropped;
            Log.Dropped(_log, malformed, strangers, unsent);
        }
    }

    private void ListenFor(MediaLeg leg)
    {
        var packets = Volatile.Read(ref leg.Rtp.Packets);
        if (packets != leg.PacketsSeen || !leg.IsExpectedToSend)
        {
            leg.PacketsSeen = packets;
            leg.SilentSince = _time.GetTimestamp();
            leg.IsSilenceTold = false;
        }
        else if (!leg.IsSilenceTold && _time.GetElapsedTime(leg.SilentSince) >= _options.SilentAfter)
        {
            leg.IsSilenceTold = true;
            Log.Silent(_log, leg.Name, leg.Call, _options.SilentAfter.TotalSeconds);
            leg.Owner.Add(leg, MediaEventKind.Silent, _time.GetUtcNow());
        }
    }

    // a call's legs on one thread: its packets stay in that core's cache
    private MediaThread ThreadOf(string call) => _threads[(uint)string.GetHashCode(call, StringComparison.Ordinal) % (uint)_threads.Length];

    private static void CheckName(string name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxNameLength) throw new ArgumentException($"A name has 1 to {MaxNameLength} characters.", nameof(name));
    }
}
