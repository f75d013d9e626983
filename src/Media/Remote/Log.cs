using Microsoft.Extensions.Logging;

namespace Telephony.Media.Remote;

internal static partial class Log
{
    [LoggerMessage(6081, LogLevel.Error, "Media node {Id}: who drives it speaks version {Theirs} of the protocol, this is {Ours}: use programs of one release")]
    public static partial void OtherVersion(ILogger log, string id, int theirs, int ours);

    [LoggerMessage(6082, LogLevel.Error, "A media command failed: {Command}")]
    public static partial void CommandFailed(ILogger log, Exception error, string command);

    [LoggerMessage(6083, LogLevel.Warning, "Refused a connection to {Path}: of another user, or one too many")]
    public static partial void ConnectionRefused(ILogger log, string path);

    [LoggerMessage(6084, LogLevel.Warning, "Could not accept a connection to {Path}")]
    public static partial void AcceptFailed(ILogger log, Exception error, string path);

    [LoggerMessage(6085, LogLevel.Warning, "Closed a connection to {Path} that does not speak our protocol: {Reason}")]
    public static partial void NotOurs(ILogger log, string path, string reason);

    [LoggerMessage(6086, LogLevel.Information, "Media node {Id} is here: process {Boot}, {Legs} legs")]
    public static partial void Here(ILogger log, string id, string boot, int legs);

    [LoggerMessage(6087, LogLevel.Warning, "Media node {Id} can't be reached at {Path}: {Reason}")]
    public static partial void Away(ILogger log, string id, string path, string reason);

    [LoggerMessage(6088, LogLevel.Warning, "Media node {Id} is lost, with all legs of process {Boot}")]
    public static partial void Lost(ILogger log, string id, string boot);
}
