using System.CommandLine;
using System.Text.Json;

namespace Telephony.Cli;

/// <summary>Runs a command with a connection to the server, and turns what goes wrong into one line and an exit code.</summary>
internal sealed class CommandRunner(CliContext context, ServerOptions options)
{
    public CliContext Context { get; } = context;

    public void Bind(Command command, Func<ParseResult, Server, CancellationToken, Task<int>> action, bool needsKey = true) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                using var server = new Server(options.ServerOf(parsed, Context), needsKey ? options.KeyOf(parsed, Context) : null);
                return await action(parsed, server, cancellationToken);
            }
            catch (CliException exception)
            {
                return await Fail(exception.ExitCode, exception.Message);
            }
            catch (HttpRequestException exception)
            {
                return await Fail(ExitCode.Unreachable, $"Cannot reach {options.ServerOf(parsed, Context)}: {exception.Message}");
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Cancelled;
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or JsonException)
            {
                return await Fail(ExitCode.Unreachable, $"The connection to {options.ServerOf(parsed, Context)} broke: {exception.Message}");
            }
        });

    private async Task<int> Fail(int exitCode, string message)
    {
        await Context.Error.WriteLineAsync($"error: {message}");
        return exitCode;
    }
}
