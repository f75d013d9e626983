using Microsoft.Extensions.Logging;

namespace Telephony.Grains.Calls.History;

/// <summary>Ids: 1100s.</summary>
internal static partial class Log
{
    [LoggerMessage(1101, LogLevel.Error, "There is no CDR of call {CallId} of tenant {Tenant}: the beginning of its stream is missing")]
    public static partial void CdrNotPossible(ILogger log, CallId callId, string tenant);
}
