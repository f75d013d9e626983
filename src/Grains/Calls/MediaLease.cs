using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Telephony.Grains.Signalling;
using Telephony.Media;

namespace Telephony.Grains.Calls;

/// <summary>Keeps this silo's media legs alive: without it a node would free them.</summary>
internal sealed class MediaLease(IMediaNodes nodes, CallServices services, ILogger<MediaLease> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, services.Clock);
        try
        {
            do
            {
                await Task.WhenAll(nodes.All.Select(Renew));
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task Renew(IMediaNode node)
    {
        try
        {
            await node.Renew(services.Silo, services.Epoch);
        }
        catch (Exception error) when (error is not OperationCanceledException) // the other nodes' all the same, and this one's the next time
        {
            Log.LeaseNotRenewed(log, error, node.Id);
        }
    }
}
