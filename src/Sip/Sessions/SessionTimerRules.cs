namespace Telephony.Sip;

/// <summary>
/// Negotiates session timers (RFC 4028): as the side that is asked (§9), and as the side that asks (§7). A B2BUA has one timer for each of its dialogs, and they know
/// nothing of each other (§11).
/// <code>
/// The refresher that a 2xx names (§9, table 2)
///     asking side supports it   asks for   gets
///     no                        -          uas, and we refresh
///     yes                       -          uas (ours to choose)
///     yes                       uac        uac, with Require: timer
///     yes                       uas        uas, with Require: timer
/// </code>
/// </summary>
/// <param name="Interval">What we ask for, and the longest that we accept.</param>
/// <param name="Minimum">The shortest that we accept; at least 90 s (§4).</param>
public sealed record SessionTimerRules(TimeSpan Interval, TimeSpan Minimum)
{
    private const string Option = "timer";
    private static readonly TimeSpan Floor = TimeSpan.FromSeconds(90);

    private TimeSpan Least => Max(Minimum, Floor);

    /// <summary>Whether a session refresh request asks for too short an interval: answer 422 with <see cref="MinSe"/> (§9). Who does not know 422 is not refused.</summary>
    public bool IsTooShort(SipRequest request) => request.HasOption("Supported", Option) && request.Header<SessionExpires>() is { } asked && asked.Interval < Least;

    /// <summary>The Min-SE of a 422 and of our requests.</summary>
    public MinSe MinSe => new(Least);

    /// <summary>What our 2xx to a session refresh request says, and the timer that it starts.</summary>
    /// <param name="requires">Whether it has <c>Require: timer</c> too.</param>
    public SessionTimer Accept(SipRequest request, DateTimeOffset now, out SessionExpires expires, out bool requires)
    {
        requires = request.HasOption("Supported", Option);
        var asked = request.Header<SessionExpires>();
        var longest = asked?.Interval ?? TimeSpan.MaxValue; // it may be made shorter, but not below the request's Min-SE, and never longer
        var interval = Max(Min(longest, Interval), Min(longest, request.Header<MinSe>()?.Interval ?? TimeSpan.Zero));
        interval = Max(interval, Floor); // for those who may not be told 422
        expires = new(interval, requires && asked?.Refresher == SessionRefresher.Uac ? SessionRefresher.Uac : SessionRefresher.Uas);
        return new(interval, expires.Refresher == SessionRefresher.Uas, now);
    }

    /// <summary>What our session refresh request says; we offer to refresh, unless the peer does it already.</summary>
    /// <param name="current">The dialog's timer; null in the INVITE that begins it.</param>
    /// <param name="minimum">The highest Min-SE that a 422 named.</param>
    public SessionExpires Ask(SessionTimer? current = null, TimeSpan minimum = default)
    {
        return new(Max(Max(current?.Interval ?? Interval, Least), minimum), current is { WeRefresh: false } ? SessionRefresher.Uas : SessionRefresher.Uac);
    }

    /// <summary>The timer that the peer's 2xx to our request starts (§7.2). One who knows nothing of timers is refreshed by us all the same, so that its silence is noticed.</summary>
    public static SessionTimer Agreed(SessionExpires asked, SipResponse response, DateTimeOffset now)
    {
        if (response.Header<SessionExpires>() is not { } agreed) return new(asked.Interval, WeRefresh: true, now);

        return new(Max(Min(agreed.Interval, asked.Interval), Floor), agreed.Refresher != SessionRefresher.Uas, now);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
