using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Telephony.Grains.Signalling;
using Telephony.Media;

namespace Telephony.Grains.Calls;

/// <summary>Takes what the media nodes notice to the calls that it concerns: one reader a node, which waits at the node for something to happen.</summary>
internal sealed class MediaEvents(IMediaNodes nodes, IGrainFactory grains, CallServices services, ILogger<MediaEvents> log) : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(nodes.All.Select(node => Read(node, stoppingToken)));

    private async Task Read(IMediaNode node, CancellationToken stoppingToken)
    {
        await Task.Yield();
        var (from, boot) = (0L, "");
        while (!stoppingToken.IsCancellationRequested)
        {
            var asked = services.Clock.GetTimestamp();
            try
            {
                var state = await node.GetState();
                if (state.Boot.Length > 0 && state.Boot != boot) (from, boot) = (0, state.Boot); // it counts anew

                var events = await node.ReadEvents(services.Silo, from, AtOnce, Wait).AsTask().WaitAsync(stoppingToken);
                foreach (var noticed in events) Tell(node, noticed);
                if (!events.IsEmpty) from = events[^1].Number + 1;
                else if (services.Clock.GetElapsedTime(asked) < Pause) await Task.Delay(Pause, services.Clock, stoppingToken); // it is away, and says so at once
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
#pragma warning disable CA1031 // whatever a node answers: the next events are read all the same
            catch (Exception error)
#pragma warning restore CA1031
            {
                Log.MediaEventsFailed(log, error, node.Id);
                await Task.Delay(Pause, services.Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Tell(IMediaNode node, MediaEvent noticed)
    {
        if (noticed.Kind is MediaEventKind.RemoteLatched) Log.RemoteLatched(log, noticed.Leg);
        else if (LegAddress.TryParseOwner(noticed.Leg, out var leg)) _ = grains.GetGrain<ICallGrain>(leg.CallKey).MediaNoticed(node.Id, leg.Leg, noticed);
    }
}
