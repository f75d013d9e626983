using Microsoft.Extensions.Logging;

namespace Telephony.Api;

internal static partial class Log
{
    [LoggerMessage(8001, LogLevel.Error, "An import failed")]
    public static partial void ImportFailed(ILogger log, Exception exception);

    [LoggerMessage(8002, LogLevel.Warning, "A dependency is away: {Reason}")]
    public static partial void DependencyAway(ILogger log, string reason);

    [LoggerMessage(8003, LogLevel.Information, "Dropped the hub connection {Connection}: it reads slower than we have to say")]
    public static partial void SlowClientDropped(ILogger log, string connection);

    [LoggerMessage(8004, LogLevel.Error, "Could not pass on a live message")]
    public static partial void LiveFailed(ILogger log, Exception exception);
}
