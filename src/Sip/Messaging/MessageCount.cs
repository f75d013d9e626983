using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Telephony.Sip;

/// <summary>How many messages of one class there are (RFC 3842 §5.2).</summary>
/// <param name="Class">As <c>Voice-Message</c>, <c>Fax-Message</c>.</param>
/// <param name="UrgentNew">Of the new ones; null when it is not said.</param>
[GenerateSerializer, Immutable]
public sealed record MessageCount(
    [property: Id(0)] string Class,
    [property: Id(1)] int New,
    [property: Id(2)] int Old,
    [property: Id(3)] int? UrgentNew = null,
    [property: Id(4)] int? UrgentOld = null)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}: {New}/{Old}")
        + (UrgentNew is { } urgent ? string.Create(CultureInfo.InvariantCulture, $" ({urgent}/{UrgentOld ?? 0})") : "");

    // new SLASH old [ LPAREN new-urgent SLASH old-urgent RPAREN ]
    internal static bool TryParse(string name, string value, [NotNullWhen(true)] out MessageCount? count)
    {
        count = null;
        var open = value.IndexOf('(', StringComparison.Ordinal);
        if (!name.EndsWith("-Message", StringComparison.OrdinalIgnoreCase) || !TryPair(open < 0 ? value : value[..open], out var unread, out var read)) return false;
        if (open < 0) count = new(name, unread, read);
        else if (value.EndsWith(')') && TryPair(value[(open + 1)..^1], out var urgentUnread, out var urgentRead)) count = new(name, unread, read, urgentUnread, urgentRead);
        return count is not null;
    }

    private static bool TryPair(string text, out int first, out int second)
    {
        second = 0;
        var parts = text.Split('/');
        return int.TryParse(parts[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out first) && parts.Length == 2
            && int.TryParse(parts[1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out second);
    }
}
