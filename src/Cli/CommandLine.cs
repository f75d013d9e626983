using System.CommandLine;
using Telephony.Cli.Commands;

namespace Telephony.Cli;

/// <summary>The commands of <c>telephony</c>.</summary>
public static class CommandLine
{
    /// <returns>The exit code: see <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(IReadOnlyList<string> args, CliContext context, CancellationToken cancellationToken = default)
    {
        var options = new ServerOptions();
        var root = new RootCommand("Administers a Telephony server over its REST API.");
        options.AddTo(root);
        var run = new CommandRunner(context, options);
        root.Subcommands.Add(TenantCommands.Create(run));
        root.Subcommands.Add(ExtensionCommands.Create(run));
        root.Subcommands.Add(ReplayCommand.Create(run));
        root.Subcommands.Add(ProjectionCommands.Create(run));
        root.Subcommands.Add(HealthCommand.Create(run));

        var parsed = root.Parse(args);
        var configuration = new InvocationConfiguration { Output = context.Out, Error = context.Error, EnableDefaultExceptionHandler = false };
        if (parsed.Errors.Count > 0)
        {
            await context.Error.WriteLineAsync($"error: {string.Join(" ", parsed.Errors.Select(error => error.Message))} See telephony --help.");
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(configuration, cancellationToken);
    }
}
