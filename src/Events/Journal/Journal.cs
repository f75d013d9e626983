using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace Telephony.Events;

/// <summary>
/// The journal in a folder of its own, of one process at a time. Whoever appends writes: while one thread is writing, the records of others gather and go out
/// together in the next write. What is not whole at the end is cut off at start, as a crash leaves it; a record that is damaged further in is left out with an
/// error in the log, and everything around it is kept. A position is never used twice, even when a power cut took the end: each start leaves a gap.
/// </summary>
internal sealed class Journal : IJournal, IAsyncDisposable
{
    private const int MaxGathered = 64 << 20; // in memory, while the disk stalls
    private const long Gap = 1L << 32;

    private readonly JournalOptions _options;
    private readonly EventTypes _types;
    private readonly StateStore _stored;
    private readonly TimeProvider _time;
    private readonly ILogger<Journal> _log;
    private readonly FileStream _lock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _syncing;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously); // closed, and everything is written

    private readonly Lock _gate = new();
    private readonly List<Segment> _segments = []; // oldest first; the last is written to
    private readonly List<SafeFileHandle> _closedFiles = []; // not synced yet
    private SafeFileHandle _file;
    private Group _gathering = new();
    private Group _spare = new();
    private string? _writeTrouble;
    private string? _syncTrouble;
    private long _bytes;
    private bool _writing;
    private bool _closed;

    /// <exception cref="IOException">Another process has the folder, or it cannot be written.</exception>
    public Journal(IOptions<JournalOptions> options, EventTypes types, StateStore stored, TimeProvider time, ILogger<Journal> log)
    {
        (_options, _types, _stored, _time, _log) = (options.Value, types, stored, time, log);
        Directory.CreateDirectory(_options.Folder);
        _lock = new FileStream(Path.Combine(_options.Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            _segments.AddRange(JournalRecovery.Run(_options.Folder, States, log));
            Id = _segments is [.., var last] ? last.Journal : Guid.CreateVersion7(time.GetUtcNow());
            Begin = _segments is [.., { End: var end }] ? end + Gap : 0;
            _bytes = _segments.Sum(s => s.End - s.Start);
            _file = Roll(Begin);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }

        _syncing = SyncLoop();
    }

    public Guid Id { get; }

    /// <summary>The position at which this process began to write.</summary>
    public long Begin { get; }

    public StateTable States { get; } = new();

    /// <summary>Set after every write.</summary>
    public Signal Appended { get; } = new();

    /// <summary>Why it cannot be relied on, or null.</summary>
    public string? Trouble => _writeTrouble ?? _syncTrouble;

    /// <summary>Kept on disk, headers included.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Where the next record will begin, or after it.</summary>
    public long End
    {
        get
        {
            lock (_gate) return _segments[^1].End;
        }
    }

    public ValueTask Append(JournalEntry entry)
    {
        var record = JournalRecord.Encode(entry, _types, _time);
        Group group;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_bytes + _gathering.Length + record.Length > _options.MaxBytes || _gathering.Length + record.Length > MaxGathered)
            {
                EventsMetrics.Refused.Add(1);
                throw new JournalFullException($"The journal holds {_bytes} bytes that PostgreSQL has not taken yet; {_options.MaxBytes} are the most.");
            }

            group = _gathering;
            group.Add(record, entry.States);
            if (_writing) return new(group.Completion);

            _writing = true;
            (_gathering, _spare) = (_spare, _gathering);
        }

        return Write(group) is { } failure ? ValueTask.FromException(failure) : default;
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReadState(StateKey key)
    {
        if (States.TryGet(key, out var data)) return data;

        await _stored.Load(States, key.Kind);
        States.TryGet(key, out data);
        return data;
    }

    public async IAsyncEnumerable<StateRecord> ReadStates(string kind, string? tenant = null)
    {
        if (!States.IsLoaded(kind)) await _stored.Load(States, kind);
        foreach (var state in States.List(kind, tenant)) yield return state;
    }

    /// <summary>The segment that holds the position, or the first after it; and where its records end by now.</summary>
    public (Segment Segment, long End, bool IsLast) SegmentAt(long position)
    {
        lock (_gate)
        {
            var segment = _segments.Find(s => s.End > position) ?? _segments[^1];
            return (segment, segment.End, segment == _segments[^1]);
        }
    }

    /// <summary>Deletes segments that end at or before the position. The one that is written to stays.</summary>
    public void DeleteUpTo(long position)
    {
        ImmutableArray<Segment> done;
        lock (_gate)
        {
            done = [.. _segments.SkipLast(1).TakeWhile(s => s.End <= position)];
            _segments.RemoveRange(0, done.Length);
            _bytes -= done.Sum(s => s.End - s.Start);
        }

        foreach (var segment in done) File.Delete(segment.Path);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed) return;

            _closed = true;
            if (!_writing) _idle.SetResult();
        }

        await _idle.Task;
        await _stopping.CancelAsync();
        await _syncing;
        Sync();
        _file.Dispose();
        await _lock.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>Writes one group, then leaves the next, if there is one, to another thread.</summary>
    private Exception? Write(Group group)
    {
        Exception? failure = null;
        Segment segment;
        lock (_gate) segment = _segments[^1];
        try
        {
            if (segment.End > segment.FirstRecord && segment.End - segment.Start + group.Length > _options.SegmentBytes)
            {
                var file = Roll(segment.End);
                lock (_gate)
                {
                    _closedFiles.Add(_file);
                    (_file, segment) = (file, _segments[^1]);
                }
            }

            group.Stamp(segment.End);
            RandomAccess.Write(_file, group.Bytes, segment.End - segment.Start);
            foreach (var state in group.States) States.Put(state);
            _writeTrouble = null;
        }
#pragma warning disable CA1031 // whatever it is, those who wait must hear of it, and the next may write
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
            _writeTrouble = e.Message;
            Failed(e);
            CutOff(segment);
        }

        TaskCompletionSource? waiting;
        Group? next = null;
        lock (_gate)
        {
            if (failure is null)
            {
                segment.End += group.Length;
                _bytes += group.Length;
            }

            waiting = group.Reset();
            _writing = _gathering.Length > 0;
            if (_writing) (next, _gathering, _spare) = (_gathering, group, _gathering);
            else if (_closed) _idle.SetResult();
        }

        Appended.Set();
        if (next is not null) ThreadPool.UnsafeQueueUserWorkItem(static w => w.Journal.Write(w.Group), (Journal: this, Group: next), preferLocal: false);
        if (failure is null) waiting?.SetResult();
        else waiting?.SetException(failure);
        return failure;
    }

    /// <summary>Begins a new segment; the file is that to write to.</summary>
    private SafeFileHandle Roll(long start)
    {
        var segment = Segment.Create(_options.Folder, Id, start);
        var file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        lock (_gate)
        {
            _segments.Add(segment);
            _bytes += Segment.HeaderSize;
        }

        return file;
    }

    /// <summary>Leaves nothing of a failed write behind that could be read as a record later.</summary>
    private void CutOff(Segment segment)
    {
        try
        {
            RandomAccess.SetLength(_file, segment.End - segment.Start);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Log.WriteFailed(_log, e);
        }
    }

    private async Task SyncLoop()
    {
        try
        {
            for (var seen = 0L; ; seen = Appended.Count)
            {
                await Appended.After(seen).WaitAsync(_stopping.Token);
                await Task.Delay(_options.SyncInterval, _time, _stopping.Token);
                Sync();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Sync()
    {
        SafeFileHandle file;
        SafeFileHandle[] closed;
        lock (_gate)
        {
            file = _file;
            closed = [.. _closedFiles];
            _closedFiles.Clear();
        }

        try
        {
            foreach (var old in closed) RandomAccess.FlushToDisk(old);
            RandomAccess.FlushToDisk(file);
            _syncTrouble = null;
        }
        catch (IOException e)
        {
            _syncTrouble = e.Message;
            Failed(e);
        }

        foreach (var old in closed) old.Dispose();
    }

    private void Failed(Exception e)
    {
        EventsMetrics.WriteFailures.Add(1);
        Log.WriteFailed(_log, e);
    }

    /// <summary>Records that go out in one write.</summary>
    private sealed class Group
    {
        private byte[] _bytes = new byte[64 << 10];
        private TaskCompletionSource? _completion;

        public int Length { get; private set; }
        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);
        public List<StateRecord> States { get; } = [];

        /// <summary>For all who do not write themselves.</summary>
        public Task Completion => (_completion ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void Add(ReadOnlySpan<byte> record, ImmutableArray<StateRecord> states)
        {
            if (_bytes.Length - Length < record.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + record.Length));
            record.CopyTo(_bytes.AsSpan(Length));
            Length += record.Length;
            if (!states.IsDefaultOrEmpty) States.AddRange(states);
        }

        public void Stamp(long position)
        {
            for (var at = 0; at < Length;) at += JournalRecord.Stamp(_bytes.AsSpan(at), position + at);
        }

        /// <summary>Empties it for the next records; the waiting ones are the caller's.</summary>
        public TaskCompletionSource? Reset()
        {
            if (_bytes.Length > 1 << 20) _bytes = new byte[64 << 10];
            States.Clear();
            Length = 0;
            var completion = _completion;
            _completion = null;
            return completion;
        }
    }
}
