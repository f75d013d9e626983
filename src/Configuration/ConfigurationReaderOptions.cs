namespace Telephony.Configuration;

/// <summary>Section <c>Telephony:Configuration</c>.</summary>
public sealed class ConfigurationReaderOptions
{
    /// <summary>How many extensions and devices are kept in memory; above it, the tenants that were asked for longest ago go. About 1 KiB each.</summary>
    public int CachedEntries { get; set; } = 1_000_000;
}
