using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Telephony.Events;

/// <summary>Unhealthy when calls are about to be refused or the disk fails; degraded while PostgreSQL takes nothing.</summary>
internal sealed class JournalHealth(Journal journal, JournalShipper shipper, IOptions<JournalOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var percent = 100 * journal.Bytes / options.Value.MaxBytes;
        return Task.FromResult(journal.Trouble is { } trouble ? HealthCheckResult.Unhealthy($"The journal cannot be written: {trouble}")
            : percent >= 80 ? HealthCheckResult.Unhealthy($"The journal is {percent} % full.")
            : shipper.FailingSince is { } since ? HealthCheckResult.Degraded($"PostgreSQL takes no events since {since:u}; the journal is {percent} % full.")
            : HealthCheckResult.Healthy($"The journal is {percent} % full."));
    }
}

internal sealed class ProjectionHealth(ProjectionRunner runner) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(runner.Failing is { Count: > 0 } failing
            ? HealthCheckResult.Unhealthy(string.Join("; ", failing.Select(f => $"{f.Key}: {f.Value}")))
            : HealthCheckResult.Healthy());
}
