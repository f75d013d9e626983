namespace Telephony.Sip;

/// <summary>What becomes of a message.</summary>
internal enum Verdict { Pass, Drop, Banned }

/// <summary>What is known of one source. All but its key are times, in ticks; when they are past, it is as if it had never been heard of.</summary>
internal struct Source : IRemembered
{
    public ulong Key { get; set; }

    /// <summary>When its messages will have been worked off at the rate it is allowed.</summary>
    public long Messages;

    /// <summary>When its offences will be forgiven.</summary>
    public long Offences;

    public long BannedUntil;

    public readonly long WorthUntil => Math.Max(BannedUntil, Math.Max(Messages, Offences));
}

/// <summary>
/// The rules, as pure functions. Each limit is a token bucket kept as the time at which it will be full again (virtual scheduling, ITU-T I.371 annex A): taking
/// a token moves that time on, and how far it lies ahead is how many tokens are missing.
/// </summary>
internal sealed class Penalties(DefenceOptions options)
{
    private readonly long _perMessage = TimeSpan.TicksPerSecond / options.MessagesPerSecond;
    private readonly long _perOffence = options.OffenceTime.Ticks;
    private readonly long _banTime = options.BanTime.Ticks;

    /// <summary>A message came: within the burst it passes, for as many more it is dropped, then the source is banned.</summary>
    public Verdict OnMessage(ref Source source, long now)
    {
        if (source.BannedUntil > now) return Verdict.Banned;

        var missing = Take(ref source.Messages, now, _perMessage);
        if (missing <= _perMessage * options.Burst) return Verdict.Pass;
        return missing <= 2 * _perMessage * options.Burst ? Verdict.Drop : Ban(ref source, now);
    }

    /// <summary>An offence: so many are forgiven, then the source is banned.</summary>
    public Verdict OnOffence(ref Source source, long now)
    {
        if (source.BannedUntil > now) return Verdict.Banned;
        return Take(ref source.Offences, now, _perOffence) <= _perOffence * options.Offences ? Verdict.Pass : Ban(ref source, now);
    }

    /// <summary>Takes a token.</summary>
    /// <param name="fullAt">When the bucket is full again.</param>
    /// <param name="time">How long a token takes to come back.</param>
    /// <returns>How long all that are missing take.</returns>
    public static long Take(ref long fullAt, long now, long time) => (fullAt = Math.Max(fullAt, now) + time) - now;

    private Verdict Ban(ref Source source, long now)
    {
        source.BannedUntil = now + _banTime;
        source.Messages = source.Offences = 0; // the ban makes up for them
        return Verdict.Banned;
    }
}
