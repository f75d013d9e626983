using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Telephony.Events;
using Telephony.Grains.Tenants;

namespace Telephony.Grains.Calls;

/// <summary>At start, before anything new comes in: every call that the journal knows as live is taken up again, or ended properly. See <see cref="ICallGrain.Recover"/>.</summary>
internal sealed class CallRecovery(IJournal journal, IGrainFactory grains, ILogger<CallRecovery> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var (recovered, goOn) = (0, 0);
        await foreach (var state in journal.ReadStates(CallSnapshot.Kind).WithCancellation(cancellationToken))
        {
            if (!CallId.TryParse(state.Key.Id, out var id)) continue;

            recovered++;
            try
            {
                if (await grains.GetGrain<ICallGrain>(Keys.Call(state.Key.Tenant, id)).Recover()) goOn++;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Log.CallNotRecovered(log, error, id); // the others all the same
            }
        }

        if (recovered > 0) Log.CallsRecovered(log, recovered, goOn);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
