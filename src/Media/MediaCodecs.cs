using System.Collections.Immutable;
using Telephony.Media.Codecs;

namespace Telephony.Media;

/// <summary>Lists of codecs as they are configured: names with commas, preferred first.</summary>
internal static class MediaCodecs
{
    /// <summary>What may be in a list.</summary>
    public static string Names => string.Join(", ", AudioCodecs.All.Select(c => c.Name).Distinct());

    /// <summary>The codecs of these names that are available here; of L16 that of every clock. Null: one is unknown, or there twice.</summary>
    public static ImmutableArray<AudioCodec>? Parse(string list)
    {
        var codecs = ImmutableArray.CreateBuilder<AudioCodec>();
        foreach (var name in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var named = AudioCodecs.All.Where(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
            if (named.Length == 0 || codecs.Contains(named[0])) return null;
            codecs.AddRange(named);
        }

        return [.. codecs.Where(AudioCodecs.IsAvailable)];
    }
}
