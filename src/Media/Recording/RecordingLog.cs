using Microsoft.Extensions.Logging;

namespace Telephony.Media.Recording;

internal static partial class RecordingLog
{
    [LoggerMessage(6090, LogLevel.Warning, "Recording {Recording} of call {Call} can't be stored now: {Reason}. It is kept on disk and tried again")]
    public static partial void StoreAway(ILogger log, string recording, string call, string reason);

    [LoggerMessage(6091, LogLevel.Error, "Recording {Recording} of call {Call} has failed: {Reason}")]
    public static partial void Failed(ILogger log, string recording, string call, string reason);

    [LoggerMessage(6092, LogLevel.Information, "Recording {Recording} of call {Call}, left by an earlier process, is being stored: {Bytes} bytes are on disk")]
    public static partial void Recovered(ILogger log, string recording, string call, long bytes);

    [LoggerMessage(6093, LogLevel.Warning, "{Folder} holds no recording that can be read; it is left alone")]
    public static partial void Unreadable(ILogger log, string folder);
}
