using System.Runtime.InteropServices;
using Telephony.Media.Sounds;

namespace Telephony.Media.Recording;

/// <summary>One recording on its way from the tap to the spool, and from there to the store. Its lock is held for moments, never over the store's work.</summary>
internal sealed class RecordingJob(Spool spool, RecordingTap? tap, TimeProvider time) : IDisposable
{
    /// <summary>A 16-bit stereo file at 16 kHz stays below 4 GiB, and an append blob below its 50,000 blocks.</summary>
    public static readonly TimeSpan MaxLength = TimeSpan.FromHours(12);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private long _retryAt;
    private TimeSpan _wait = FirstWait;

    public string Id => spool.State.Recording;

    public SpoolState State => spool.State;

    /// <summary>Known to nobody else, and the same after a crash.</summary>
    public string Writer => spool.Name;

    /// <summary>Which recording of its path it is: 1, 2 ..</summary>
    public int Part => State.Part;

    public long Epoch { get; set; }

    public RecordingRequest? Request { get; set; }

    public RecordingTap? Tap => tap;

    /// <summary>Whether it has told of its failure; what was recorded until then is stored all the same.</summary>
    public bool HasFailed { get; private set; }

    public bool IsStopped { get; private set; }

    /// <summary>The store's part is under way.</summary>
    public bool IsShipping { get; set; }

    public long Length => Locked(() => spool.Length);

    public long Kept => Locked(() => spool.Kept);

    public TimeSpan Duration => TimeSpan.FromSeconds(Math.Max(0, Length - WavHeader.Length) / (double)BytesPerSecond);

    public bool IsDone => Locked(() => IsStopped && spool.Kept == 0);

    private int BytesPerSecond => State.SampleRate * State.Channels * sizeof(short);

    public void Begin() => Append(WavHeader.Make(State.SampleRate, State.Channels, null));

    /// <summary>Moves what the tap has to the disk, and makes it ready for the store once that is idle and a second has come together.</summary>
    /// <exception cref="IOException">The disk.</exception>
    public void Move()
    {
        lock (_lock)
        {
            if (IsStopped || tap is null) return;
            for (int count; (count = tap.Read(_buffer)) > 0;) spool.Append(_buffer.AsSpan(0, count));
            if (spool.Oldest is null && spool.Kept >= BytesPerSecond) spool.Close();
        }
    }

    /// <summary>Nothing that is said from now on is recorded. A soft tone of 0.2 s between two short silences marks the place.</summary>
    public void Pause()
    {
        lock (_lock)
        {
            if (IsStopped || tap is null || tap.IsPaused) return;
            tap.IsPaused = true;
            Move();
            spool.Append(Mark());
        }
    }

    public void Resume()
    {
        if (tap is not null) tap.IsPaused = false;
    }

    /// <summary>Ends it with what has come, or with what is on the disk when that has failed.</summary>
    public void Stop(bool hasFailed = false)
    {
        lock (_lock)
        {
            if (IsStopped) return;
            try
            {
                if (!hasFailed) Move();
            }
            catch (IOException)
            {
                hasFailed = true;
            }

            IsStopped = true;
            HasFailed = hasFailed;
            spool.Close();
        }
    }

    /// <summary>The piece that the store should take now, if any.</summary>
    public Spool.Piece? Due()
    {
        lock (_lock) return !IsShipping && time.GetTimestamp() >= _retryAt ? spool.Oldest : null;
    }

    /// <summary>The next one, for who has just stored one.</summary>
    public Spool.Piece? DueNext()
    {
        lock (_lock) return spool.Oldest;
    }

    public void Stored()
    {
        lock (_lock)
        {
            spool.Forget();
            _wait = FirstWait;
        }
    }

    /// <summary>It is tried again, after a wait that doubles from 1 s to 30 s.</summary>
    public void NotStored()
    {
        lock (_lock)
        {
            _retryAt = time.GetTimestamp() + (long)(_wait.TotalSeconds * time.TimestampFrequency);
            _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
        }
    }

    /// <exception cref="IOException">The disk.</exception>
    public void BePart(int part)
    {
        lock (_lock) spool.BePart(part);
    }

    public void Delete()
    {
        lock (_lock) spool.Delete();
    }

    public void Dispose()
    {
        lock (_lock) spool.Dispose();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_lock) spool.Append(bytes);
    }

    private byte[] Mark()
    {
        Tones.TryFind("paused", out var cadence);
        var tone = ToneSynthesis.Make(cadence).Samples.Span; // at 8 kHz
        var copies = State.SampleRate / 8000 * State.Channels;
        var samples = new short[tone.Length * copies];
        for (var i = 0; i < samples.Length; i++) samples[i] = tone[i / copies];
        return MemoryMarshal.AsBytes<short>(samples).ToArray();
    }

    private T Locked<T>(Func<T> get)
    {
        lock (_lock) return get();
    }
}
