using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Telephony.Media;

/// <summary>Makes the node when the host starts and no others are named, so that whatever is wrong with it stops the start; the container disposes it when all others have stopped.</summary>
internal sealed class MediaService(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<IOptions<MediaOptions>>().Value.Nodes.Length == 0) services.GetRequiredService<MediaNode>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
