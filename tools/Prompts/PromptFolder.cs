using Telephony.Media.Sounds;

namespace Telephony.Prompts;

/// <summary>A language's prompts as WAV files, and beside them what was said (<c>.spoken</c>), so that only what has changed is said again.</summary>
internal sealed class PromptFolder(string folder)
{
    private readonly string _spoken = Path.Combine(folder, ".spoken");

    public async Task Update(PromptTable table)
    {
        Directory.CreateDirectory(folder);
        var before = File.Exists(_spoken) ? File.ReadAllLines(_spoken).ToHashSet() : [];
        var now = table.Texts.ToDictionary(text => text.Key, text => $"{PromptSound.Version} {table.Voice} {text.Key} = {text.Value}");
        foreach (var path in Directory.GetFiles(folder, "*.wav"))
        {
            if (!now.ContainsKey(Path.GetFileNameWithoutExtension(path))) File.Delete(path);
        }

        var changed = now.Keys.Where(name => !before.Contains(now[name]) || !File.Exists(Of(name))).GroupBy(name => table.Texts[name]);
        await Parallel.ForEachAsync(changed, async (names, _) =>
        {
            var samples = PromptSound.Make(await Espeak.Say(names.Key, table.Voice)) ?? throw new PromptException($"espeak-ng says nothing for '{names.Key}' in voice {table.Voice}");
            foreach (var name in names) Write(Of(name), samples);
        });
        File.WriteAllLines(_spoken, now.Values);
    }

    private string Of(string name) => Path.Combine(folder, name + ".wav");

    // Under another name first: a server that runs never reads half a file.
    private static void Write(string path, short[] samples)
    {
        var bytes = new byte[samples.Length * sizeof(short)];
        Buffer.BlockCopy(samples, 0, bytes, 0, bytes.Length);
        var part = path + ".part";
        File.WriteAllBytes(part, [.. WavHeader.Make(PromptSound.SampleRate, 1, bytes.Length), .. bytes]);
        File.Move(part, path, overwrite: true);
    }
}
