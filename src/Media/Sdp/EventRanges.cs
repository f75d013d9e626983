using System.Globalization;
using System.Text;

namespace Telephony.Media.Sdp;

/// <summary>The events of a telephone-event's fmtp (RFC 4733 §2.4.1): numbers and ranges, <c>0-15,66,70</c>.</summary>
internal static class EventRanges
{
    /// <summary>DTMF: what a telephone-event without an fmtp means.</summary>
    public const string Default = "0-15";

    /// <summary>The events that both have; empty: none.</summary>
    public static string Common(string one, string other)
    {
        var (first, second) = (Read(one), Read(other));
        var text = new StringBuilder();
        for (var e = 0; e < 256; e++)
        {
            if (!first[e] || !second[e]) continue;
            var last = e;
            while (last < 255 && first[last + 1] && second[last + 1]) last++;
            if (text.Length > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{e}");
            if (last > e) text.Append(CultureInfo.InvariantCulture, $"-{last}");
            e = last;
        }

        return text.ToString();
    }

    // what can't be read is left out; nothing at all: DTMF
    private static bool[] Read(string value)
    {
        var events = new bool[256];
        foreach (var range in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = range.IndexOf('-', StringComparison.Ordinal);
            if (!byte.TryParse(dash < 0 ? range : range.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var first)) continue;
            var last = first;
            if (dash >= 0 && !byte.TryParse(range.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out last)) continue;
            for (int e = first; e <= last; e++) events[e] = true;
        }

        if (!events.Contains(true)) Array.Fill(events, true, 0, 16);
        return events;
    }
}
