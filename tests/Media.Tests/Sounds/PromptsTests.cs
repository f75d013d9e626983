using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Telephony.Prompts;
using Telephony.Testing;

namespace Telephony.Media.Sounds;

/// <summary>The system's own prompts, as they were spoken at build.</summary>
public sealed class PromptsTests
{
    private static readonly string[] Languages = ["en", "fr", "nl"];
    private readonly SoundLibrary _library = new(files: null, new SimulatedTime(), NullLogger.Instance);

    [Fact]
    public void Every_language_has_the_same_prompts()
    {
        foreach (var language in Languages) Assert.Equal(Table("en").Texts.Keys.Order(), Table(language).Texts.Keys.Order());
    }

    [Fact]
    public void A_region_has_only_prompts_of_its_language() => Assert.Subset(Table("fr").Texts.Keys.ToHashSet(), Table("fr-BE").Texts.Keys.ToHashSet());

    [Theory]
    [InlineData("en", "number-45", "forty-five")]
    [InlineData("en", "day-22", "the twenty-second")]
    [InlineData("en", "hour-0", "twelve")]
    [InlineData("fr", "number-71", "soixante et onze")]
    [InlineData("fr", "number-80", "quatre-vingts")]
    [InlineData("fr", "number-81", "quatre-vingt-un")]
    [InlineData("fr", "number-97", "quatre-vingt-dix-sept")]
    [InlineData("fr", "hour-21", "vingt et une heures")]
    [InlineData("fr", "day-1", "premier")]
    [InlineData("fr-BE", "number-71", "septante et un")]
    [InlineData("fr-BE", "number-97", "nonante-sept")]
    [InlineData("nl", "number-21", "eenentwintig")]
    [InlineData("nl", "number-98", "achtennegentig")]
    [InlineData("nl", "number-100", "honderd")]
    public void Numbers_are_said_as_the_language_says_them(string language, string name, string text) => Assert.Equal(text, Table(language).Texts[name]);

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("nl")]
    public void There_is_a_prompt_of_all_that_is_made_of_pieces(string language)
    {
        var day = new DateOnly(2028, 1, 1); // a leap year
        var said = Enumerable.Range(0, 1001).Append(999_999).SelectMany(number => Speech.Number(number, language))
            .Concat(Speech.Digits("0123456789*#+", language))
            .Concat(Enumerable.Range(0, 366).SelectMany(after => Speech.Date(day.AddDays(after), language)))
            .Concat(Enumerable.Range(0, 24 * 60).SelectMany(minute => Speech.Time(new(minute / 60, minute % 60), language)))
            .Concat(Enumerable.Range(1, 3).SelectMany(position => Speech.QueuePosition(position, language)))
            .Concat(Enumerable.Range(0, 30).SelectMany(minutes => Speech.QueueWait(TimeSpan.FromMinutes(minutes), language)));

        Assert.Empty(said.Select(source => source.Name).Except(Table(language).Texts.Keys));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("fr-BE")]
    [InlineData("nl")]
    public async Task Every_prompt_is_heard_at_one_loudness_without_clipping(string language)
    {
        foreach (var name in Table(language).Texts.Keys)
        {
            var samples = await Hear(name, language);

            var seconds = samples.Length / 16_000.0;
            Assert.True(seconds is > 0.1 and < 15, $"{language}/{name} takes {seconds} s");
            Assert.True(samples.Max(sample => Math.Abs((int)sample)) < 30_000, $"{language}/{name} clips");
            var level = 20 * Math.Log10(Math.Sqrt(samples.Average(sample => (double)sample * sample)) / 32_768);
            Assert.True(level is > -26 and < -22, $"{language}/{name} is at {level:F1} dBov");
            Assert.True(samples.Take(1600).Any(sample => Math.Abs((int)sample) > 100) && samples.TakeLast(1600).Any(sample => Math.Abs((int)sample) > 100), $"{language}/{name} has silence around it");
        }
    }

    [Theory]
    [InlineData("number-90", "fr-BE", "fr-BE")]
    [InlineData("hello", "fr-BE", "fr")]
    [InlineData("hello", "nl-BE", "nl")]
    [InlineData("hello", "de", "en")]
    [InlineData("hello", null, "en")]
    public async Task Where_a_language_lacks_a_prompt_another_is_heard(string name, string? language, string heard)
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "prompts", heard, name + ".wav"));

        Assert.Equal(MemoryMarshal.Cast<byte, short>(file.AsSpan(WavHeader.Length)).ToArray(), await Hear(name, language));
    }

    [Theory]
    [InlineData("hello Hello.", "line 2 is not 'name = text'")]
    [InlineData("hello = ", "line 2 is not 'name = text'")]
    [InlineData("hello = Hello.\nhello = Bye.", "line 3: 'hello' comes twice")]
    public void A_mistake_in_a_table_is_told_with_its_line(string lines, string problem)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "voice = nl\n" + lines);

        var error = Assert.Throws<PromptException>(() => PromptTable.Read(path));
        File.Delete(path);

        Assert.EndsWith(problem, error.Message);
    }

    private static PromptTable Table(string language) => PromptTable.Read(Path.Combine(AppContext.BaseDirectory, "prompt-tables", language + ".txt"));

    private async Task<short[]> Hear(string name, string? language)
    {
        using var sound = await _library.Open(new(MediaSourceKind.Prompt, name, language));
        Assert.NotNull(sound);
        Assert.Equal(16_000, sound.SampleRate);
        var samples = new short[16 * 16_000];
        var count = 0;
        while (count < samples.Length)
        {
            var read = sound.Read(samples.AsSpan(count, Math.Min(320, samples.Length - count)));
            count += read;
            if (read < 320) break;
        }

        return samples[..count];
    }
}
