using Microsoft.Extensions.Logging;

namespace Telephony.Media.Sounds;

internal static partial class SoundsLog
{
    [LoggerMessage(6080, LogLevel.Warning, "The sound file {Path} can't be played: {Reason}")]
    public static partial void BadFile(ILogger log, string path, string reason);

    [LoggerMessage(6081, LogLevel.Warning, "The sound file {Path} can't be reached: {Reason}")]
    public static partial void Away(ILogger log, string path, string reason);
}
