using System.CommandLine;

namespace Telephony.Cli;

/// <summary>The options that every command has.</summary>
internal sealed class ServerOptions
{
    public Option<string?> Server { get; } = new("--server") { Description = "The server's address. Else TELEPHONY_SERVER, else http://127.0.0.1:8080.", Recursive = true };

    public Option<string?> Key { get; } = new("--key") { Description = "An API key. Else TELEPHONY_KEY, else the file api-key in the data folder.", Recursive = true };

    public Option<string?> Data { get; } = new("--data") { Description = "The server's data folder. Else Telephony__Data, else .data here or in the repository.", Recursive = true };

    public void AddTo(RootCommand root)
    {
        root.Options.Add(Server);
        root.Options.Add(Key);
        root.Options.Add(Data);
    }

    public Uri ServerOf(ParseResult parsed, CliContext context)
    {
        var text = parsed.GetValue(Server) ?? NullIfEmpty(context.Environment("TELEPHONY_SERVER")) ?? "http://127.0.0.1:8080";
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new CliException(ExitCode.Usage, $"--server: '{text}' is not an address such as http://127.0.0.1:8080");
    }

    public string KeyOf(ParseResult parsed, CliContext context)
    {
        if ((parsed.GetValue(Key) ?? NullIfEmpty(context.Environment("TELEPHONY_KEY"))) is { } key) return key.Trim();
        var files = (parsed.GetValue(Data) ?? NullIfEmpty(context.Environment("Telephony__Data"))) is { } data
            ? [Path.Combine(data, "api-key")]
            : context.Folders.Select(folder => Path.Combine(folder, ".data", "api-key")).ToList();
        var file = files.FirstOrDefault(File.Exists) ?? throw new CliException(ExitCode.Usage, $"No API key: give --key or TELEPHONY_KEY; there is no file {string.Join(" or ", files)}");
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"{file} may not be read by this user");
        }
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
