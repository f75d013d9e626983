using Microsoft.Extensions.Hosting;

namespace Telephony.Runtime;

/// <summary>Starts and stops the runtime with the host. Register what calls grains after it: it is then stopped before.</summary>
internal sealed class RuntimeService(LocalRuntime runtime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        runtime.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => runtime.StopAsync(cancellationToken);
}
