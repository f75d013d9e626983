using Microsoft.Extensions.Logging;

namespace Telephony.Sip;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "SIP listens on {Transport} {Address}")]
    public static partial void Listening(ILogger log, SipTransport transport, string address);

    [LoggerMessage(1002, LogLevel.Warning, "{Count} malformed messages since the last such line, the last one from {Remote}: {Reason}")]
    public static partial void Malformed(ILogger log, long count, string remote, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "{Count} requests refused since the last such line, for {Limit} are at their limit")]
    public static partial void Full(ILogger log, long count, string limit);

    [LoggerMessage(1004, LogLevel.Error, "{Count} messages could not be handled since the last such line, the last one from {Remote}")]
    public static partial void Failed(ILogger log, long count, string remote, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "{Count} errors of a {Transport} socket since the last such line, the last one: {Error}")]
    public static partial void SocketFailed(ILogger log, long count, SipTransport transport, string error);

    [LoggerMessage(1006, LogLevel.Debug, "Connection {Connection} with {Remote} closed: {Reason}")]
    public static partial void Closed(ILogger log, long connection, string remote, string reason);

    [LoggerMessage(1007, LogLevel.Information, "Made a certificate for SIP over TLS, signed by itself: {Path}. Telephony:Sip:Certificate replaces it")]
    public static partial void CertificateMade(ILogger log, string path);

    [LoggerMessage(1008, LogLevel.Information, "The certificate for SIP over TLS has changed: {Subject}, good until {Until:u}")]
    public static partial void CertificateReloaded(ILogger log, string subject, DateTime until);

    [LoggerMessage(1009, LogLevel.Warning, "The changed certificate {Path} can't be used, the last good one stays; {Count} times since the last such line: {Reason}")]
    public static partial void CertificateFailed(ILogger log, long count, string path, string reason);

    [LoggerMessage(1010, LogLevel.Warning, "The SIP server {Transport} {Address} is put aside for {Time}: {Reason}")]
    public static partial void PutAside(ILogger log, SipTransport transport, string address, TimeSpan time, string reason);

    [LoggerMessage(1011, LogLevel.Error, "Transaction {Transaction} could not be started")]
    public static partial void NotSent(ILogger log, string transaction, Exception exception);

    [LoggerMessage(1012, LogLevel.Error, "The servers of {Host} could not be looked up")]
    public static partial void LookupFailed(ILogger log, string host, Exception exception);

    [LoggerMessage(1013, LogLevel.Error, "A timer failed; {Count} since the last such line")]
    public static partial void TimerFailed(ILogger log, long count, Exception exception);

    [LoggerMessage(1014, LogLevel.Error, "The end of connection {Connection} with {Remote} could not be told")]
    public static partial void NotTold(ILogger log, long connection, string remote, Exception exception);

    [LoggerMessage(1020, LogLevel.Warning, "{Source} is banned for {Time}, at last for {Offence}")]
    public static partial void Banned(ILogger log, string source, TimeSpan time, Offence offence);
}
