using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Telephony.Events;
using Telephony.Grains.Signalling;
using Telephony.Grains.Tenants;

namespace Telephony.Grains.Calls;

/// <summary>Tells every call of a media node that is lost, so that it moves to another one. See <see cref="MediaMoves"/>.</summary>
internal sealed class MediaLoss(IMediaNodes nodes, IJournal journal, IGrainFactory grains, ILogger<MediaLoss> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        nodes.Lost += OnLost;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        nodes.Lost -= OnLost;
        return Task.CompletedTask;
    }

    private void OnLost(LostMediaNode lost) => _ = Tell(lost.Id);

    private async Task Tell(string node)
    {
        try
        {
            var told = 0;
            await foreach (var state in journal.ReadStates(CallSnapshot.Kind))
            {
                if (state.Data is not { } data || CallSnapshot.Read(data) is not { } snapshot || snapshot.MediaNode != node || !CallId.TryParse(state.Key.Id, out var id)) continue;

                _ = grains.GetGrain<ICallGrain>(Keys.Call(state.Key.Tenant, id)).MediaNodeLost(node);
                told++;
            }

            Log.MediaNodeLost(log, node, told);
        }
#pragma warning disable CA1031 // nobody awaits this
        catch (Exception error)
#pragma warning restore CA1031
        {
            Log.MediaEventsFailed(log, error, node);
        }
    }
}
