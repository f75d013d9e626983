using System.Globalization;

namespace Telephony.Api.Events;

/// <summary>Where in the feed: a number, or a time in UTC.</summary>
internal static class FeedPosition
{
    private static readonly string[] Moments =
    [
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>After it, there is no next day.</summary>
    public static readonly DateTimeOffset LastDay = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    public static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <param name="isDay">The text names a day; <paramref name="moment"/> is its start.</param>
    public static bool TryMoment(string text, out DateTimeOffset moment, out bool isDay)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        isDay = DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, Utc, out moment);
        return isDay || DateTimeOffset.TryParseExact(text.Replace(' ', '+'), Moments, CultureInfo.InvariantCulture, Utc, out moment); // "+01:00", sent unescaped
    }
}
