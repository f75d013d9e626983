using Microsoft.Extensions.Hosting;
using Telephony.Grains.Signalling;

namespace Telephony.Grains.Calls;

/// <summary>Keeps this silo's media legs alive: without it a node would free them.</summary>
internal sealed class MediaLease(IMediaNodes nodes, CallServices services) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, services.Clock);
        try
        {
            do
            {
                await Task.WhenAll(nodes.All.Select(node => node.Renew(services.Silo, services.Epoch).AsTask()));
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}
