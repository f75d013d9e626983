using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Telephony.Sip;

/// <summary>Knows which sources are limited and banned, in a table of fixed size. Thread-safe; asking allocates nothing.</summary>
internal sealed class SourceGuard
{
    private static readonly string[] Names = Enum.GetNames<Offence>(); // in the order of their numbers, which are 0, 1, 2, ...

    private readonly DefenceOptions _options;
    private readonly Penalties _penalties;
    private readonly AddressRanges _allowed;
    private readonly FixedTable<Source> _sources;
    private readonly SipMetrics _metrics;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;

    public SourceGuard(DefenceOptions options, SipMetrics metrics, ILogger log, TimeProvider clock)
    {
        _options = options;
        _penalties = new(options);
        _allowed = AddressRanges.TryParse(options.Allow, out var allowed)
            ? allowed
            : throw new InvalidOperationException($"Telephony:Sip:Defence:Allow is '{options.Allow}'.");
        _sources = new(options.Sources);
        _metrics = metrics;
        _log = log;
        _clock = clock;
        metrics.Gauge("sip.sources.banned", () => Banned, "Sources that are banned.");
    }

    /// <summary>How many sources are banned now.</summary>
    public int Banned
    {
        get
        {
            var now = Now;
            var banned = 0;
            foreach (ref readonly var source in _sources.Entries)
            {
                if (source.BannedUntil > now) banned++;
            }

            return banned;
        }
    }

    private long Now => _clock.GetElapsedTime(0).Ticks;

    /// <summary>Counts a message; not to be looked at unless it passes.</summary>
    public Verdict OnMessage(ulong key)
    {
        if (!IsWatched(key)) return Verdict.Pass;

        Verdict verdict;
        bool isNew;
        var now = Now;
        lock (_sources.LockOf(key))
        {
            ref var source = ref _sources.Get(key);
            isNew = source.BannedUntil <= now;
            verdict = _penalties.OnMessage(ref source, now);
        }

        if (verdict == Verdict.Pass) return verdict;
        if (verdict == Verdict.Banned && isNew) Tell(key, Offence.Flood);
        _metrics.Drop(verdict == Verdict.Drop ? "flood" : "banned");
        return verdict;
    }

    /// <summary>Whether a source that wants to connect is banned.</summary>
    public bool IsBanned(ulong key)
    {
        if (!IsWatched(key)) return false;

        lock (_sources.LockOf(key))
        {
            ref var source = ref _sources.Find(key);
            if (Unsafe.IsNullRef(ref source) || source.BannedUntil <= Now) return false;
        }

        _metrics.Drop("banned connection");
        return true;
    }

    public void OnOffence(ulong key, Offence offence)
    {
        _metrics.Offences.Add(1, new KeyValuePair<string, object?>("offence", Names[(int)offence]));
        if (!IsWatched(key)) return;

        bool isNew;
        var now = Now;
        lock (_sources.LockOf(key))
        {
            ref var source = ref _sources.Get(key);
            isNew = source.BannedUntil <= now && _penalties.OnOffence(ref source, now) == Verdict.Banned;
        }

        if (isNew) Tell(key, offence);
    }

    private bool IsWatched(ulong key) => _options.Enabled && !_allowed.Contains(key);

    private void Tell(ulong key, Offence offence) => Log.Banned(_log, SourceKey.Text(key), _options.BanTime, offence);
}
