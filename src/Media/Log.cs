using Microsoft.Extensions.Logging;

namespace Telephony.Media;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Information, "Media node {Id} relays on {Address} (bound to {Bind}), ports {PortRange}, {Threads} threads")]
    public static partial void Started(ILogger log, string id, string address, string bind, string portRange, int threads);

    [LoggerMessage(6002, LogLevel.Warning, "No ports for a leg of call {Call}: {InUse} of {Total} pairs in use, system error {Error}; {Held} more since the last such line")]
    public static partial void NoPorts(ILogger log, string call, int inUse, int total, int error, long held);

    [LoggerMessage(6003, LogLevel.Warning, "The lease of leg {Leg} of call {Call} has expired: its owner {Owner} did not renew it")]
    public static partial void LeaseExpired(ILogger log, string leg, string call, string owner);

    [LoggerMessage(6004, LogLevel.Information, "Datagrams dropped since the start: {Reasons}")]
    public static partial void Dropped(ILogger log, string reasons);

    [LoggerMessage(6005, LogLevel.Information, "Leg {Leg} of call {Call} is silent: no RTP for {Seconds} s")]
    public static partial void Silent(ILogger log, string leg, string call, double seconds);

    [LoggerMessage(6006, LogLevel.Debug, "A description for leg {Leg} of call {Call} was refused: {Reason}")]
    public static partial void BadDescription(ILogger log, string leg, string call, string reason);

    [LoggerMessage(6007, LogLevel.Debug, "Nothing was agreed for leg {Leg} of call {Call}: {Error}")]
    public static partial void NotAgreed(ILogger log, string leg, string call, MediaError error);

    [LoggerMessage(6008, LogLevel.Information, "The transport of leg {Leg} of call {Call} has failed: {Why}")]
    public static partial void TransportFailed(ILogger log, string leg, string call, string why);

    [LoggerMessage(6060, LogLevel.Warning, "{Library} is not installed: {Feature}. Install the Debian package {Package}")]
    public static partial void LibraryMissing(ILogger log, string library, string package, string feature);
}
