using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Telephony.Media;

public static class MediaServiceCollectionExtensions
{
    /// <summary>Registers a media node of this process as <see cref="IMediaNode"/>, from section <c>Telephony:Media</c>. It starts with the host.</summary>
    public static IServiceCollection AddMedia(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddMetrics();
        services.AddOptions<MediaOptions>().BindConfiguration("Telephony:Media").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MediaOptions>, MediaOptionsValidator>());
        services.TryAddSingleton(provider => new MediaNode(
            provider.GetRequiredService<IOptions<MediaOptions>>().Value, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MediaNode>>(), provider.GetRequiredService<IMeterFactory>()));
        services.TryAddSingleton<IMediaNode>(provider => provider.GetRequiredService<MediaNode>());
        services.AddHostedService<MediaService>();
        return services;
    }
}
