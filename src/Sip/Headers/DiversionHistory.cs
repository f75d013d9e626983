using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>Says the same diversions as Diversion and as History-Info (RFC 7544). Diversion has the latest first, History-Info the first.</summary>
public static class DiversionHistory
{
    private const int MaxEntries = 20;

    // Diversion's reasons (RFC 5806 §4) and the causes of History-Info (RFC 4458 §2); the first of a cause is what it reads as
    private static readonly (string Reason, uint Cause)[] Causes =
    [
        ("unknown", 404), ("unconditional", 302), ("user-busy", 486), ("no-answer", 408), ("deflection", 480), ("deflection", 487), ("unavailable", 503),
        ("time-of-day", 404), ("do-not-disturb", 404), ("follow-me", 404), ("out-of-service", 404), ("away", 404),
    ];

    /// <summary>History-Info of a request to <paramref name="requestUri"/> that has these diversions: an entry for each, and one for where it goes now.</summary>
    /// <remarks>A counter above one leaves room in the index for those that it stands for.</remarks>
    public static ImmutableArray<HistoryInfo> ToHistory(IReadOnlyList<Diversion> diversions, string requestUri)
    {
        if (diversions.Count == 0) return [];

        var history = ImmutableArray.CreateBuilder<HistoryInfo>();
        var (index, from) = ("1", (Diversion?)null);
        foreach (var diversion in diversions.Take(MaxEntries).Reverse())
        {
            if (from is not null) index = Below(index, from);
            var uri = Diverted(Sip(diversion.Uri, requestUri), from, keepHeaders: true);
            history.Add(Entry(diversion.Privacy is "full" or "uri" ? UriHeaders.Add(uri, "Privacy", "history") : uri, index, diversion.DisplayName, history, from));
            from = diversion;
        }

        index = Below(index, from!);
        history.Add(Entry(Diverted(requestUri, from, keepHeaders: false), index, null, history, from));
        return history.ToImmutable();
    }

    /// <summary>The diversions among the entries of a History-Info: those targets that others were diverted from, the latest first.</summary>
    public static ImmutableArray<Diversion> ToDiversions(IReadOnlyList<HistoryInfo> history)
    {
        var diversions = ImmutableArray.CreateBuilder<Diversion>();
        foreach (var entry in history.Take(MaxEntries + 1))
        {
            if (entry.Cause is not { } cause || history.FirstOrDefault(other => other.Index == entry.From) is not { } from) continue;
            if (!SipUri.TryParse(from.Uri, out var uri)) continue;

            var counter = (uint)Math.Clamp(Depth(entry.Index) - Depth(from.Index), 1, MaxEntries);
            diversions.Add(new(
                uri.WithoutParameter("cause"), from.DisplayName, Causes.FirstOrDefault(known => known.Cause == cause).Reason ?? "unknown", counter,
                from.IsPrivate ? "full" : null));
        }

        diversions.Reverse();
        return diversions.ToImmutable();
    }

    /// <summary>The cause that says why a call was diverted (RFC 4458 §2), for Diversion's reason.</summary>
    public static uint Cause(string? reason) =>
        Array.Find(Causes, known => known.Reason.Equals(reason, StringComparison.OrdinalIgnoreCase)) is { Reason: not null } known ? known.Cause : 404;

    // the target of a diversion says the cause in its URI, and which entry it came of
    private static HistoryInfo Entry(string uri, string index, string? name, IReadOnlyList<HistoryInfo> before, Diversion? from) =>
        new(uri, index, name, from is null ? "" : ";mp=" + before[^1].Index);

    // a number has no place for the cause, so it becomes a URI that has (RFC 3261 §19.1.6)
    private static string Sip(string uri, string requestUri) =>
        SipUri.TryParse(uri, out var number) && number.Scheme == "tel" && SipUri.TryParse(requestUri, out var target) && target.IsSip
            ? $"sip:{SipUri.EscapeUser(uri[4..].Replace("-", "", StringComparison.Ordinal))}@{target.Host};user=phone"
            : uri;

    private static string Diverted(string uri, Diversion? from, bool keepHeaders)
    {
        if (!SipUri.TryParse(uri, out var parsed)) return uri;

        var text = parsed.WithoutParameter("cause");
        if (from is not null && parsed.IsSip) text += $";cause={Cause(from.Reason)}";
        return keepHeaders ? text + parsed.Headers : text;
    }

    private static string Below(string index, Diversion from) =>
        index + string.Concat(Enumerable.Repeat(".1", (int)Math.Clamp(from.Counter ?? 1, 1, MaxEntries)));

    private static int Depth(string index) => index.Count(character => character == '.');
}
