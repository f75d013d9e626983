using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Telephony.Events;
using Telephony.Grains.Tenants;

namespace Telephony.Grains.Calls;

/// <summary>At start, before anything new comes in: every call that the journal knows as live is ended properly. See <see cref="ICallGrain.Recover"/>.</summary>
internal sealed class CallRecovery(IJournal journal, IGrainFactory grains, ILogger<CallRecovery> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var recovered = 0;
        await foreach (var state in journal.ReadStates(CallSnapshot.Kind).WithCancellation(cancellationToken))
        {
            if (!CallId.TryParse(state.Key.Id, out var id)) continue;

            await grains.GetGrain<ICallGrain>(Keys.Call(state.Key.Tenant, id)).Recover();
            recovered++;
        }

        if (recovered > 0) Log.CallsRecovered(log, recovered);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
