using Microsoft.Extensions.Diagnostics.HealthChecks;
using Telephony.Blobs;

namespace Telephony.Api.Health;

/// <summary>The blob service answers, and takes our key.</summary>
internal sealed class BlobsHealth(IBlobStore blobs) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await blobs.CheckAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
