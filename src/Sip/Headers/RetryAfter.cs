using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Telephony.Sip;

/// <summary>Retry-After: when it makes sense to ask again (RFC 3261 §20.33).</summary>
/// <param name="Seconds">From now.</param>
/// <param name="Comment">What stands in its brackets, as written; null when there is none.</param>
/// <param name="Duration">For how many seconds from then; null when it is not said.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record RetryAfter(
    [property: Id(0)] uint Seconds,
    [property: Id(1)] string? Comment = null,
    [property: Id(2)] uint? Duration = null,
    [property: Id(3)] string Parameters = "") : ISipHeader<RetryAfter>
{
    public static string Field => "Retry-After";

    public TimeSpan Time => TimeSpan.FromSeconds(Seconds);

    public static bool TryParse(string text, [NotNullWhen(true)] out RetryAfter? value)
    {
        value = null;
        text = text.Trim();
        var end = 0;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        var rest = text[end..].TrimStart();
        string? comment = null;
        if (rest.StartsWith('('))
        {
            var close = CommentLength(rest);
            if (close < 0) return false;
            comment = rest[1..(close - 1)];
            rest = rest[close..];
        }

        if (!uint.TryParse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || !ValueText.TrySplit(rest, out var between, out var parameters) || between.Length > 0 || !parameters.TryNumber("duration", out var duration))
        {
            return false;
        }

        value = new(seconds, comment, duration, parameters.Without("duration"));
        return true;
    }

    public override string ToString() =>
        Seconds.ToString(CultureInfo.InvariantCulture) + (Comment is null ? "" : $" ({Comment})") + ValueText.Parameter("duration", Duration) + Parameters;

    // brackets may stand within brackets (§25.1 comment)
    private static int CommentLength(string text)
    {
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] == '(') depth++;
            else if (text[at] == ')' && --depth == 0) return at + 1;
        }

        return -1;
    }
}
