using System.Diagnostics.Metrics;
using System.Runtime.Versioning;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telephony.Media.Recording;
using Telephony.Media.Remote;
using Telephony.Media.Sounds;

namespace Telephony.Media;

public static class MediaServiceCollectionExtensions
{
    /// <summary>Registers a media node of this process as <see cref="IMediaNode"/>, from section <c>Telephony:Media</c>. It starts with the host.</summary>
    public static IServiceCollection AddMedia(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddMetrics();
        services.AddOptions<MediaOptions>().BindConfiguration("Telephony:Media").ValidateOnStart().PostConfigure<IConfiguration>((options, configuration) =>
        {
            if (options.Recording.Folder.Length == 0) options.Recording.Folder = Path.Combine(configuration["Telephony:Data"] ?? ".data", "recordings", options.Id);
        });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MediaOptions>, MediaOptionsValidator>());
        services.TryAddSingleton(provider => new MediaNode(
            provider.GetRequiredService<IOptions<MediaOptions>>().Value, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MediaNode>>(), provider.GetRequiredService<IMeterFactory>(), provider.GetService<IAudioFiles>(), provider.GetService<IRecordingStore>()));
        services.TryAddSingleton<IMediaNode>(provider => provider.GetRequiredService<MediaNode>());
        services.AddHostedService<MediaService>();
        return services;
    }

    /// <summary>Lets other processes of this user drive the node of <see cref="AddMedia"/>, over the Unix socket <see cref="MediaOptions.Socket"/>.</summary>
    [SupportedOSPlatform("linux")]
    public static IServiceCollection AddMediaServer(this IServiceCollection services)
    {
        services.AddOptions<MediaOptions>().PostConfigure<IConfiguration>((options, configuration) =>
        {
            options.Nodes = ""; // it is one
            if (options.Socket.Length == 0) options.Socket = Path.Combine(configuration["Telephony:Data"] ?? ".data", $"media-{options.Id}.sock");
        });
        services.AddHostedService(provider =>
        {
            var node = provider.GetRequiredService<MediaNode>();
            return new MediaNodeServer(
                node, node.Boot, provider.GetRequiredService<IOptions<MediaOptions>>().Value.Socket, provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<MediaNodeServer>>());
        });
        return services;
    }
}
