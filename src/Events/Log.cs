using Microsoft.Extensions.Logging;

namespace Telephony.Events;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Warning, "Cut off {Bytes} bytes at the end of {Segment}, from {Offset} on: an append that was never acknowledged")]
    public static partial void TornTail(ILogger logger, string segment, long offset, long bytes);

    [LoggerMessage(5002, LogLevel.Error, "Left out {Bytes} damaged bytes of {Segment}, from {Offset} on: what they held is lost")]
    public static partial void Damaged(ILogger logger, string segment, long offset, long bytes);

    [LoggerMessage(5003, LogLevel.Critical, "The journal cannot be written")]
    public static partial void WriteFailed(ILogger logger, Exception e);

    [LoggerMessage(5004, LogLevel.Error, "PostgreSQL knows of more than this journal has ({Stored} > {Begin}): one of the two was restored. Shipping all of the journal again")]
    public static partial void Restored(ILogger logger, long stored, long begin);

    [LoggerMessage(5005, LogLevel.Error, "PostgreSQL does not take what the journal has; trying again every {Pause}")]
    public static partial void ShippingFailed(ILogger logger, Exception e, TimeSpan pause);

    [LoggerMessage(5006, LogLevel.Information, "PostgreSQL takes the journal again")]
    public static partial void ShippingAgain(ILogger logger);

    [LoggerMessage(5007, LogLevel.Error, "Event {Type} {Event}, version {Version} of {Stream} of tenant {Tenant}, was put into events.rejected: {Reason}")]
    public static partial void Rejected(ILogger logger, string type, Guid @event, long version, string stream, string tenant, string reason);

    [LoggerMessage(5008, LogLevel.Error, "The database cannot be prepared; trying again in {Pause}")]
    public static partial void NotReady(ILogger logger, Exception e, TimeSpan pause);

    [LoggerMessage(5009, LogLevel.Information, "Applied {Script} of {Area}")]
    public static partial void Migrated(ILogger logger, string area, string script);

    [LoggerMessage(5010, LogLevel.Error, "Projection {Projection} failed after event {Number}; trying again in {Pause}")]
    public static partial void ProjectionFailed(ILogger logger, Exception e, string projection, long number, TimeSpan pause);

    [LoggerMessage(5011, LogLevel.Information, "Projection {Projection} was made again from {Events} events in {Elapsed}")]
    public static partial void Rebuilt(ILogger logger, string projection, long events, TimeSpan elapsed);

    [LoggerMessage(5012, LogLevel.Error, "What follows a commit of projection {Projection} failed")]
    public static partial void FollowUpFailed(ILogger logger, Exception e, string projection);
}
