using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Telephony.Runtime;

/// <summary>Adds the actor runtime.</summary>
public static class LocalRuntimeServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IGrainFactory"/>, <see cref="IClusterClient"/> and the hosted service that starts and stops them. Grains that have state need an
    /// <see cref="Storage.IGrainStorage"/>.
    /// </summary>
    public static IServiceCollection AddLocalRuntime(this IServiceCollection services, Action<LocalRuntimeOptions> configure)
    {
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<LocalRuntimeOptions>().Configure(configure)
            .Validate(o => o.IdleScan > TimeSpan.Zero && o.IdleTime > TimeSpan.Zero, "IdleTime and IdleScan must be positive")
            .Validate(o => o.MaxQueuedMessages > 0 && o.MaxActivations > 0 && o.MaxQueuedStreamItems > 0, "MaxQueuedMessages, MaxActivations and MaxQueuedStreamItems must be positive")
            .Validate(o => o.ResponseTimeout > TimeSpan.Zero || o.ResponseTimeout == Timeout.InfiniteTimeSpan, "ResponseTimeout must be positive");
        services.TryAddSingleton<LocalRuntime>();
        services.TryAddSingleton<IGrainFactory>(s => s.GetRequiredService<LocalRuntime>());
        services.TryAddSingleton<IClusterClient>(s => s.GetRequiredService<LocalRuntime>());
        services.AddHostedService<RuntimeService>();
        return services;
    }
}
