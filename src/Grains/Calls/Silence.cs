using System.Collections.Immutable;

namespace Telephony.Grains.Calls;

/// <summary>
/// Which parties of a call send no sound though they should, as the media node tells. Pure.
/// <code>
///     nobody sends             the call is dead
///     one does not, for long   the call is dead
///     one does not             its phone is asked whether it is there
/// </code>
/// </summary>
public sealed record Silence(ImmutableSortedDictionary<int, DateTimeOffset> Since)
{
    public static Silence None { get; } = new(ImmutableSortedDictionary<int, DateTimeOffset>.Empty);

    public Silence With(int leg, DateTimeOffset at) => new(Since.SetItem(leg, at));

    public Silence Without(int leg) => new(Since.Remove(leg));

    /// <param name="parties">The legs that are answered.</param>
    /// <param name="patience">With one who is silent; zero: for ever.</param>
    public bool IsDead(IEnumerable<int> parties, DateTimeOffset now, TimeSpan patience)
    {
        var all = parties.ToList();
        return all.Count > 0 && (all.TrueForAll(Since.ContainsKey) || all.Exists(leg => EndsAt(leg, patience) <= now));
    }

    /// <summary>When <see cref="IsDead"/> may become true by time alone; null: never.</summary>
    public DateTimeOffset? NextAt(IEnumerable<int> parties, TimeSpan patience) => parties.Select(leg => EndsAt(leg, patience)).Where(at => at is not null).Min();

    private DateTimeOffset? EndsAt(int leg, TimeSpan patience) => patience > TimeSpan.Zero && Since.TryGetValue(leg, out var since) ? since + patience : null;
}
