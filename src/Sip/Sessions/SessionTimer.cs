using System.Text.Json.Serialization;

namespace Telephony.Sip;

/// <summary>A session timer that runs for a dialog (RFC 4028 §10), as seen from our side. Plain data: it can be stored, and goes on after a restart.</summary>
/// <param name="WeRefresh">Whether the refreshes are ours to send.</param>
/// <param name="RefreshedAt">When the last 2xx to a session refresh was sent or received.</param>
[GenerateSerializer, Immutable]
public sealed record SessionTimer([property: Id(0)] TimeSpan Interval, [property: Id(1)] bool WeRefresh, [property: Id(2)] DateTimeOffset RefreshedAt)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(32);

    /// <summary>When to send our refresh: at half the interval. Null: the peer does.</summary>
    [JsonIgnore]
    public DateTimeOffset? RefreshAt => WeRefresh ? RefreshedAt + Interval / 2 : null;

    /// <summary>When to send BYE unless it was refreshed: a third of the interval, at most 32 s, before it expires.</summary>
    [JsonIgnore]
    public DateTimeOffset EndsAt => RefreshedAt + Interval - (Interval / 3 < Margin ? Interval / 3 : Margin);

    /// <summary>What comes first.</summary>
    [JsonIgnore]
    public DateTimeOffset NextAt => RefreshAt ?? EndsAt;
}
