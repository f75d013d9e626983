using Xunit;

namespace Telephony.Testing;

/// <summary>One real server for the tests of a collection, on the shared PostgreSQL and an Azurite. Each test makes tenants of its own.</summary>
public sealed class ServerFixture : IAsyncLifetime, IDisposable
{
    private readonly AzuriteFixture _azurite = new();
    private Server? _server;

    public Server Server => _server ?? throw new InvalidOperationException("It is started by xunit.");

    /// <summary>For servers that a test starts itself.</summary>
    public string Blobs => _azurite.ConnectionString;

    public async Task InitializeAsync()
    {
        await _azurite.InitializeAsync();
        _server = await Server.Start(await PostgresFixture.NewDatabase(), Blobs);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    public void Dispose() => _azurite.Dispose();
}
