using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Telephony.Grains.Signalling;
using Telephony.Media;

namespace Telephony.Api.Health;

/// <summary>The media nodes answer. Degraded while some are away, unhealthy when all are. Healthy where none is part of the process.</summary>
internal sealed class MediaHealth(IServiceProvider services) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (services.GetService<IMediaNodes>() is not { } nodes || !services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IMediaNode))) return HealthCheckResult.Healthy("Not in this process.");

        var states = await Task.WhenAll(nodes.All.Select(async node => (node.Id, State: await node.GetState().AsTask().WaitAsync(cancellationToken))));
        var detail = string.Join("; ", states.Select(n => n.State.Boot.Length == 0 ? $"{n.Id} is away" : $"{n.Id} is there"));
        return states.All(n => n.State.Boot.Length == 0) ? HealthCheckResult.Unhealthy(detail)
            : states.Any(n => n.State.Boot.Length == 0) ? HealthCheckResult.Degraded(detail)
            : HealthCheckResult.Healthy(detail);
    }
}
