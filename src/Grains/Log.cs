using Microsoft.Extensions.Logging;
using Telephony.Grains.Calls;
using Telephony.Media;

namespace Telephony.Grains;

/// <summary>Ids: 1000s calls, 2000s devices, 3000s directory, 4000s signalling.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Call {CallId} was {Status} before the restart and ends now")]
    public static partial void CallEndedByRestart(ILogger log, CallId callId, CallStatus status);

    [LoggerMessage(1002, LogLevel.Information, "{Count} calls of before the restart were found, {GoOn} of them go on")]
    public static partial void CallsRecovered(ILogger log, int count, int goOn);

    [LoggerMessage(1003, LogLevel.Error, "Call {CallId} could not begin")]
    public static partial void CallFailed(ILogger log, Exception error, CallId callId);

    [LoggerMessage(1004, LogLevel.Warning, "Call {CallId} could not carry out {Effect}")]
    public static partial void EffectFailed(ILogger log, Exception error, CallId callId, CallEffect effect);

    [LoggerMessage(1005, LogLevel.Error, "The snapshot of call {CallId} can't be read; it is removed, and its phones are told nothing")]
    public static partial void SnapshotUnreadable(ILogger log, CallId callId);

    [LoggerMessage(1006, LogLevel.Information, "Call {CallId} was {Status} before the restart and goes on")]
    public static partial void CallGoesOn(ILogger log, CallId callId, CallStatus status);

    [LoggerMessage(1007, LogLevel.Error, "Call {CallId} of before the restart could not be recovered")]
    public static partial void CallNotRecovered(ILogger log, Exception error, CallId callId);

    [LoggerMessage(1008, LogLevel.Error, "The events of media node {Node} could not be read")]
    public static partial void MediaEventsFailed(ILogger log, Exception error, string node);

    [LoggerMessage(1009, LogLevel.Debug, "The peer of media leg {Leg} is heard for the first time, or from another address than before")]
    public static partial void RemoteLatched(ILogger log, string leg);

    [LoggerMessage(1010, LogLevel.Warning, "Media node {Node} is lost; its {Count} calls move to another one")]
    public static partial void MediaNodeLost(ILogger log, string node, int count);

    [LoggerMessage(1011, LogLevel.Warning, "The media of call {CallId} moved to node {Node}: {Error}")]
    public static partial void MediaMoved(ILogger log, CallId callId, string node, MediaError error);

    [LoggerMessage(1012, LogLevel.Error, "Media node {Node} did not answer within {Limit}: its calls are lost unless another node has room")]
    public static partial void MediaNodeMissing(ILogger log, string node, TimeSpan limit);

    [LoggerMessage(1013, LogLevel.Error, "The legs at media node {Node} could not be renewed")]
    public static partial void LeaseNotRenewed(ILogger log, Exception error, string node);

    [LoggerMessage(3001, LogLevel.Debug, "Directory of tenant {Tenant} loaded with {Count} extensions")]
    public static partial void DirectoryLoaded(ILogger log, string tenant, int count);

    [LoggerMessage(4001, LogLevel.Error, "A {Method} could not be handled")]
    public static partial void RequestFailed(ILogger log, Exception error, string method);
}
