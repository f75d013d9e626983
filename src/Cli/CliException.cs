namespace Telephony.Cli;

/// <summary>Ends a command: one line for people, and an exit code.</summary>
public sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
