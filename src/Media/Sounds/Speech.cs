using System.Collections.Immutable;
using System.Globalization;

namespace Telephony.Media.Sounds;

/// <summary>
/// What is spoken of pieces: numbers, digits, dates and times, as prompts to play one after the other. The order of the pieces is the language's: that of French and Dutch,
/// else of English, whose prompts stand in for those of other languages.
/// </summary>
public static class Speech
{
    /// <summary>A number: "two hundred" "forty-two". Above 999,999 and below 0 its digits, one by one.</summary>
    public static ImmutableArray<MediaSource> Number(int number, string? language)
    {
        if (number is < 0 or > 999_999) return Digits(number.ToString(CultureInfo.InvariantCulture), language);
        var names = new List<string>();
        var thousands = number / 1000;
        if (thousands > 0)
        {
            if (thousands > 1 || IsEnglish(language)) Hundreds(thousands, names); // "mille", "duizend": without a one
            names.Add("thousand");
        }

        if (number % 1000 > 0 || number == 0) Hundreds(number % 1000, names);
        return Prompts(names, language);
    }

    /// <summary>A telephone number or code, character by character: digits, <c>*</c>, <c>#</c> and <c>+</c>; others are not spoken.</summary>
    public static ImmutableArray<MediaSource> Digits(string digits, string? language) => Prompts(
        digits.Select(c => c switch
        {
            '*' => "star",
            '#' => "hash",
            '+' => "plus",
            _ when char.IsAsciiDigit(c) => $"number-{c}",
            _ => null,
        }).OfType<string>(),
        language);

    /// <summary>"Friday" "November" "the twentieth"; in French and Dutch: "vendredi" "vingt" "novembre".</summary>
    public static ImmutableArray<MediaSource> Date(DateOnly date, string? language)
    {
        string weekday = $"weekday-{(int)date.DayOfWeek}", month = $"month-{date.Month}", day = $"day-{date.Day}";
        return Prompts(IsEnglish(language) ? [weekday, month, day] : [weekday, day, month], language);
    }

    /// <summary>"three" "oh five" "P M"; in French and Dutch by 24 hours: "quinze heures" "cinq".</summary>
    public static ImmutableArray<MediaSource> Time(TimeOnly time, string? language)
    {
        var names = new List<string> { $"hour-{time.Hour}" };
        if (time.Minute > 0) names.Add($"minute-{time.Minute}"); // "oh five", and "vingt et une", which is no number of anything else
        if (IsEnglish(language)) names.Add(time.Hour < 12 ? "am" : "pm");
        return Prompts(names, language);
    }

    /// <summary>"You are number" "three" "in the queue".</summary>
    public static ImmutableArray<MediaSource> QueuePosition(int position, string? language) => position == 1
        ? Prompts(["queue-you-are-next"], language)
        : [.. Prompts(["queue-you-are-number"], language), .. Number(position, language), .. Prompts(["queue-in-the-queue"], language)];

    /// <summary>"The expected waiting time is" "five" "minutes", rounded up: it is an estimate, so above ten to a multiple of five. Of up to a minute "less than a minute".</summary>
    public static ImmutableArray<MediaSource> QueueWait(TimeSpan wait, string? language)
    {
        var minutes = (int)Math.Clamp(Math.Ceiling(wait.TotalMinutes), 0, 995);
        if (minutes > 10) minutes = (minutes + 4) / 5 * 5;
        return minutes <= 1
            ? Prompts(["queue-wait-less-than-a-minute"], language)
            : [.. Prompts(["queue-expected-wait"], language), .. Number(minutes, language), .. Prompts(["minutes"], language)];
    }

    private static void Hundreds(int number, List<string> names)
    {
        if (number >= 100) names.Add($"number-{number / 100 * 100}");
        if (number % 100 > 0 || number == 0) names.Add($"number-{number % 100}");
    }

    private static bool IsEnglish(string? language) => language?.Split('-')[0] is not ("fr" or "nl");

    private static ImmutableArray<MediaSource> Prompts(IEnumerable<string> names, string? language) => [.. names.Select(name => new MediaSource(MediaSourceKind.Prompt, name, language))];
}
