namespace Telephony.Cli;

/// <summary>What a script gets to know.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The server refused, or it is not ready.</summary>
    public const int Refused = 1;

    /// <summary>The command line, a file or the key is not usable.</summary>
    public const int Usage = 2;

    /// <summary>No server answered.</summary>
    public const int Unreachable = 3;

    /// <summary>Ended by Ctrl-C.</summary>
    public const int Cancelled = 130;
}
