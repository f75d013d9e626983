using Microsoft.Extensions.Logging;
using Telephony.Runtime.Activations;
using Telephony.Runtime.Calls;
using Telephony.Runtime.Streams;

namespace Telephony.Runtime;

/// <summary>What the runtime logs; ids 9000 to 9099.</summary>
internal static partial class Log
{
    [LoggerMessage(9000, LogLevel.Error, "One-way call {Call} failed")]
    internal static partial void OneWayFailed(ILogger log, Exception failure, Request call);

    [LoggerMessage(9001, LogLevel.Error, "{Grain} could not activate")]
    internal static partial void ActivationFailed(ILogger log, Exception failure, Activation grain);

    [LoggerMessage(9002, LogLevel.Error, "{Grain} failed in OnDeactivateAsync")]
    internal static partial void DeactivationFailed(ILogger log, Exception failure, Activation grain);

    [LoggerMessage(9003, LogLevel.Error, "A timer of {Grain} failed")]
    internal static partial void TimerFailed(ILogger log, Exception failure, Activation grain);

    [LoggerMessage(9004, LogLevel.Error, "A turn of {Grain} threw and nobody awaits it")]
    internal static partial void TurnFailed(ILogger log, Exception failure, Activation grain);

    [LoggerMessage(9005, LogLevel.Warning, "Stopped with {Count} activations left after {Time}")]
    internal static partial void StoppedLate(ILogger log, int count, TimeSpan time);

    [LoggerMessage(9006, LogLevel.Warning, "{Subscriber} is too slow for {Stream}: it loses the oldest items")]
    internal static partial void StreamItemsLost(ILogger log, StreamSubscription stream, string subscriber);

    [LoggerMessage(9007, LogLevel.Warning, "{Grain} has no handler for its subscription to {Stream}: an item is dropped")]
    internal static partial void StreamItemUnhandled(ILogger log, StreamSubscription stream, Activation grain);

    [LoggerMessage(9008, LogLevel.Error, "{Subscriber} failed on an item of {Stream}")]
    internal static partial void StreamHandlerFailed(ILogger log, Exception failure, StreamSubscription stream, Activation subscriber);

    [LoggerMessage(9009, LogLevel.Debug, "One-way call {Call} was refused: too many messages wait, or too many grains are active")]
    internal static partial void OneWayRefused(ILogger log, Request call);
}
