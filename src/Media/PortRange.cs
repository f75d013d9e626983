using System.Globalization;

namespace Telephony.Media;

/// <summary>Ports from <paramref name="First"/> to <paramref name="Last"/>, both of the range.</summary>
internal readonly record struct PortRange(int First, int Last)
{
    /// <summary>Reads <c>30000-39999</c>. False unless both are 1024 to 65535 and an even port and its next fit in.</summary>
    public static bool TryParse(string? text, out PortRange range)
    {
        range = default;
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash < 0 || !TryPort(text.AsSpan(0, dash), out var first) || !TryPort(text.AsSpan(dash + 1), out var last)) return false;

        range = new PortRange(first, last);
        return range.EvenPorts().Any();
    }

    /// <summary>The even ports whose next is in the range too.</summary>
    public IEnumerable<int> EvenPorts()
    {
        for (var port = First + (First & 1); port < Last; port += 2) yield return port;
    }

    private static bool TryPort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1024 and <= 65535;
}
