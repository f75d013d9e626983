namespace Telephony.Media.Sounds;

/// <summary>Which prompts, in which order, say a number, a date, a time or a wait in each language.</summary>
public sealed class SpeechTests
{
    [Theory]
    [InlineData(0, "en", "number-0")]
    [InlineData(7, null, "number-7")]
    [InlineData(21, "nl", "number-21")] // whole: "eenentwintig"
    [InlineData(100, "fr", "number-100")]
    [InlineData(242, "en", "number-200 number-42")]
    [InlineData(1000, "en", "number-1 thousand")]
    [InlineData(1000, "fr", "thousand")] // "mille", "duizend"
    [InlineData(1000, "nl-BE", "thousand")]
    [InlineData(1000, "de", "number-1 thousand")] // English stands in
    [InlineData(2305, "fr", "number-2 thousand number-300 number-5")]
    [InlineData(999_999, "en", "number-900 number-99 thousand number-900 number-99")]
    [InlineData(1_000_000, "en", "number-1 number-0 number-0 number-0 number-0 number-0 number-0")]
    public void A_number_is_said_whole_up_to_99_and_by_hundreds_and_thousands_above(int number, string? language, string expected) =>
        Assert.Equal(expected, Names(Speech.Number(number, language)));

    [Fact]
    public void Digits_are_said_one_by_one_and_what_is_none_not_at_all() =>
        Assert.Equal("plus number-3 number-2 number-0 star hash", Names(Speech.Digits("+32 (0)*#x", "nl")));

    [Theory]
    [InlineData("en", "weekday-5 month-11 day-20")]
    [InlineData("en-GB", "weekday-5 month-11 day-20")]
    [InlineData("de", "weekday-5 month-11 day-20")]
    [InlineData("fr-BE", "weekday-5 day-20 month-11")]
    [InlineData("nl", "weekday-5 day-20 month-11")]
    public void A_date_has_the_order_of_its_language(string language, string expected) => Assert.Equal(expected, Names(Speech.Date(new(2026, 11, 20), language)));

    [Theory]
    [InlineData(0, 0, "en", "hour-0 am")]
    [InlineData(12, 0, "en", "hour-12 pm")]
    [InlineData(15, 5, "en", "hour-15 minute-5 pm")]
    [InlineData(15, 5, "de", "hour-15 minute-5 pm")] // "three" alone would be wrong
    [InlineData(15, 0, "fr", "hour-15")]
    [InlineData(15, 21, "fr", "hour-15 minute-21")]
    [InlineData(23, 59, "nl", "hour-23 minute-59")]
    public void A_time_is_of_12_hours_in_English_and_of_24_in_French_and_Dutch(int hour, int minute, string language, string expected) =>
        Assert.Equal(expected, Names(Speech.Time(new(hour, minute), language)));

    [Theory]
    [InlineData(1, "queue-you-are-next")]
    [InlineData(12, "queue-you-are-number number-12 queue-in-the-queue")]
    public void Who_waits_hears_the_place_in_the_queue(int position, string expected) => Assert.Equal(expected, Names(Speech.QueuePosition(position, "fr")));

    [Theory]
    [InlineData(-5, "queue-wait-less-than-a-minute")]
    [InlineData(60, "queue-wait-less-than-a-minute")]
    [InlineData(61, "queue-expected-wait number-2 minutes")]
    [InlineData(600, "queue-expected-wait number-10 minutes")]
    [InlineData(601, "queue-expected-wait number-15 minutes")]
    [InlineData(21 * 60, "queue-expected-wait number-25 minutes")]
    [InlineData(1_000_000, "queue-expected-wait number-900 number-95 minutes")]
    public void Who_waits_hears_for_how_long_rounded_up(int seconds, string expected) => Assert.Equal(expected, Names(Speech.QueueWait(TimeSpan.FromSeconds(seconds), "fr")));

    private static string Names(IEnumerable<MediaSource> sources) => string.Join(' ', sources.Select(source => source.Name));
}
