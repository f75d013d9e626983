using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using Telephony.Media.Audio;
using Telephony.Media.Codecs;
using Telephony.Media.Dtls;
using Telephony.Media.Recording;
using Telephony.Media.Relay;
using Telephony.Media.Sdp;
using Telephony.Media.Sounds;

namespace Telephony.Media;

/// <summary>
/// A media node in this process. Commands may come from any thread; they work under locks that no packet waits for. A leg's ports are free again when
/// <see cref="Release"/> ends.
/// </summary>
public sealed class MediaNode : IMediaNode, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1), LogEvery = TimeSpan.FromSeconds(10), MaxWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1.0 / MediaThread.TicksPerSecond);

    private readonly MediaOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<MediaNode> _log;
    private readonly LogLimit _noPortsLimit;
    private readonly IPAddress _address;
    private readonly ImmutableArray<AudioCodec> _codecs; // that we transcode to
    private readonly MediaPorts _ports;
    private readonly MediaThread[] _threads;
    private readonly LegTable _legs;
    private readonly AudioThread[] _audioThreads;
    private readonly AudioEvents _audioEvents;
    private readonly AudioCommands _audio;
    private readonly Topology _topology;
    private readonly Negotiation _negotiation;
    private readonly Handshakes? _handshakes; // null: libssl is not installed
    private readonly MediaMetrics _metrics;
    private readonly Sweep _sweep;
    private readonly Recorder _recorder;
    private readonly ITimer _sweepTimer, _tickTimer;
    private int _closing;
    private bool _isDisposed;

    /// <param name="options">Valid, as <see cref="MediaServiceCollectionExtensions.AddMedia"/> makes sure.</param>
    public MediaNode(MediaOptions options, TimeProvider time, ILogger<MediaNode> log, IMeterFactory? meters = null, IAudioFiles? files = null, IRecordingStore? recordings = null)
    {
        if (!PortRange.TryParse(options.PortRange, out var range)) throw new ArgumentException("The port range can't be read.", nameof(options));
        _options = options;
        _time = time;
        _log = log;
        _noPortsLimit = new LogLimit(time, LogEvery);
        _address = IPAddress.Parse(options.Address);
        _codecs = MediaCodecs.Parse(options.Codecs) ?? throw new ArgumentException("The codecs can't be read.", nameof(options));
        var bind = options.Bind.Length == 0 ? _address : IPAddress.Parse(options.Bind);
        _ports = new MediaPorts(bind, range);
        _threads = [.. Enumerable.Range(0, options.Threads).Select(i => new MediaThread(i, time, options.IoUring))];
        _legs = new LegTable(time);
        _audioThreads = [.. Enumerable.Range(0, options.AudioThreads).Select(i => new AudioThread(i, time))];
        _audioEvents = new AudioEvents();
        var engine = new AudioEngine(_audioThreads, _audioEvents, time);
        _topology = new Topology(_legs, [.. _threads, .. _audioThreads], engine);
        _audio = new AudioCommands(_legs, _topology, engine, new SoundLibrary(files, time, log), _audioEvents, time);
        _recorder = new Recorder(options.Recording, recordings, _audio, time, log, OnRecording);
        _negotiation = new Negotiation(_legs, _topology, log);
        if (DtlsContext.Shared is { } dtls) _handshakes = new Handshakes(dtls, time, OnTransport);
        _metrics = new MediaMetrics(meters, [.. _threads.Select(t => t.Traffic), .. _audioThreads.Select(t => t.Traffic)], _audioThreads, _ports, () => _legs.Count);
        _sweep = new Sweep(_legs, options, time, _metrics, log);
        _sweepTimer = time.CreateTimer(static node => ((MediaNode)node!).OnSweep(), this, SweepEvery, SweepEvery);
        _tickTimer = time.CreateTimer(static threads => Array.ForEach((MediaThread[])threads!, t => t.Tick()), _threads, TickEvery, TickEvery);
        Log.Started(log, options.Id, options.Address, bind.ToString(), options.PortRange, options.Threads);
        NativeLibraries.Report(log);
    }

    public string Id => _options.Id;

    /// <summary>See <see cref="MediaNodeState.Boot"/>.</summary>
    public string Boot { get; } = Guid.NewGuid().ToString("N");

    internal int FreePairs => _ports.Free;

    /// <summary>For tests: the leg, and <see cref="Topology"/> for what was done to it.</summary>
    internal MediaLeg Leg(string name) => _legs.TryFind(name, out var leg) ? leg : throw new KeyNotFoundException(name);

    internal Topology Topology => _topology;

    /// <summary>For recorders.</summary>
    internal IAudioTaps Taps => _audio;

    public ValueTask<MediaError> CreateLeg(string leg, MediaOwner owner, MediaProfile profile)
    {
        LegTable.CheckName(leg);
        LegTable.CheckName(owner.Name);
        lock (_legs.Lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_legs.TryFind(leg, out var existing)) return new(_legs.Adopt(existing, owner));
        }

        if (_ports.TryTake(out var error) is not { } ports)
        {
            if (_noPortsLimit.TryPass(out var held)) Log.NoPorts(_log, owner.Call, _ports.Total - _ports.Free, _ports.Total, error, held);
            return new(MediaError.NoPorts);
        }

        lock (_legs.Lock)
        {
            if (_isDisposed || _legs.TryFind(leg, out _)) // another caller was faster
            {
                _ports.Return(ports);
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return _legs.TryFind(leg, out var existing) ? new(_legs.Adopt(existing, owner)) : new(MediaError.UnknownLeg);
            }

            var ice = IceCredentials.New();
            var transport = new LocalTransport(_address, ports.Port, ports.Port + 1, ice.Ufrag, ice.Password, _handshakes?.Context.Fingerprint ?? "");
            var session = new LocalSession(SessionOrigin.Of(leg, _time), transport, profile, _codecs);
            _legs.Add(new MediaLeg(leg, owner, ports, session, ThreadOf(owner.Call), _time, _audioEvents) { Owner = _legs.OwnerOf(owner), Profile = profile, Handshakes = _handshakes });
            return new(MediaError.None);
        }
    }

    public ValueTask<MediaError> Adopt(string leg, MediaOwner owner)
    {
        LegTable.CheckName(owner.Name);
        lock (_legs.Lock) return new(_legs.TryFind(leg, out var existing) ? _legs.Adopt(existing, owner) : MediaError.UnknownLeg);
    }

    public ValueTask<MediaError> SetRemote(string leg, long epoch, ReadOnlyMemory<byte> sdp) => _negotiation.SetRemote(leg, epoch, sdp);

    public ValueTask<MediaError> SetOffer(string leg, long epoch, ReadOnlyMemory<byte> sdp) => _negotiation.SetOffer(leg, epoch, sdp);

    public ValueTask<MediaError> Rollback(string leg, long epoch) => new(_negotiation.Rollback(leg, epoch));

    public ValueTask<MediaDescription> CreateOffer(string leg, long epoch, string like) => _negotiation.CreateOffer(leg, epoch, like);

    public ValueTask<MediaDescription> CreateAnswer(string leg, long epoch, string like) => _negotiation.CreateAnswer(leg, epoch, like);

    public ValueTask<MediaError> Connect(long epoch, ImmutableArray<MediaPath> paths) => _topology.Connect(epoch, paths);

    public ValueTask<MediaError> Join(string leg, long epoch, string room, RoomPart part) => _audio.Join(leg, epoch, room, part);

    public ValueTask<MediaError> Leave(string leg, long epoch, string room) => _audio.Leave(leg, epoch, room);

    public ValueTask<MediaError> SetAudio(string leg, long epoch, LegAudio audio) => _audio.SetAudio(leg, epoch, audio);

    public ValueTask<MediaError> Play(string play, long epoch, MediaPlay what) => _audio.Play(play, epoch, what);

    public ValueTask<MediaError> StopPlay(string play, long epoch) => _audio.StopPlay(play, epoch);

    public ValueTask<MediaError> SendDtmf(string leg, long epoch, string command, string digits, TimeSpan length) => _audio.SendDtmf(leg, epoch, command, digits, length);

    public ValueTask<MediaError> Record(string recording, MediaOwner owner, RecordingRequest request)
    {
        LegTable.CheckName(recording);
        LegTable.CheckName(owner.Name);
        return _recorder.Record(recording, owner, request);
    }

    public ValueTask<MediaError> PauseRecording(string recording, long epoch) => _recorder.Pause(recording, epoch);

    public ValueTask<MediaError> ResumeRecording(string recording, long epoch) => _recorder.Resume(recording, epoch);

    public ValueTask<MediaError> StopRecording(string recording, long epoch) => _recorder.Stop(recording, epoch);

    public async ValueTask<MediaLegStatistics?> Release(string leg, long epoch)
    {
        MediaLeg? found;
        lock (_legs.Lock)
        {
            if (!_legs.TryFind(leg, out found)) return null;
            lock (found.Lock)
            {
                if (!found.TryEnter(epoch)) return null;
            }

            Unlink(found);
        }

        await _topology.Quiesce().ConfigureAwait(false);
        await _recorder.LegGone(leg, other => _legs.TryFind(other, out _)).ConfigureAwait(false);
        return Free(found);
    }

    public ValueTask Renew(string owner, long epoch)
    {
        lock (_legs.Lock)
        {
            if (_legs.FindOwner(owner) is not { } record || epoch < record.Epoch) return default;
            record.Heard(epoch, _time.GetTimestamp());
            record.RenewedAt = record.HeardAt;
        }

        return default;
    }

    public async ValueTask<ImmutableArray<MediaEvent>> ReadEvents(string owner, long from, int limit, TimeSpan wait)
    {
        LegTable.CheckName(owner);
        var began = _time.GetTimestamp();
        while (true)
        {
            Task next;
            TimeSpan left;
            lock (_legs.Lock)
            {
                var record = _legs.OwnerOf(owner);
                var events = record.Read(from, Math.Clamp(limit, 1, OwnerRecord.MaxEvents));
                left = (wait < MaxWait ? wait : MaxWait) - _time.GetElapsedTime(began);
                if (!events.IsEmpty || left <= TimeSpan.Zero || _isDisposed) return events;
                next = record.Next;
            }

            await next.WaitAsync(left, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask<MediaNodeState> GetState()
    {
        var (received, sent, dropped) = _metrics.Packets();
        return new(new MediaNodeState(Boot, _legs.Count, _ports.Free, _ports.Total, received, sent, dropped));
    }

    public async ValueTask DisposeAsync()
    {
        MediaLeg[] legs;
        lock (_legs.Lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            legs = [.. _legs.Legs];
            foreach (var leg in legs) Unlink(leg);
            _legs.Wake();
        }

        await _recorder.DisposeAsync().ConfigureAwait(false);
        await _sweepTimer.DisposeAsync().ConfigureAwait(false);
        await _tickTimer.DisposeAsync().ConfigureAwait(false);
        await FreeAll(legs).ConfigureAwait(false);
        SpinWait wait = default;
        while (Volatile.Read(ref _closing) > 0) wait.SpinOnce(); // releases of others, on their last steps
        _handshakes?.Dispose();
        foreach (var thread in _threads) thread.Stop();
        foreach (var thread in _audioThreads) thread.Stop();
        _audioEvents.Complete();
        _metrics.Dispose();
    }

    /// <summary>As <see cref="DisposeAsync"/>, for containers that can't wait.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void OnRecording(SpoolState recording, MediaEvent told)
    {
        lock (_legs.Lock)
        {
            _legs.OwnerOf(recording.Owner).Add(told);
            _legs.Wake();
        }
    }

    // under the lock: nobody finds it any more, and no packet is sent to it once the threads have passed by
    private void Unlink(MediaLeg leg)
    {
        _legs.Remove(leg);
        _audio.Remove(leg);
        _topology.Disconnect(leg);
        leg.StopReceiving();
        Interlocked.Increment(ref _closing);
    }

    private MediaLegStatistics Free(MediaLeg leg)
    {
        leg.FreeHandles();
        _ports.Return(leg.Ports);
        Interlocked.Decrement(ref _closing);
        return leg.Statistics() with { Quality = leg.Quality.Log.Take(_time.GetUtcNow()) };
    }

    private async Task FreeAll(IReadOnlyCollection<MediaLeg> legs)
    {
        await _topology.Quiesce().ConfigureAwait(false);
        foreach (var leg in legs) await _recorder.LegGone(leg.Name, other => _legs.TryFind(other, out _)).ConfigureAwait(false);
        foreach (var leg in legs) Free(leg);
    }

    private void OnSweep()
    {
        List<MediaLeg> expired;
        lock (_legs.Lock)
        {
            if (_isDisposed) return;
            expired = _sweep.Run();
            foreach (var leg in expired) Unlink(leg);
            _topology.DecodeOutgrown();
            _audio.Settle();
        }

        if (expired.Count > 0) _ = FreeAll(expired);
    }

    private void OnTransport(string leg, MediaEventKind kind, string? why)
    {
        lock (_legs.Lock)
        {
            if (_legs.TryFind(leg, out var found)) found.Tell(kind, why, _time.GetUtcNow(), _log);
        }
    }

    // a call's legs on one thread: its packets stay in that core's cache
    private MediaThread ThreadOf(string call) => _threads[(uint)string.GetHashCode(call, StringComparison.Ordinal) % (uint)_threads.Length];
}
