using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Telephony.Testing;

namespace Telephony.Events.Tests;

[EventType("test_opened")]
public sealed record Opened(string Name, DateTimeOffset At);

[EventType("test_counted")]
public sealed record Counted(int Number, DayOfWeek? Day = null);

/// <summary>A host with AddEvents on a database and a folder of its own; several may follow each other on the same.</summary>
internal sealed class EventsHost : IAsyncDisposable
{
    private readonly IHost _host;

    private EventsHost(IHost host) => _host = host;

    public Journal Journal => _host.Services.GetRequiredService<Journal>();
    public IEventStore Store => _host.Services.GetRequiredService<IEventStore>();
    public ProjectionRunner Projections => _host.Services.GetRequiredService<ProjectionRunner>();
    public EventsDatabase Database => _host.Services.GetRequiredService<EventsDatabase>();
    public JournalShipper Shipper => _host.Services.GetRequiredService<JournalShipper>();
    public IServiceProvider Services => _host.Services;

    public static async Task<EventsHost> Start(
        string postgres, string folder, Action<JournalOptions>? options = null, Action<IServiceCollection>? services = null, bool run = true)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Telephony:Data"] = folder,
            ["ConnectionStrings:Postgres"] = postgres,
            ["Telephony:Journal:ShipInterval"] = "00:00:00.001",
            ["Telephony:Journal:StateInterval"] = "00:00:00.020",
        });
        builder.Services.AddLogging().AddEvents().AddEventTypes(typeof(Opened).Assembly);
        if (options is not null) builder.Services.Configure(options);
        services?.Invoke(builder.Services);
        var host = builder.Build();
        if (run) await host.StartAsync();
        return new(host);
    }

    public static JournalEntry Facts(string tenant, string stream, long version, params ReadOnlySpan<object> events) =>
        new(tenant, stream, version, [.. events], []);

    public static StateRecord State(string tenant, string id, string? data, string kind = "call") =>
        new(new(kind, tenant, id), data is null ? null : (ReadOnlyMemory<byte>?)System.Text.Encoding.UTF8.GetBytes(data));

    public static string? Text(ReadOnlyMemory<byte>? data) => data is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes.Span) : null;

    public static JournalEntry States(params ReadOnlySpan<StateRecord> states) => new("", "", 0, [], [.. states]);

    /// <summary>Waits until everything appended so far is in PostgreSQL.</summary>
    public async Task Shipped()
    {
        var end = Journal.End;
        await Eventually.Is(() => Shipper.EventsShipped >= end && Shipper.StatesShipped >= end, TimeSpan.FromSeconds(30));
    }

    public async Task Execute(string sql)
    {
        await using var connection = await Database.Open(default);
        await connection.Execute(sql, default);
    }

    public async Task<T> Query<T>(string sql)
    {
        await using var connection = await Database.Open(default);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}
