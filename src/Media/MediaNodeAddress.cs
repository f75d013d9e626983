using System.Collections.Immutable;

namespace Telephony.Media;

/// <summary>A media node that is a process of its own: its id, and the path of its Unix socket.</summary>
public sealed record MediaNodeAddress(string Id, string Path)
{
    /// <summary>Reads <c>id=path,id=path</c>; an empty list has none.</summary>
    public static bool TryParse(string list, out ImmutableArray<MediaNodeAddress> nodes)
    {
        var entries = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split('=', 2, StringSplitOptions.TrimEntries)).ToArray();
        nodes = [.. entries.Where(e => e.Length == 2).Select(e => new MediaNodeAddress(e[0], e[1]))];
        return nodes.Length == entries.Length && nodes.All(n => n.Id.Length is > 0 and <= 100 && n.Path.Length > 0) && nodes.DistinctBy(n => n.Id).Count() == nodes.Length;
    }
}
