using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NSubstitute;
using Telephony.Blobs;
using Telephony.Configuration;
using Telephony.Events;
using Telephony.Grains.Calls.History;
using Telephony.Grains.Directory;
using Telephony.Grains.Signalling;
using Telephony.Grains.Tenants;
using Telephony.Runtime.Storage;
using Telephony.Testing;

namespace Telephony.Api.Tests;

/// <summary>The API on a port of its own, with the real configuration, events, directory and runtime on a real PostgreSQL. No SIP, no media; calls and blobs are stand-ins.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    public const string Password = "Passw0rd!";

    private WebApplication _app = null!;
    private int _tenants;

    public Uri Address { get; private set; } = null!;
    public string Data { get; } = Directory.CreateTempSubdirectory("telephony-tests-").FullName;
    public string PlatformKey { get; private set; } = "";
    public string Postgres { get; init; } = "";
    public Dictionary<string, string?> Settings { get; } = [];
    public ICallHistory History { get; } = Substitute.For<ICallHistory>();
    public IBlobStore Blobs { get; } = Substitute.For<IBlobStore>();
    public IServiceProvider Services => _app.Services;
    public ConfigurationWriter Writer => Services.GetRequiredService<ConfigurationWriter>();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(Settings)
        {
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:Postgres"] = Postgres.Length > 0 ? Postgres : await PostgresFixture.NewDatabase(),
            ["Telephony:Data"] = Data,
        });
        builder.Logging.ClearProviders();
        builder.Services.AddConfiguration();
        builder.Services.AddEvents();
        builder.Services.AddEventTypes(typeof(IDirectoryGrain).Assembly);
        builder.Services.AddLocalRuntime(options => options.AddAssembly(typeof(IDirectoryGrain).Assembly));
        builder.Services.AddSingleton<IGrainStorage, NoGrainStorage>();
        builder.Services.AddSingleton(History);
        builder.Services.AddSingleton(Blobs);
        builder.Services.AddSingleton(Substitute.For<ISipEdges>());
        builder.Services.AddApi();
        _app = builder.Build();
        _app.MapApi();
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
        PlatformKey = await Services.GetRequiredService<ApiKeys>().Issue(null, "test", [Roles.PlatformAdministrator], "test");
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }

    /// <summary>A tenant of its own for a test: 100 administers it, 101 is a supervisor, 102 a user, 103 may not sign in.</summary>
    public async Task<TestTenant> AddTenant()
    {
        var domain = $"pbx{Interlocked.Increment(ref _tenants)}.example";
        var tenant = (await Writer.AddTenant(domain, null, "test")).Tenant!;
        var csv = $"""
            extension,display_name,department,email,sip_password,web_password,role
            100,Alice,Sales,alice@{domain},secret-100,{Password},tenant_administrator
            101,Bob,Support,,secret-101,{Password},supervisor
            102,Carol,,,secret-102,{Password},user
            103,Dave,,,secret-103,,user
            """;
        await Import(tenant.Id, csv);
        return new TestTenant(this, tenant.Id, domain);
    }

    public async Task Import(string tenant, string csv)
    {
        await using var file = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        Assert.Empty((await Writer.ImportExtensions(tenant, file, "test")).Errors);
    }

    /// <summary>Somebody who has nothing.</summary>
    public HttpClient Nobody() => new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Address };

    public HttpClient Program(string key) => new(new SocketsHttpHandler { UseCookies = false })
    {
        BaseAddress = Address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    public HttpClient Platform() => Program(PlatformKey);

    public IDirectoryGrain DirectoryOf(string tenant) => Services.GetRequiredService<IClusterClient>().GetGrain<IDirectoryGrain>(Keys.Directory(tenant));

    /// <summary>No device has registered.</summary>
    private sealed class NoGrainStorage : IGrainStorage
    {
        public ValueTask<StoredState<T>?> Read<T>(string stateName, string grainKey, CancellationToken cancellationToken) => new((StoredState<T>?)null);

        public ValueTask<string> Write<T>(string stateName, string grainKey, T state, string? etag, CancellationToken cancellationToken) => new("1");

        public ValueTask Clear<T>(string stateName, string grainKey, string? etag, CancellationToken cancellationToken) => default;
    }
}
