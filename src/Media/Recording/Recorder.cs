using Microsoft.Extensions.Logging;
using Telephony.Media.Audio;

namespace Telephony.Media.Recording;

/// <summary>
/// Records legs to WAV files of 16 bits: from the audio thread over a ring (<see cref="RecordingTap"/>) to a spool on disk every 200 ms, and from there to the store as soon as a second has come together. Every
/// recording goes that one way, whether the store is there, slow, away, or comes back after a crash (docs/decisions: a recording is an append blob). Commands may come from any thread and may be repeated.
/// </summary>
internal sealed class Recorder : IAsyncDisposable
{
    private const int MaxRecordings = 10_000, MaxParties = 200, StoredAtOnce = 16, MaxParts = 1000;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RecordingJob> _jobs = new(StringComparer.Ordinal); // running
    private readonly List<RecordingJob> _stored = []; // stopped, or an earlier process's: on their way to the store
    private readonly SemaphoreSlim _places = new(StoredAtOnce);
    private readonly CancellationTokenSource _stopping = new();
    private readonly RecordingOptions _options;
    private readonly IRecordingStore? _store;
    private readonly IAudioTaps _taps;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Action<SpoolState, MediaEvent> _tell;
    private readonly ITimer _timer;
    private readonly FileStream? _folder;
    private int _shipping, _turns;

    /// <param name="options">Its folder is set.</param>
    /// <param name="store">Null: nothing can be recorded.</param>
    /// <param name="tell">Hears of each recording's start, end and failure; the event has no number yet.</param>
    public Recorder(RecordingOptions options, IRecordingStore? store, IAudioTaps taps, TimeProvider time, ILogger log, Action<SpoolState, MediaEvent> tell)
    {
        (_options, _store, _taps, _time, _log, _tell) = (options, store, taps, time, log, tell);
        if (store is not null)
        {
            _folder = SpoolLock.Take(options.Folder);
            Recover();
        }

        _timer = time.CreateTimer(static recorder => ((Recorder)recorder!).Turn(), this, Every, Every);
    }

    /// <summary>Something is on its way to the store.</summary>
    internal bool IsShipping => Volatile.Read(ref _shipping) > 0;

    /// <summary>Starts a recording, or changes the parties of one that runs.</summary>
    public async ValueTask<MediaError> Record(string recording, MediaOwner owner, RecordingRequest request)
    {
        if (_store is null || request.Parties.IsDefaultOrEmpty || request.Parties.Length > MaxParties || request.SampleRate is not (8000 or 16_000) || request.Path.Length is 0 or > 1000) return MediaError.CanNotRecord;
        RecordingJob? job;
        var isNew = false;
        lock (_lock)
        {
            if (_jobs.TryGetValue(recording, out job))
            {
                if (owner.Epoch < job.Epoch) return MediaError.StaleEpoch;
            }
            else
            {
                if (_jobs.Count >= MaxRecordings) return MediaError.CanNotRecord;
                job = Make(recording, owner, request);
                if (job is null) return MediaError.CanNotRecord;
                _jobs[recording] = job;
                isNew = true;
            }

            job.Epoch = owner.Epoch;
        }

        if (!isNew)
        {
            if (job.Request!.Parties.SequenceEqual(request.Parties)) return MediaError.None;
            await _taps.Untap(recording).ConfigureAwait(false);
            job.Tap!.Change(Sides(request));
        }

        job.Request = request with { Layout = job.State.Channels == 2 ? RecordingLayout.Stereo : RecordingLayout.Mixed };
        var error = await _taps.Tap(recording, [.. request.Parties.Select(p => p.Leg)], job.Tap!).ConfigureAwait(false);
        if (error != MediaError.None)
        {
            lock (_lock) _jobs.Remove(recording);
            if (isNew) job.Delete();
            else End(job);
        }
        else if (isNew)
        {
            Tell(job, MediaEventKind.RecordingStarted);
        }

        return error;
    }

    public ValueTask<MediaError> Pause(string recording, long epoch) => new(With(recording, epoch, job =>
    {
        try
        {
            job.Pause();
        }
        catch (IOException e)
        {
            Fail(job, e.Message);
        }
    }));

    public ValueTask<MediaError> Resume(string recording, long epoch) => new(With(recording, epoch, job => job.Resume()));

    /// <summary>Ends a recording; what is left of it is stored, which is told by an event.</summary>
    public async ValueTask<MediaError> Stop(string recording, long epoch)
    {
        RecordingJob? found = null;
        var error = With(recording, epoch, job => found = job);
        if (found is null) return error;
        await _taps.Untap(recording).ConfigureAwait(false);
        End(found);
        return MediaError.None;
    }

    /// <summary>A leg is gone; a recording of which all are ends.</summary>
    /// <param name="isThere">Whether a leg still is.</param>
    public async Task LegGone(string leg, Func<string, bool> isThere)
    {
        RecordingJob[] over;
        lock (_lock) over = [.. _jobs.Values.Where(job => job.Request is { } request && request.Parties.Any(p => p.Leg == leg) && !request.Parties.Any(p => isThere(p.Leg)))];
        foreach (var job in over) await Stop(job.Id, long.MaxValue).ConfigureAwait(false);
    }

    /// <summary>Stops; what is not stored yet is on disk, and stored at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        SpinWait wait = default;
        while (Volatile.Read(ref _turns) > 0) wait.SpinOnce();
        RecordingJob[] running;
        lock (_lock) running = [.. _jobs.Values];
        foreach (var job in running) await _taps.Untap(job.Id).ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        while (Volatile.Read(ref _shipping) > 0) wait.SpinOnce();
        foreach (var job in running) job.Stop();
        foreach (var job in running.Concat(_stored)) job.Dispose();
        _stopping.Dispose();
        _places.Dispose();
        if (_folder is not null) await _folder.DisposeAsync().ConfigureAwait(false);
    }

    // every 200 ms, one at a time
    private void Turn()
    {
        if (Interlocked.Increment(ref _turns) == 1)
        {
            RecordingJob[] running, all;
            lock (_lock)
            {
                running = [.. _jobs.Values];
                all = [.. running, .. _stored];
            }

            var kept = all.Sum(job => job.Kept);
            foreach (var job in running) Move(job, kept);
            foreach (var job in all) Ship(job);
        }

        Interlocked.Decrement(ref _turns);
    }

    private void Move(RecordingJob job, long kept)
    {
        try
        {
            job.Move();
            if (kept > _options.MaxBytes) Fail(job, $"the store is away, and {kept} bytes wait on disk, more than Telephony:Media:Recording:MaxBytes");
            else if (job.Duration >= RecordingJob.MaxLength) _ = Stop(job.Id, long.MaxValue).AsTask();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(job, e.Message);
        }
    }

    private void Fail(RecordingJob job, string reason)
    {
        job.Stop(hasFailed: true);
        lock (_lock)
        {
            if (!_jobs.Remove(job.Id)) return;
            _stored.Add(job);
        }

        RecordingLog.Failed(_log, job.Id, job.State.Call, reason);
        Tell(job, MediaEventKind.RecordingFailed);
        _ = _taps.Untap(job.Id).AsTask();
    }

    private void End(RecordingJob job)
    {
        job.Stop();
        lock (_lock)
        {
            _jobs.Remove(job.Id);
            if (!_stored.Contains(job)) _stored.Add(job);
        }

        if (job.HasFailed) Tell(job, MediaEventKind.RecordingFailed);
    }

    private void Ship(RecordingJob job)
    {
        if (job.IsDone)
        {
            lock (_lock)
            {
                if (job.IsShipping || !_stored.Remove(job)) return;
            }

            if (!job.HasFailed) Tell(job, MediaEventKind.RecordingStored);
            try
            {
                job.Delete();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                RecordingLog.Failed(_log, job.Id, job.State.Call, "it is stored, but its folder can't be deleted: " + e.Message);
            }
        }
        else if (job.Due() is { } piece && _places.Wait(0))
        {
            job.IsShipping = true;
            Interlocked.Increment(ref _shipping);
            _ = Task.Run(() => Ship(job, piece));
        }
    }

    private async Task Ship(RecordingJob job, Spool.Piece piece)
    {
        try
        {
            for (Spool.Piece? next = piece; next is not null; next = job.IsStopped ? job.DueNext() : null)
            {
                var bytes = await File.ReadAllBytesAsync(next.File, _stopping.Token).ConfigureAwait(false);
                if (next.Position == 0) await Create(job).ConfigureAwait(false);
                await Append(job.State.Path, next, bytes.AsMemory(0, next.Length)).ConfigureAwait(false);
                job.Stored();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            job.NotStored();
            RecordingLog.StoreAway(_log, job.Id, job.State.Call, e.Message);
        }
        catch (OperationCanceledException)
        {
            // it is on disk
        }
        finally
        {
            job.IsShipping = false;
            _places.Release();
            Interlocked.Decrement(ref _shipping);
        }
    }

    // nothing that is stored is ever written over: where the path is another recording's, such as that of the same call on a node that was lost, it is part 2 of it, and so on
    private async Task Create(RecordingJob job)
    {
        for (var part = job.Part; part <= MaxParts; part++)
        {
            job.BePart(part);
            if (await _store!.CreateAsync(job.State.Path, job.Writer, _stopping.Token).ConfigureAwait(false)) return;
        }

        throw new IOException($"there are {MaxParts} recordings of that path");
    }

    // what an attempt, or a process, before this one has stored already is not stored again
    private async Task Append(string path, Spool.Piece piece, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _store!.AppendAsync(path, piece.Position, bytes, _stopping.Token).ConfigureAwait(false);
        }
        catch (IOException)
        {
            var stored = await _store!.GetLengthAsync(path, _stopping.Token).ConfigureAwait(false);
            if (stored <= piece.Position || stored > piece.Position + bytes.Length) throw;
            if (stored < piece.Position + bytes.Length) await _store.AppendAsync(path, stored, bytes[(int)(stored - piece.Position)..], _stopping.Token).ConfigureAwait(false);
        }
    }

    private RecordingJob? Make(string recording, MediaOwner owner, RecordingRequest request)
    {
        var channels = request.Layout == RecordingLayout.Stereo ? 2 : 1;
        var state = new SpoolState(recording, owner.Name, owner.Call, request.Parties[0].Leg, request.Path, request.SampleRate, channels);
        try
        {
            var job = new RecordingJob(Spool.Make(_options.Folder, state), new RecordingTap(request.SampleRate, channels, Sides(request)), _time);
            job.Begin();
            return job;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RecordingLog.Failed(_log, recording, owner.Call, e.Message);
            return null;
        }
    }

    private void Recover()
    {
        foreach (var folder in Directory.GetDirectories(_options.Folder))
        {
            if (Spool.Find(folder) is not { } spool)
            {
                RecordingLog.Unreadable(_log, folder);
                continue;
            }

            RecordingLog.Recovered(_log, spool.State.Recording, spool.State.Call, spool.Kept);
            var job = new RecordingJob(spool, tap: null, _time);
            job.Stop();
            _stored.Add(job);
        }
    }

    private MediaError With(string recording, long epoch, Action<RecordingJob> act)
    {
        RecordingJob? job;
        lock (_lock)
        {
            if (!_jobs.TryGetValue(recording, out job)) return MediaError.UnknownRecording;
            if (epoch < job.Epoch) return MediaError.StaleEpoch;
            if (epoch != long.MaxValue) job.Epoch = epoch;
        }

        act(job);
        return MediaError.None;
    }

    private void Tell(RecordingJob job, MediaEventKind kind) => _tell(
        job.State,
        new MediaEvent(0, job.State.Leg, job.State.Call, kind, _time.GetUtcNow()) { Subject = job.Id, Duration = job.Duration, Path = job.State.Path, Bytes = job.Length });

    private static RecordingSide[] Sides(RecordingRequest request) => [.. request.Parties.Select(p => p.Side)];
}
