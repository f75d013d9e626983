namespace Telephony.Prompts;

/// <summary>What is said in a language: a line <c>name = text</c> for each prompt, below <c>voice = </c> and the name of espeak-ng's voice. Lines with # are comments.</summary>
internal sealed record PromptTable(string Voice, IReadOnlyDictionary<string, string> Texts)
{
    /// <exception cref="PromptException">A line is none of these, or a name comes twice.</exception>
    public static PromptTable Read(string path)
    {
        var texts = new Dictionary<string, string>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || line.StartsWith('#')) continue;
            var parts = line.Split(" = ", 2);
            if (parts.Length < 2 || parts[0].Length == 0 || parts[1].Length == 0) throw new PromptException($"{path} line {number} is not 'name = text'");
            if (!texts.TryAdd(parts[0], parts[1])) throw new PromptException($"{path} line {number}: '{parts[0]}' comes twice");
        }

        return texts.Remove("voice", out var voice) ? new PromptTable(voice, texts) : throw new PromptException($"{path} has no line 'voice = ...'");
    }
}
