namespace Telephony.Cli;

/// <summary>What surrounds a command: where it writes and reads, so that a test can take the place of a terminal.</summary>
/// <param name="Out">Results, for people or other programs.</param>
/// <param name="Error">Errors and progress.</param>
/// <param name="RawOut">The same place as <paramref name="Out"/>, for bytes that pass through.</param>
/// <param name="IsTerminal">A person watches <paramref name="Error"/>.</param>
/// <param name="Environment">Reads an environment variable.</param>
/// <param name="Folders">Where <c>.data</c> is looked for, in order.</param>
public sealed record CliContext(
    TextWriter Out, TextWriter Error, Stream RawOut, bool IsTerminal, Func<string, string?> Environment, IReadOnlyList<string> Folders)
{
    public static CliContext OfProcess() => new(
        Console.Out, Console.Error, Console.OpenStandardOutput(), !Console.IsErrorRedirected && System.Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"),
        System.Environment.GetEnvironmentVariable,
        [.. new[] { Directory.GetCurrentDirectory(), Repository() }.OfType<string>().Distinct()]);

    private static string? Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Telephony.sln"))) folder = Path.GetDirectoryName(folder);
        return folder;
    }
}
