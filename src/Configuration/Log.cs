using Microsoft.Extensions.Logging;

namespace Telephony.Configuration;

internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Information, "Applied {Name} to the configuration's schema")]
    public static partial void AppliedSql(ILogger log, string name);

    [LoggerMessage(7002, LogLevel.Warning, "Cannot read the configuration from PostgreSQL; what is known keeps answering: {Reason}")]
    public static partial void ReadFailed(ILogger log, string reason);

    [LoggerMessage(7003, LogLevel.Information, "{Actor} added tenant {Tenant} with domain {Domain}")]
    public static partial void TenantAdded(ILogger log, string actor, string tenant, string domain);

    [LoggerMessage(7004, LogLevel.Information, "{Actor} imported {Count} extensions into tenant {Tenant}")]
    public static partial void Imported(ILogger log, string actor, int count, string tenant);

    [LoggerMessage(7005, LogLevel.Information, "{Actor} issued API key {Prefix} ({Name})")]
    public static partial void ApiKeyIssued(ILogger log, string actor, string prefix, string name);

    [LoggerMessage(7006, LogLevel.Error, "A handler of the configuration's changes failed")]
    public static partial void HandlerFailed(ILogger log, Exception exception);

    [LoggerMessage(7007, LogLevel.Information, "Created the demo tenant; its passwords are in {Path}")]
    public static partial void DemoCreated(ILogger log, string path);
}
