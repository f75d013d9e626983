namespace Telephony.Configuration.Tests;

/// <summary>One host for the tests of a class that leave nothing in each other's way.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    public ConfigurationHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await ConfigurationHost.Start();

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
