using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Telephony.Configuration.Tests;

/// <summary>A silo's configuration, on a database and a data folder.</summary>
public sealed class ConfigurationHost : IAsyncDisposable
{
    private readonly IHost _host;

    private readonly bool _ownsData;

    private ConfigurationHost(IHost host, string data, bool ownsData) => (_host, Data, _ownsData) = (host, data, ownsData);

    public string Data { get; }
    public IServiceProvider Services => _host.Services;
    public ConfigurationReader Reader => _host.Services.GetRequiredService<ConfigurationReader>();
    public ConfigurationWriter Writer => _host.Services.GetRequiredService<ConfigurationWriter>();
    public Accounts Accounts => _host.Services.GetRequiredService<Accounts>();
    public ApiKeys ApiKeys => _host.Services.GetRequiredService<ApiKeys>();
    public DemoTenant Demo => _host.Services.GetRequiredService<DemoTenant>();
    public NpgsqlDataSource Postgres => _host.Services.GetRequiredService<NpgsqlDataSource>();

    public static async Task<ConfigurationHost> Start(string? connectionString = null, string? data = null, TimeProvider? clock = null, string cachedEntries = "1000000")
    {
        var ownsData = data is null;
        data ??= Directory.CreateTempSubdirectory("telephony-tests-").FullName;
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Postgres"] = connectionString ?? await Testing.PostgresFixture.NewDatabase(),
            ["Telephony:Data"] = data,
            ["Telephony:Configuration:CachedEntries"] = cachedEntries,
        });
        builder.Logging.ClearProviders();
        if (clock is not null) builder.Services.AddSingleton(clock);
        builder.Services.AddConfiguration();
        var host = builder.Build();
        await host.StartAsync();
        return new ConfigurationHost(host, data, ownsData);
    }

    /// <param name="domain">Null: one that nobody has.</param>
    public async Task<string> AddTenant(string? domain = null) =>
        (await Writer.AddTenant(domain ?? $"{Guid.NewGuid():n}.example", null, "test")).Tenant?.Id ?? throw new InvalidOperationException("not added");

    /// <summary>Imports rows below the header.</summary>
    public Task<ImportResult> Import(string tenant, params string[] rows) => ImportText(tenant, $"{Header}\n{string.Join('\n', rows)}\n");

    public Task<ImportResult> ImportText(string tenant, string csv) => ImportBytes(tenant, System.Text.Encoding.UTF8.GetBytes(csv));

    public async Task<ImportResult> ImportBytes(string tenant, byte[] csv)
    {
        await using var stream = new MemoryStream(csv);
        return await Writer.ImportExtensions(tenant, stream, "test");
    }

    public async Task<object?> Sql(string sql)
    {
        await using var command = Postgres.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public const string Header = "extension,display_name,department,email,sip_password,web_password,role";

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        if (_ownsData) Directory.Delete(Data, recursive: true);
    }
}
