using Microsoft.Extensions.Hosting;
using Telephony.Configuration;
using Telephony.Grains.Tenants;

namespace Telephony.Grains.Directory;

/// <summary>Tells a tenant's directory when its configuration changed.</summary>
internal sealed class DirectoryRefresh(IConfigurationReader configuration, IGrainFactory grains) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        configuration.Changed += OnChanged;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        configuration.Changed -= OnChanged;
        return Task.CompletedTask;
    }

    private void OnChanged(ConfigurationChanged change) => _ = grains.GetGrain<IDirectoryGrain>(Keys.Directory(change.Tenant)).ConfigurationChanged();
}
